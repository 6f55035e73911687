#nullable enable
namespace NvmeGpu;

/// <summary>
/// What tests put in the place of a read's result, because no drive here fails when it is asked to.
/// </summary>
#if !NVMEGPU_PUBLIC
[Microsoft.CodeAnalysis.Embedded]
#endif
delegate Completion CompletionChange(Completion completion);
