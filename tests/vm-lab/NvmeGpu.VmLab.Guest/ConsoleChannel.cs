using System;

namespace NvmeGpu.VmLab.Guest;

/// <summary>For a person in the guest's shell: lines on the console, and no host that acts.</summary>
internal sealed class ConsoleChannel : IGuestChannel
{
    public void Send(string word, string text) => Console.WriteLine($"{word} {text}");

    public void Ask(string action) => throw new GuestFailedException(
        $"needs the host ({action}), which does nothing for a shell; run it with build/vm-lab --test.");
}
