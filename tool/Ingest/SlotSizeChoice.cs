using System;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.Ingest;

/// <summary>How large a slot is when the user does not say, and why.</summary>
internal static class SlotSizeChoice
{
    /// <summary>A pipeline needs some slots: the size shrinks before their number falls below this.</summary>
    private const int SlotCountMin = 4;

    public static (int SizeBytes, string Reason) Choose(
        int askedBytes, int askedCount, long? lockedLimitBytes)
    {
        if (askedBytes > 0)
        {
            return (askedBytes, "as asked");
        }
        int defaultBytes = new IngestOptions().SlotSizeBytes;
        // With a number of slots given, the default size is part of what was asked for: too much of it is
        // refused in words.
        if (askedCount > 0 || lockedLimitBytes is not { } limit || limit / SlotCountMin >= defaultBytes)
        {
            return (defaultBytes, "the default");
        }
        long step = IngestOptions.SlotSizeStepBytes;
        int fitting = (int)Math.Max(step, limit / SlotCountMin / step * step);
        return (fitting,
            $"the default of {ByteSize.Exact(defaultBytes)} would leave too few slots below the limit on "
            + $"locked memory, {limit / 1024} KiB (ulimit -l)");
    }
}
