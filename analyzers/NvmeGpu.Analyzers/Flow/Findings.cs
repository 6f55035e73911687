using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What a finding is about; each has its rule.</summary>
internal enum FindingKind
{
    PinLeft,
    StackLeft,
    ReleasedInFlight,
    TouchedInFlight,
    UsedAfterRelease,
    ReusedBeforeEvent,
    ContractMissing,
}

/// <summary>One thing to say at one place.</summary>
internal sealed class Finding(
    FindingKind kind, Location at, SyntaxNode subject, Flight? flight, MemoryObject memory)
{
    public FindingKind Kind { get; } = kind;

    public Location At { get; } = at;

    /// <summary>The expression to name in the message.</summary>
    public SyntaxNode Subject { get; } = subject;

    public Flight? Flight { get; } = flight;

    public MemoryObject Memory { get; } = memory;

    /// <summary>Where the memory was released before.</summary>
    public SyntaxNode? ReleaseSite { get; set; }

    /// <summary>The attribute that a parameter lacks, as it is written.</summary>
    public string? Contract { get; set; }

    public Certainty Certainty { get; set; }
}

/// <summary>
/// Collects what is seen at one place on the several ways to it (a finally block is passed on each way out of
/// its try block; a method is left at several returns). Seen on all ways is certain; on some, possible.
/// </summary>
internal sealed class Findings
{
    private readonly Dictionary<(FindingKind, Location, string?), (Finding Finding, bool Always)> _all = [];

    public void Observe(Finding finding, Certainty certainty)
    {
        (FindingKind, Location, string?) key = (finding.Kind, finding.At, finding.Contract);
        bool isAlways = certainty == Certainty.Must;
        if (_all.TryGetValue(key, out (Finding Finding, bool Always) known))
        {
            Finding best = known.Finding.Certainty == Certainty.No ? finding : known.Finding;
            Certainty highest = certainty > known.Finding.Certainty ? certainty : known.Finding.Certainty;
            best.Certainty = highest;
            _all[key] = (best, known.Always && isAlways);
        }
        else
        {
            finding.Certainty = certainty;
            _all.Add(key, (finding, isAlways));
        }
    }

    public IEnumerable<Finding> Result()
    {
        var told = new HashSet<Location>();
        foreach ((Finding finding, bool isAlways) in _all.Values)
        {
            // A parameter may lack several contracts; they are told one after the other.
            bool isSaid = finding.Kind == FindingKind.ContractMissing
                ? isAlways && told.Add(finding.At)
                : finding.Certainty != Certainty.No;
            if (isSaid)
            {
                finding.Certainty = isAlways ? Certainty.Must : Certainty.May;
                yield return finding;
            }
        }
    }
}
