#nullable enable
namespace NvmeGpu;

/// <summary>A piece of a file that lies in one piece on its namespace.</summary>
/// <param name="OffsetBytes">Where in the file, a multiple of the namespace's block.</param>
/// <param name="LengthBytes">A multiple of the block; the last piece may reach beyond the end of the
/// file.</param>
/// <param name="Lba">Its first block, counted from the start of the namespace.</param>
readonly partial record struct FileExtent(long OffsetBytes, long LengthBytes, ulong Lba);
