#nullable enable
using NvmeGpu.Contracts;

internal struct Command
{
    public ulong Address;
    public uint LengthBytes;
}

internal abstract class Device
{
    protected abstract void Post([KernelRetains(Until.Completion)] ref Command command);

    public void Submit(ref Command {|NVG0090:command|}, uint lengthBytes)
    {
        command.LengthBytes = lengthBytes;
        Post(ref command);
    }
}
