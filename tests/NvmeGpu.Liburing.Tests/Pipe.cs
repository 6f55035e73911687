using System;
using System.IO;
using System.IO.Pipes;
using Xunit;

namespace NvmeGpu.LiburingTests;

/// <summary>A pipe: a read that completes when the test says so.</summary>
public sealed class Pipe : IDisposable
{
    private readonly AnonymousPipeServerStream _write = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _read;

    public Pipe() => _read = new AnonymousPipeClientStream(PipeDirection.In, _write.ClientSafePipeHandle);

    public int ReadEnd => (int)_read.SafePipeHandle.DangerousGetHandle();

    public void Write(params byte[] bytes) => _write.Write(bytes);

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }
}
