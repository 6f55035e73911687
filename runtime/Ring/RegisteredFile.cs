#nullable enable
namespace NvmeGpu;

/// <summary>
/// A file in a ring's table of registered files. The kernel holds its own reference, so the handle that it
/// came from may be closed at any time.
/// </summary>
readonly partial record struct RegisteredFile
{
    internal RegisteredFile(IoUring ring, int index, uint generation)
    {
        Ring = ring;
        Index = index;
        Generation = generation;
    }

    /// <summary>The ring whose table the file is in.</summary>
    public IoUring Ring { get; }

    /// <summary>Index in that table.</summary>
    public int Index { get; }

    /// <summary>Tells apart files that had the same index one after the other.</summary>
    internal uint Generation { get; }
}
