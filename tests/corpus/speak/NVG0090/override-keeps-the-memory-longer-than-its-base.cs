#nullable enable
using System;
using NvmeGpu.Contracts;

internal abstract class Sink
{
    public abstract void Write([KernelRetains(Until.Submit)] ReadOnlySpan<byte> data);
}

internal sealed class SlowSink : Sink
{
    public override void Write([{|NVG0090:KernelRetains(Until.Completion)|}] ReadOnlySpan<byte> data) =>
        throw new NotSupportedException();
}
