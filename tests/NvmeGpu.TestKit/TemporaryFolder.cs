using System;
using System.IO;

namespace NvmeGpu.TestKit;

/// <summary>
/// A folder of its own for a test, on a real filesystem (the repository's), removed at the end.
/// </summary>
public sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder()
    {
        Directory.CreateDirectory(FullPath);
    }

    public string FullPath { get; } =
        Repository.PathOf("artifacts", "test-files", Guid.NewGuid().ToString("N"));

    public string PathOf(params string[] parts) => Path.Combine([FullPath, .. parts]);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
