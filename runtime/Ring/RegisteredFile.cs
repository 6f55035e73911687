#nullable enable
namespace NvmeGpu;

/// <summary>
/// A file in a ring's table of registered files. The kernel holds its own reference, so the handle that it
/// came from may be closed at any time.
/// </summary>
readonly partial record struct RegisteredFile
{
    internal RegisteredFile(IoUring ring, int index, uint generation, bool isDirect)
    {
        Ring = ring;
        Index = index;
        Generation = generation;
        IsDirect = isDirect;
    }

    /// <summary>The ring whose table the file is in.</summary>
    public IoUring Ring { get; }

    /// <summary>Index in that table.</summary>
    public int Index { get; }

    /// <summary>
    /// It was opened with O_DIRECT when it was registered: its bytes do not pass through the page cache.
    /// </summary>
    public bool IsDirect { get; }

    /// <summary>Tells apart files that had the same index one after the other.</summary>
    internal uint Generation { get; }
}
