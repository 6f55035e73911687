#nullable enable
// Project mode: the types are public. Source mode compiles Accessibility.Internal.cs in its place.
namespace NvmeGpu.Bindings;

public sealed partial class NativeExpressionAttribute;
public sealed partial class NativeTypeNameAttribute;
