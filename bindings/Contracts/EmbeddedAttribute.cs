#nullable enable
namespace Microsoft.CodeAnalysis;

// The compiler hides a type that carries this attribute from every other assembly, also from those that are
// friends by InternalsVisibleTo: two assemblies that both compile these sources do not see each other's copy
// (CS0436). `partial`, because a source generator of the consumer may declare it as well, in just this form.
#if !NVMEGPU_PUBLIC
[Embedded]
internal sealed partial class EmbeddedAttribute : global::System.Attribute;
#endif
