using System;
using System.IO;
using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.Runtime.Tests;

/// <summary>A pipe: a read of it stays in flight for as long as the test wants.</summary>
internal sealed class TestPipe : IDisposable
{
    private readonly AnonymousPipeServerStream _writeEnd = new(PipeDirection.Out);

    public TestPipe()
    {
        ReadEnd = new SafeFileHandle(_writeEnd.ClientSafePipeHandle.DangerousGetHandle(), ownsHandle: false);
    }

    public SafeFileHandle ReadEnd { get; }

    public void Write(ReadOnlySpan<byte> bytes) => _writeEnd.Write(bytes);

    public void Dispose()
    {
        _writeEnd.DisposeLocalCopyOfClientHandle();
        _writeEnd.Dispose();
    }
}
