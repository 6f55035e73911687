#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal struct Flag
{
    public int Number;
    public bool IsSet;
}

internal abstract unsafe class Channel
{
    protected abstract void Post([KernelRetains(Until.Completion)] ReadOnlySpan<Flag> flags);

    public void PostAll()
    {
        var memory = (Flag*)NativeMemory.AllocZeroed(4, (nuint)sizeof(Flag));
        var flags = new ReadOnlySpan<Flag>(memory, 4);
        Post({|NVG0015:flags|});
    }
}
