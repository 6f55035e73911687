using NvmeGpu.BindingsOnDemand.Metadata;

namespace NvmeGpu.BindingsOnDemand.Lists;

/// <summary>An entry of the index that a line lists.</summary>
internal sealed record Root(int Ordinal, Place Place);

/// <summary>What a class of the bindings must have.</summary>
internal sealed record WantedMembers(string Container, EquatableArray<string> Members);

/// <summary>
/// The names that matter to this list: the only ones that are looked for in the compilation.
/// </summary>
internal sealed record Wanted(EquatableArray<string> Types, EquatableArray<WantedMembers> Members)
{
    public static Wanted Nothing { get; } =
        new(EquatableArray<string>.Empty, EquatableArray<WantedMembers>.Empty);

    public bool IsNothing => Types.Count == 0 && Members.Count == 0;
}

/// <summary>What the lines mean.</summary>
/// <param name="Index">Where they were looked for; null as long as nothing is listed.</param>
internal sealed record Resolution(
    BindingsIndex? Index, EquatableArray<Root> Roots, Wanted Wanted, EquatableArray<Finding> Findings)
{
    public static Resolution Nothing { get; } =
        new(null, EquatableArray<Root>.Empty, Wanted.Nothing, EquatableArray<Finding>.Empty);
}
