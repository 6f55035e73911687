using System;
using System.IO;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>What runs the guests' instructions.</summary>
internal enum Accelerator
{
    /// <summary>QEMU translates them.</summary>
    Tcg,

    /// <summary>The processor itself, by the kernel's KVM.</summary>
    Kvm,
}

/// <summary>Finds out whether KVM is good for anything here.</summary>
internal static class AcceleratorChoice
{
    /// <summary>kvm or tcg: no trial then.</summary>
    public const string Variable = "NVMEGPU_VM_LAB_ACCEL";

    // Emulation boots in 2 to 6 s; what does not beat that is not worth having.
    private static readonly TimeSpan s_trialTime = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Where KVM can be opened, boots a guest with it: a virtual machine's own KVM may accept a guest and
    /// then crawl, or end QEMU. What came out holds until this machine boots again.
    /// </summary>
    public static async Task<Accelerator> ChooseAsync(LabParts parts)
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case "kvm":
                return Accelerator.Kvm;
            case "tcg":
                return Accelerator.Tcg;
            case null or "":
                break;
            case string other:
                throw new LabException($"{Variable} is '{other}'; it can be kvm or tcg.");
        }
        if (!CanOpenKvm())
        {
            return Accelerator.Tcg;
        }
        string known = Path.Join(LabPaths.Artifacts, "accelerator");
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        if (File.Exists(known) && File.ReadAllText(known).Split(' ') is [string seen, string name]
            && seen == boot && Enum.TryParse(name, out Accelerator last))
        {
            return last;
        }
        // The kernel has to be one of those that were fetched.
        var trial = new Scenario("kvm-trial", "does a guest come up") { Kernel = FirstOf(parts), Tests = [] };
        ScenarioResult result =
            await GuestRun.OnceAsync(trial, parts, Accelerator.Kvm, s_trialTime, s_trialTime);
        Accelerator found = result.IsDone ? Accelerator.Kvm : Accelerator.Tcg;
        await File.WriteAllTextAsync(known, $"{boot} {found}");
        return found;
    }

    private static string FirstOf(LabParts parts)
    {
        foreach (string name in parts.Kernels.Keys)
        {
            return name;
        }
        throw new LabException("no kernel was fetched.");
    }

    private static bool CanOpenKvm()
    {
        try
        {
            File.OpenHandle("/dev/kvm", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
