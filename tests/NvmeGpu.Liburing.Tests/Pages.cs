using System;
using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.LiburingTests;

/// <summary>Zeroed pages, unmapped at the end.</summary>
public sealed unsafe class Pages : IDisposable
{
    public Pages(int bytes)
    {
        Bytes = bytes;
        Address = (byte*)Libc.mmap(
            null, (nuint)bytes, Libc.PROT_READ | Libc.PROT_WRITE,
            Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
        Assert.True(Address != Libc.MAP_FAILED);
    }

    public byte* Address { get; }

    public int Bytes { get; }

    public void Dispose() => Libc.munmap(Address, (nuint)Bytes);
}
