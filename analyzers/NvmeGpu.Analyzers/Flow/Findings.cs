using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

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
/// <param name="at">What is reported: of a variable or a parameter its name, else the whole node.</param>
/// <param name="subject">The expression to name in the message.</param>
internal sealed class Finding(
    FindingKind kind, SyntaxNode at, SyntaxNode subject, Flight? flight, MemoryObject memory)
{
    public FindingKind Kind { get; } = kind;

    public Location At => Location.Create(at.SyntaxTree, Span);

    public TextSpan Span => SpanOf(at);

    public SyntaxNode Subject { get; } = subject;

    public Flight? Flight { get; } = flight;

    public MemoryObject Memory { get; } = memory;

    /// <summary>Where the memory was released before.</summary>
    public SyntaxNode? ReleaseSite { get; set; }

    /// <summary>The attribute that a parameter lacks, as it is written.</summary>
    public string? Contract { get; set; }

    public Certainty Certainty { get; set; }

    /// <summary>A `using` declaration is reported at its variable.</summary>
    public static TextSpan SpanOf(SyntaxNode at) => at switch
    {
        VariableDeclaratorSyntax declarator => declarator.Identifier.Span,
        ParameterSyntax parameter => parameter.Identifier.Span,
        _ => at.Span,
    };
}

/// <summary>
/// Collects what is seen at one place on the several ways to it (a finally block is passed on each way out of
/// its try block; a method is left at several returns). Seen on all ways is certain; on some, possible.
/// </summary>
/// <param name="isScout">Only asks whether there is anything to say at all, while the states are still being
/// computed. Most methods are right, and are then not looked at again.</param>
internal sealed class Findings(bool isScout)
{
    private readonly Dictionary<(FindingKind, TextSpan, string?), (Finding? Finding, bool Always)> _all = [];

    public bool IsScout => isScout;

    /// <summary>Something was seen that may have to be said.</summary>
    public bool HasAny { get; private set; }

    /// <summary>What is seen later could not be seen now.</summary>
    public void Doubt() => HasAny = true;

    public void Observe(Finding finding, Certainty certainty)
    {
        HasAny |= certainty != Certainty.No;
        if (isScout)
        {
            return;
        }
        (FindingKind, TextSpan, string?) key = (finding.Kind, finding.Span, finding.Contract);
        bool isKnown = _all.TryGetValue(key, out (Finding? Finding, bool Always) known);
        Finding? best = known.Finding;
        if (certainty != Certainty.No)
        {
            best ??= finding;
            best.Certainty = certainty > best.Certainty ? certainty : best.Certainty;
        }
        _all[key] = (best, certainty == Certainty.Must && (!isKnown || known.Always));
    }

    /// <summary>On one way to this place there is nothing to say.</summary>
    public void ObserveNothing(FindingKind kind, SyntaxNode at)
    {
        if (isScout)
        {
            return;
        }
        (FindingKind, TextSpan, string?) key = (kind, Finding.SpanOf(at), null);
        _all.TryGetValue(key, out (Finding? Finding, bool Always) known);
        _all[key] = (known.Finding, false);
    }

    public IEnumerable<Finding> Result()
    {
        var told = new HashSet<TextSpan>();
        foreach ((Finding? finding, bool isAlways) in _all.Values)
        {
            // A parameter may lack several contracts; they are told one after the other.
            if (finding is not null && (finding.Kind != FindingKind.ContractMissing
                || (isAlways && told.Add(finding.Span))))
            {
                finding.Certainty = isAlways ? Certainty.Must : Certainty.May;
                yield return finding;
            }
        }
    }
}
