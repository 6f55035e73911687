namespace NvmeGpu.Analyzers.Rings;

/// <summary>
/// What is known of a set of flags: the bits that it has for certain, and those that it may have.
/// </summary>
internal readonly struct FlagBits(uint certain, uint possible)
{
    public static readonly FlagBits Unknown = new(0, uint.MaxValue);

    public uint Certain { get; } = certain;

    public uint Possible { get; } = possible;

    public static FlagBits Exactly(uint bits) => new(bits, bits);

    /// <summary>The bits of both.</summary>
    public static FlagBits operator |(FlagBits left, FlagBits right) =>
        new(left.Certain | right.Certain, left.Possible | right.Possible);

    public static FlagBits operator &(FlagBits left, FlagBits right) =>
        new(left.Certain & right.Certain, left.Possible & right.Possible);

    /// <summary>One of the two, nobody knows which.</summary>
    public FlagBits Or(FlagBits other) => new(Certain & other.Certain, Possible | other.Possible);
}
