using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>The probe without any permission: the test program starts itself again as user 65534.</summary>
public class UnprivilegedTests
{
    private const string FolderVariable = "NVMEGPU_TEST_PROBE_FOLDER";

    [Fact]
    public async Task The_probe_needs_no_permission_and_what_the_user_may_not_do_is_an_outcome()
    {
        RingRequirement.Met();
        Requirement.Hardware(
            Environment.IsPrivilegedProcess, "Only root can start a process as another user.");
        Requirement.Hardware(File.Exists("/usr/bin/setpriv"), "setpriv (util-linux) is not there.");
        using var folder = new TemporaryFolder();
        _ = TestFile.Create(folder, "open", 1 << 20);
        string closed = TestFile.Create(folder, "closed", 1 << 20);
        Assert.Equal(0, System.Diagnostics.Process.Start("chmod", ["400", closed]).WaitedExitCode());

        ChildResult child = await ChildProcess.RunAsync(
            "setpriv",
            [
                "--reuid=65534", "--regid=65534", "--clear-groups",
                Path.Combine(AppContext.BaseDirectory, "NvmeGpu.Runtime.Tests"), "-noColor", "-explicit",
                "only", "-method", "*" + nameof(In_the_child),
            ],
            environment: new Dictionary<string, string?>
            {
                [FolderVariable] = folder.FullPath,
                ["HOME"] = "/tmp"
            },
            timeoutSeconds: 100);

        Assert.True(child.ExitCode == 0 && child.Output.Contains("Total: 1,"), child.All);
    }

    [Fact(Explicit = true)]
    public void In_the_child()
    {
        Assert.False(Environment.IsPrivilegedProcess);
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;

        GpuDirectCapability open = GpuDirectCapability.Probe(Path.Combine(folder, "open"));
        Assert.True(open.For(NativeReadPath.RegisteredMappedRead).IsProven, open.ToString());
        CapabilityOutcome memory = MemoryLimits.LockedBytes is null or > 65L << 20
            ? CapabilityOutcome.Ok
            : CapabilityOutcome.NoPermission;
        Assert.True(open.Find("memlock").Outcome == memory, open.ToString());

        GpuDirectCapability closed = GpuDirectCapability.Probe(Path.Combine(folder, "closed"));
        Assert.Equal(CapabilityOutcome.NoPermission, closed.Find("o_direct").Outcome);
        Assert.Equal(CapabilityOutcome.NoPermission, closed.Find("trial_read").Outcome);
        Assert.False(closed.For(NativeReadPath.RegisteredMappedRead).IsAvailable);
        Assert.Equal("trial_read", closed.For(NativeReadPath.RegisteredMappedRead).FirstMissing!.Id);

        foreach (CapabilityCheck check in open.Checks.Concat(closed.Checks))
        {
            Assert.NotEqual("", check.Detail);
        }
    }
}
