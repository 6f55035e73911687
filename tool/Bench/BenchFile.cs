using System;
using System.IO;

namespace NvmeGpu.Tool.Bench;

/// <summary>
/// The file that both read: real blocks, no holes, all of it in the page cache. Removed at the end.
/// </summary>
internal sealed class BenchFile : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    public BenchFile(string folder, long lengthBytes)
    {
        FullPath = Path.GetFullPath(Path.Join(folder, $"nvmegpu-bench-{Environment.ProcessId}.dat"));
        LengthBytes = lengthBytes;
        byte[] chunk = new byte[ChunkBytes];
        new Random(1).NextBytes(chunk);
        try
        {
            using FileStream file =
                new(FullPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (long written = 0; written < lengthBytes; written += chunk.Length)
            {
                file.Write(chunk, 0, (int)Math.Min(chunk.Length, lengthBytes - written));
            }
            file.Flush(flushToDisk: true); // or the kernel writes it back while we measure
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new ToolException(
                ExitCode.Refused,
                $"the file to read cannot be made: {e.Message} Choose another folder (--folder) or size "
                + "(--size).", e);
        }
        ReadIntoCache(chunk);
    }

    public string FullPath { get; }

    public long LengthBytes { get; }

    public void Dispose() => File.Delete(FullPath);

    private void ReadIntoCache(byte[] chunk)
    {
        using FileStream file = new(FullPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (file.Read(chunk) > 0)
        {
        }
    }
}
