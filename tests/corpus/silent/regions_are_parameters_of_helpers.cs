#nullable enable
using NvmeGpu;

/// <summary>A region is a value: helpers take it by value and by `in`, and the frame may end.</summary>
public sealed class RegionHelpers(IoUring ring, RegisteredFile file)
{
    public ReadToken ByValue(RegisteredRegion region, long offset) => ring.Read(region, file, offset);

    public ReadToken ByReference(in RegisteredRegion region, long offset) => ring.Read(region, file, offset);

    public ReadToken OfLocal(RegisteredMemory memory, long offset)
    {
        RegisteredRegion region = memory.Region(0, 4096);
        RegisteredRegion part = region.Slice(512, 512);
        return ring.Read(part, file, offset);
    }

    public ReadToken[] Several(RegisteredMemory memory, int count)
    {
        var tokens = new ReadToken[count];
        for (int i = 0; i < count; i++)
        {
            RegisteredRegion region = memory.Region(i * 4096L, 4096);
            tokens[i] = ring.Read(in region, file, i * 4096L);
        }
        return tokens;
    }
}
