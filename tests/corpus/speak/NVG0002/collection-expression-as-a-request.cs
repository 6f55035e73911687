#nullable enable
using System;
using NvmeGpu.Contracts;

internal abstract class Connection
{
    protected abstract void Send([KernelRetains(Until.Completion)] Span<byte> data);

    public void Greet(byte version, byte flags)
    {
        Span<byte> request = [version, flags, 0, 0];
        Send({|NVG0002:request|});
    }
}
