namespace NvmeGpu.BindingsOnDemand.Emitting;

/// <summary>A file that is added to the compilation.</summary>
/// <param name="Name">Its name there, which no other has.</param>
internal sealed record GeneratedFile(string Name, string Text);
