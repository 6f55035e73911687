using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Teardown;

/// <summary>A release of memory that stands before the closing of a ring on some path.</summary>
internal readonly struct EarlyRelease(SyntaxNode call, ISymbol memory, ISymbol ring, bool mayHaveWaited)
{
    public SyntaxNode Call { get; } = call;

    public ISymbol Memory { get; } = memory;

    public ISymbol Ring { get; } = ring;

    /// <summary>
    /// Completions may have been waited for before: then only registered memory is still the ring's.
    /// </summary>
    public bool MayHaveWaited { get; } = mayHaveWaited;
}

/// <summary>The order of releases and of the closing of rings in one method.</summary>
internal sealed class ReleaseOrder(MemoryRelease releases, LendingReader lending)
{
    private const byte Waited = 1;
    private const byte Unknown = 2;
    private const byte Pending = 1;

    // The one key that stands for the path itself.
    private const string PathKey = "the path itself";

    /// <param name="body">The operation tree of the method.</param>
    /// <param name="graph">Its graph; operations of the two are matched by syntax.</param>
    public IEnumerable<EarlyRelease> Find(IOperation body, ControlFlowGraph graph)
    {
        var events = new Events();
        foreach (IOperation operation in body.Parts())
        {
            Read(operation, events);
        }
        var found = new Dictionary<SyntaxNode, EarlyRelease>();
        foreach (ControlFlowGraph part in events.IsComplete ? FlowGraphs.AllOf(graph) : [])
        {
            // First what may have happened before each release, on any path; then, with that settled, which
            // releases a closing comes after.
            ForwardPass<object>.Run(part, EqualityComparer<object>.Default, (statement, facts) =>
                NotePath(statement, facts, events));
            ForwardPass<object>.Run(part, EqualityComparer<object>.Default, (statement, facts) =>
                FollowReleases(statement, facts, events, found));
        }
        return found.Values;
    }

    private void Read(IOperation operation, Events events)
    {
        if (RingClosing.RingClosedBy(operation) is { } ring)
        {
            events.Closed[operation.Syntax] = ring;
        }
        else if (operation is IInvocationOperation call && releases.ReleasedBy(call) is { } memory)
        {
            events.Released[operation.Syntax] = memory;
        }
        else if (operation is IInvocationOperation own && LendingReader.MayDoAnything(own))
        {
            events.Waits[operation.Syntax] = Unknown;
        }
        else if (IsCall(operation) && lending.MayWaitHere(operation))
        {
            events.Waits[operation.Syntax] = Waited;
        }
    }

    private static void NotePath(IOperation statement, Dictionary<object, byte> facts, Events events)
    {
        foreach (IOperation operation in EvaluationOrder.Of(statement).Where(IsCall))
        {
            facts.TryGetValue(PathKey, out byte path);
            if (events.Waits.TryGetValue(operation.Syntax, out byte wait))
            {
                facts[PathKey] = (byte)(path | wait);
            }
            else if (events.Closed.ContainsKey(operation.Syntax))
            {
                // What is released from here on comes after a closing.
                facts[PathKey] = (byte)(path | Unknown);
            }
            else if (events.Released.ContainsKey(operation.Syntax))
            {
                events.PathsTo.TryGetValue(operation.Syntax, out byte known);
                events.PathsTo[operation.Syntax] = (byte)(known | path);
            }
        }
    }

    private static void FollowReleases(
        IOperation statement,
        Dictionary<object, byte> facts,
        Events events,
        Dictionary<SyntaxNode, EarlyRelease> found)
    {
        foreach (IOperation operation in EvaluationOrder.Of(statement).Where(IsCall))
        {
            if (events.PathsTo.TryGetValue(operation.Syntax, out byte path) && (path & Unknown) == 0)
            {
                facts[operation.Syntax] = Pending;
            }
            else if (events.Closed.TryGetValue(operation.Syntax, out ISymbol ring))
            {
                foreach (SyntaxNode early in facts.Keys.OfType<SyntaxNode>().ToArray())
                {
                    found[early] = new EarlyRelease(
                        early, events.Released[early], ring, (events.PathsTo[early] & Waited) != 0);
                }
                facts.Clear();
            }
        }
    }

    private static bool IsCall(IOperation operation) =>
        operation is IInvocationOperation or IFunctionPointerInvocationOperation;

    /// <summary>What the calls of one method do, by their syntax.</summary>
    private sealed class Events
    {
        public Dictionary<SyntaxNode, ISymbol> Released { get; } = [];

        public Dictionary<SyntaxNode, ISymbol> Closed { get; } = [];

        public Dictionary<SyntaxNode, byte> Waits { get; } = [];

        /// <summary>What may have happened before a release.</summary>
        public Dictionary<SyntaxNode, byte> PathsTo { get; } = [];

        public bool IsComplete => Released.Count > 0 && Closed.Count > 0;
    }
}
