using System;

namespace NvmeGpu.VmLab.Guest;

/// <summary>For a person in the guest's shell: lines on the console, and no host that acts.</summary>
internal sealed class ConsoleChannel : IGuestChannel
{
    public void Send(string word, string text) => Console.WriteLine($"{word} {text}");

    public void Ask(string action)
    {
        // Without a trace a test claims less; without anything else it would claim something wrong.
        if (!action.StartsWith("trace ", StringComparison.Ordinal))
        {
            throw new GuestSkippedException(
                $"needs the host ({action}), which does nothing for a shell: use build/vm-lab --test.");
        }
    }
}
