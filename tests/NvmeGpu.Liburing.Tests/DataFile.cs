using System;
using System.IO;
using NvmeGpu.TestKit;

namespace NvmeGpu.LiburingTests;

/// <summary>A file with these characters, and its descriptor.</summary>
public sealed class DataFile : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileStream _file;

    public DataFile(string text)
    {
        Path = _folder.PathOf("data");
        File.WriteAllText(Path, text);
        _file = File.OpenRead(Path);
    }

    public string Path { get; }

    public int Descriptor => (int)_file.SafeFileHandle.DangerousGetHandle();

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }
}
