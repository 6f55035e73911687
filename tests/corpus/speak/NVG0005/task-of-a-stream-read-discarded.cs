#nullable enable
using System.Threading.Tasks;
using NvmeGpu;

internal sealed class Discarder(UringStream stream)
{
    public async Task RunAsync(RegisteredRegion region, RegisteredFile file)
    {
        _ = {|NVG0005:stream.ReadAsync(region, file, 0)|};
        await Task.Yield();
    }
}
