using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>A lab that is ready: its parts are there and its accelerator is chosen.</summary>
internal sealed class Lab : IDisposable
{
    /// <summary>
    /// An emulated guest takes a core of its own, and developers' machines have two and more.
    /// </summary>
    private const int GuestsAtOnceMax = 2;

    private readonly SemaphoreSlim _places = new(GuestsAtOnceMax);
    private readonly Accelerator _accelerator;

    private Lab(LabParts parts, Accelerator accelerator)
    {
        Parts = parts;
        _accelerator = accelerator;
    }

    public LabParts Parts { get; }

    /// <summary>Makes everything ready, and finds out whether KVM helps.</summary>
    /// <exception cref="LabException">No guest can be booted here; the message says why.</exception>
    public static async Task<Lab> PrepareAsync(
        IEnumerable<Scenario> scenarios, bool withShell, Action<string> progress)
    {
        RequireProgram(QemuCommand.Program, "install qemu-system-x86");
        RequireProgram("setpriv", "install util-linux");
        if (scenarios.Any(scenario => scenario.HasFilesystem))
        {
            Ext4Image.Prepare();
        }
        foreach (FilesystemDrive drive in scenarios.SelectMany(scenario => scenario.Filesystems).Distinct())
        {
            drive.Prepare();
        }
        LabParts parts = await LabParts.PrepareAsync(scenarios, withShell, progress);
        Accelerator accelerator = await AcceleratorChoice.ChooseAsync(parts);
        progress(accelerator == Accelerator.Kvm
            ? "KVM works here"
            : "guests are emulated (no KVM that works)");
        return new Lab(parts, accelerator);
    }

    public Accelerator AcceleratorOf(Scenario scenario) =>
        scenario.IsEmulated ? Accelerator.Tcg : _accelerator;

    /// <summary>Runs one guest as soon as there is a place for it.</summary>
    public async Task<ScenarioResult> RunAsync(Scenario scenario)
    {
        await _places.WaitAsync();
        try
        {
            return await GuestRun.RunAsync(scenario, Parts, AcceleratorOf(scenario));
        }
        finally
        {
            _ = _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private static void RequireProgram(string program, string remedy)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, ["--version"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            _ = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            throw new LabException($"there is no {program} on this machine; {remedy}.");
        }
    }
}
