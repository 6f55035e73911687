namespace NvmeGpu.VmLab.Guest;

/// <summary>How fast a number of reads was.</summary>
/// <param name="Reads">How many.</param>
/// <param name="Nanoseconds">From the first to the last.</param>
/// <param name="Enters">Calls of io_uring_enter.</param>
/// <param name="Sum">Of the first word of every read: the same reads have the same.</param>
internal sealed record SpeedRun(int Reads, long Nanoseconds, long Enters, ulong Sum)
{
    public const int BlocksPerRead = 8;

    public const int Depth = 32;

    public const int Batch = 8;

    public double ReadsPerSecond => Reads * 1e9 / Nanoseconds;
}
