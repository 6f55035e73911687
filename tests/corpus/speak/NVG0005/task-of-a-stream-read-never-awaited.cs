#nullable enable
using System.Threading.Tasks;
using NvmeGpu;

internal sealed class Forgetful(UringStream stream)
{
    public async Task RunAsync(RegisteredRegion region, RegisteredFile file)
    {
        ValueTask<int> read = {|NVG0005:stream.ReadAsync(region, file, 0)|};
        await Task.Delay(10);
    }
}
