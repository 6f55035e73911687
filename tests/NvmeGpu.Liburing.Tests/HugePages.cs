using System;
using System.IO;
using System.Threading;

namespace NvmeGpu.LiburingTests;

/// <summary>
/// So many huge pages of 2 MiB more than are set aside, given back at the end: only root may, and memory may
/// be too much in pieces. No two tests of this assembly run at a time.
/// </summary>
public sealed class HugePages : IDisposable
{
    private const string Folder = "/sys/kernel/mm/hugepages/hugepages-2048kB";

    private readonly string? _before;

    public HugePages(int count)
    {
        if (!Directory.Exists(Folder))
        {
            WhyNot = "this kernel has no huge pages of 2 MiB";
            return;
        }
        WaitForThoseInUse();
        if (FreeCount >= count)
        {
            return;
        }
        string before = File.ReadAllText(TotalPath);
        try
        {
            File.WriteAllText(TotalPath, $"{int.Parse(before) + count}\n");
            _before = before;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            WhyNot = $"fewer than {count} free huge pages, and none may be set aside here ({e.Message}); "
                + $"sysctl -w vm.nr_hugepages={count} as root does it";
        }
    }

    public static int FreeCount
    {
        get
        {
            string path = Path.Join(Folder, "free_hugepages");
            return File.Exists(path) ? int.Parse(File.ReadAllText(path)) : 0;
        }
    }

    // The kernel lets its own hold on a ring's pages go a little after the ring's end: a count that is taken,
    // or pages that are given back, before that would be wrong. Somebody else's pages are not waited for.
    private static void WaitForThoseInUse() => SpinWait.SpinUntil(
        () => FreeCount == int.Parse(File.ReadAllText(TotalPath)), 2_000);

    /// <summary>Why there are too few, if there are.</summary>
    public string WhyNot { get; } = "the kernel found no memory that is contiguous enough for huge pages";

    private static string TotalPath => Path.Join(Folder, "nr_hugepages");

    public void Dispose()
    {
        if (_before is not null)
        {
            WaitForThoseInUse();
            File.WriteAllText(TotalPath, _before);
        }
    }
}
