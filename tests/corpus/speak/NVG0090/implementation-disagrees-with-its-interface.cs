#nullable enable
using System;
using NvmeGpu.Contracts;

internal unsafe interface ISource
{
    void Read([KernelRetains(Until.Completion)] void* target, int lengthBytes);
}

internal sealed unsafe class Source : ISource
{
    public void Read([{|NVG0090:KernelRetains(Until.Submit)|}] void* target, int lengthBytes) =>
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
}
