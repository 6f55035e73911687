#nullable enable
using System;
using NvmeGpu.Contracts;

internal abstract class Channel
{
    protected abstract void Post([KernelRetains(Until.Completion)] ReadOnlySpan<byte> message);

    public void Send(ReadOnlySpan<byte> {|NVG0090:message|}) => Post(message);
}
