#nullable enable
using NvmeGpu.Contracts;

internal struct Command
{
    [Aligned(512)]
    public uint LengthBytes;
}

internal static class Commands
{
    public static Command Make()
    {
        Command command = default;
        command.LengthBytes = {|NVG0017:1000|};
        return command;
    }
}
