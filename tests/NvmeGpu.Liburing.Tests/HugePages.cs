using System;
using System.IO;

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

    /// <summary>Why there are too few, if there are.</summary>
    public string WhyNot { get; } = "the kernel found no memory that is contiguous enough for huge pages";

    private static string TotalPath => Path.Join(Folder, "nr_hugepages");

    public void Dispose()
    {
        if (_before is not null)
        {
            File.WriteAllText(TotalPath, _before);
        }
    }
}
