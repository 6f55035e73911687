using System.Threading.Tasks;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>The ingest driver as users have it, on a drive.</summary>
internal static class IngestTests
{
    public static void The_driver_ingests_the_whole_drive_through_the_page_cache(GuestContext context) =>
        IngestAsync(context, isDirect: false).GetAwaiter().GetResult();

    public static void The_driver_ingests_the_whole_drive_with_direct_reads(GuestContext context) =>
        IngestAsync(context, isDirect: true).GetAwaiter().GetResult();

    private static async Task IngestAsync(GuestContext context, bool isDirect)
    {
        NvmeDrive drive = context.Data;
        await using NvmeGpuIngestDriver driver =
            NvmeGpuIngestDriver.Open(new IngestOptions { DirectIo = isDirect });
        long bytes = 0;
        await foreach (IngestedSlot slot in driver.ReadAllAsync(IngestSource.File(drive.BlockPath)))
        {
            Check.Equal(bytes, slot.OffsetBytes, "where a slot begins");
            Check.Pattern(slot.Bytes, slot.OffsetBytes, context.Seed);
            bytes += slot.ByteCount;
        }
        Check.Equal(context.Settings.Get("bytes.A"), $"{bytes}", "bytes of the drive");
        Check.Equal(NativeReadPath.RegisteredMappedRead, driver.ReadPath, "the path");
    }
}
