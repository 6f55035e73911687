#nullable enable
// Source mode: the types are internal to the consumer, and hidden from its friends. Project mode:
// Accessibility.Public.cs.
namespace NvmeGpu.Bindings;

[Microsoft.CodeAnalysis.Embedded] internal sealed partial class NativeExpressionAttribute;
[Microsoft.CodeAnalysis.Embedded] internal sealed partial class NativeTypeNameAttribute;
