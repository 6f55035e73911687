#nullable enable
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu;

/// <summary>One feature of the kernel that the ring asked for, and what came of it.</summary>
/// <param name="Name">The kernel's name, for example <c>IORING_SETUP_DEFER_TASKRUN</c>.</param>
/// <param name="IsGranted">The ring has it.</param>
/// <param name="Reason">Why not; empty when granted.</param>
readonly partial record struct IoUringFeature(string Name, bool IsGranted, string Reason);

/// <summary>
/// What was asked of the kernel, what it gave, and why not. A fall-back is always in this list.
/// </summary>
sealed partial class IoUringFeatures
{
    private readonly List<IoUringFeature> _all = [];

    /// <summary>Every feature that was asked for, in the order of asking.</summary>
    public IReadOnlyList<IoUringFeature> All => _all;

    /// <summary>Submission entries that the kernel made.</summary>
    public int SubmissionEntries { get; internal set; }

    /// <summary>Completion entries that the kernel made.</summary>
    public int CompletionEntries { get; internal set; }

    /// <summary>Whether the ring has the feature of that name.</summary>
    public bool Has(string name) => _all.Any(feature => feature.Name == name && feature.IsGranted);

    public override string ToString() => string.Join(", ", _all.Select(feature =>
        feature.IsGranted ? feature.Name : $"{feature.Name}: no ({feature.Reason})"));

    internal void Grant(string name) => _all.Add(new(name, true, ""));

    internal void Refuse(string name, string reason) => _all.Add(new(name, false, reason));
}
