namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>The integer that a bit-field is read from and written to.</summary>
internal readonly record struct BitUnit(long OffsetBytes, int SizeBytes)
{
    public string FieldName => $"_bits{OffsetBytes}_{SizeBytes}";

    public string Keyword => SizeBytes switch { 1 => "byte", 2 => "ushort", 4 => "uint", _ => "ulong" };

    /// <summary>
    /// The smallest aligned unit within the struct that holds all the bits; null when even 64 bits do not.
    /// </summary>
    public static BitUnit? For(long offsetBits, int widthBits, long endBytes)
    {
        for (int sizeBytes = 1; sizeBytes <= 8; sizeBytes *= 2)
        {
            long start = offsetBits / (sizeBytes * 8) * sizeBytes;
            if (offsetBits + widthBits <= (start + sizeBytes) * 8 && start + sizeBytes <= endBytes)
            {
                return new BitUnit(start, sizeBytes);
            }
        }
        return null;
    }
}
