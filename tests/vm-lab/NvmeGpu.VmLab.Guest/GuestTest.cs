using System;
using System.Diagnostics;

namespace NvmeGpu.VmLab.Guest;

/// <summary>One claim, by its name, and the code that tries it.</summary>
internal sealed record GuestTest(string Name, Action<GuestContext> Body)
{
    /// <summary>Runs it and sends how it ended. True unless it failed.</summary>
    public bool Run(GuestContext context)
    {
        context.Channel.Send(GuestWords.Begin, Name);
        long start = Stopwatch.GetTimestamp();
        (string word, string text) = Try(context);
        long milliseconds = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        context.Channel.Send(word, $"{Name} {milliseconds}{(text.Length > 0 ? " " : "")}{text}");
        return word != GuestWords.Failed;
    }

    private (string Word, string Text) Try(GuestContext context)
    {
        try
        {
            Body(context);
            return (GuestWords.Passed, "");
        }
        catch (GuestSkippedException e)
        {
            return (GuestWords.Skipped, e.Message);
        }
        catch (GuestFailedException e)
        {
            return (GuestWords.Failed, e.Message);
        }
#pragma warning disable CA1031 // a test may fail in any way, and the others are still to be run
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (GuestWords.Failed, e.ToString());
        }
    }
}
