namespace NvmeGpu.Tool.Ingest;

/// <summary>The value of <c>--path</c>.</summary>
/// <param name="Path">By name; null for auto.</param>
internal readonly record struct PathChoice(NativeReadPath? Path);
