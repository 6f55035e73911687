using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>What the kernel counts, as a witness of which way commands have taken.</summary>
internal static class KernelCounts
{
    /// <summary>
    /// Interrupts of a controller's queues for reads and writes, so far. Queue 0 is for admin commands, as
    /// opening a namespace sends them.
    /// </summary>
    /// <param name="controller">For example nvme0.</param>
    public static long InterruptsOfQueues(string controller) =>
        // "24: 123 PCI-MSIX-0000:03:00.0 1-edge nvme0q1": one column per processor, and the guest has one.
        File.ReadLines("/proc/interrupts")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 2
                && words[^1].StartsWith($"{controller}q", StringComparison.Ordinal)
                && words[^1] != $"{controller}q0")
            .Sum(words => long.Parse(words[1], CultureInfo.InvariantCulture));
}
