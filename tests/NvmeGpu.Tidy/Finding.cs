namespace NvmeGpu.Tidy;

/// <summary>One place that is not as the house style wants it, and why, in one sentence.</summary>
public sealed record Finding(string Path, int Line, string Sentence)
{
    public override string ToString() => $"{Path}:{Line}: {Sentence}";
}
