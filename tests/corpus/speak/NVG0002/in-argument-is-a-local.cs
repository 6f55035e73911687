#nullable enable
using NvmeGpu.Contracts;

internal struct Command
{
    public ulong Address;
    public uint LengthBytes;
}

internal abstract class Device
{
    protected abstract void Post([KernelRetains(Until.Completion)] in Command command);

    public void Flush(uint lengthBytes)
    {
        var command = new Command { LengthBytes = lengthBytes };
        Post(in {|NVG0002:command|});
    }
}
