namespace NvmeGpu.BindingsOnDemand.Compiling;

/// <summary>Where a class of the bindings is already.</summary>
internal enum ContainerPlace
{
    /// <summary>Nowhere: it is generated.</summary>
    Nowhere,

    /// <summary>In the compilation's own sources, as a partial class: members can be added to it.</summary>
    Source,

    /// <summary>In a referenced assembly: nothing can be added, and a second one would hide it.</summary>
    Reference,
}

/// <summary>What the compilation has of one class.</summary>
/// <param name="Assembly">The name of the referenced assembly, else empty.</param>
/// <param name="HasConstructor">A part has a primary constructor; a second part may not.</param>
/// <param name="HasAccessibility">A part says what Accessibility.Internal says.</param>
/// <param name="Members">Those of the wanted members that it has, in order.</param>
internal sealed record ContainerFacts(
    string Name,
    ContainerPlace Place,
    string Assembly,
    bool HasConstructor,
    bool HasAccessibility,
    EquatableArray<string> Members)
{
    public static ContainerFacts Nowhere(string name) =>
        new(name, ContainerPlace.Nowhere, "", false, false, EquatableArray<string>.Empty);
}

/// <summary>
/// What the compilation has already of what is wanted: values, so that the step which writes code is not run
/// again as long as they stay the same.
/// </summary>
internal sealed record CompilationFacts(
    EquatableArray<string> Types,
    EquatableArray<ContainerFacts> Containers,
    bool HasEmbedded,
    bool HasNativeAttributes,
    bool HasContracts)
{
    public static CompilationFacts Nothing { get; } =
        new(EquatableArray<string>.Empty, EquatableArray<ContainerFacts>.Empty, false, false, false);

    public ContainerFacts Container(string name)
    {
        foreach (ContainerFacts container in Containers)
        {
            if (container.Name == name)
            {
                return container;
            }
        }
        return ContainerFacts.Nowhere(name);
    }
}
