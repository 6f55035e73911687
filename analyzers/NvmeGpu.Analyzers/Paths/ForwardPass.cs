using System;
using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>
/// A small forward pass over a control flow graph, for rules that need an order of events and no more: one
/// byte of facts per thing; where paths meet, the facts of both hold ("on some path"). Finally regions are
/// run through; a handler begins with what held anywhere in its try region.
/// </summary>
internal sealed class ForwardPass<TKey>
    where TKey : notnull
{
    private const int BlocksMax = 2000;

    private readonly ControlFlowGraph _graph;
    private readonly Action<IOperation, Dictionary<TKey, byte>> _step;
    private readonly IEqualityComparer<TKey> _comparer;
    private readonly Dictionary<TKey, byte>?[] _entries;
    private readonly Dictionary<ControlFlowRegion, HashSet<int>> _afterFinally = [];

    private ForwardPass(
        ControlFlowGraph graph,
        Action<IOperation, Dictionary<TKey, byte>> step,
        IEqualityComparer<TKey> comparer)
    {
        _graph = graph;
        _step = step;
        _comparer = comparer;
        _entries = new Dictionary<TKey, byte>?[graph.Blocks.Length];
    }

    /// <param name="step">Changes the facts by one operation of a block (its parts included). It runs several
    /// times for the same operation, until nothing changes.</param>
    /// <returns>The facts at the beginning of each block, null where no path leads; null when the graph is
    /// larger than this is meant for.</returns>
    public static Dictionary<TKey, byte>?[]? Run(
        ControlFlowGraph graph,
        IEqualityComparer<TKey> comparer,
        Action<IOperation, Dictionary<TKey, byte>> step)
    {
        if (graph.Blocks.Length > BlocksMax)
        {
            return null;
        }
        var pass = new ForwardPass<TKey>(graph, step, comparer);
        pass.Run();
        return pass._entries;
    }

    private void Run()
    {
        var waiting = new SortedSet<int>();
        Enter(0, new Dictionary<TKey, byte>(_comparer), waiting);
        while (waiting.Count > 0)
        {
            int ordinal = waiting.Min;
            waiting.Remove(ordinal);
            BasicBlock block = _graph.Blocks[ordinal];
            var facts = new Dictionary<TKey, byte>(_entries[ordinal]!, _comparer);
            EnterHandlers(block, facts, waiting);
            foreach (IOperation operation in FlowGraphs.OperationsOf(block))
            {
                _step(operation, facts);
                EnterHandlers(block, facts, waiting);
            }
            Leave(block.ConditionalSuccessor, facts, waiting);
            Leave(block.FallThroughSuccessor, facts, waiting);
        }
    }

    private void Leave(ControlFlowBranch? branch, Dictionary<TKey, byte> facts, SortedSet<int> waiting)
    {
        if (branch is null)
        {
            return;
        }
        if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
        {
            // The end of a finally region: on to wherever those went who have entered it.
            ControlFlowRegion? region = branch.Source.EnclosingRegion;
            while (region is not null && region.Kind != ControlFlowRegionKind.Finally)
            {
                region = region.EnclosingRegion;
            }
            if (region is not null && _afterFinally.TryGetValue(region, out HashSet<int> targets))
            {
                foreach (int target in targets)
                {
                    Enter(target, facts, waiting);
                }
            }
            return;
        }
        int destination = branch.Destination?.Ordinal ?? -1;
        if (branch.FinallyRegions.IsEmpty)
        {
            Enter(destination, facts, waiting);
            return;
        }
        for (int i = 0; i < branch.FinallyRegions.Length; i++)
        {
            ControlFlowRegion region = branch.FinallyRegions[i];
            int next = i + 1 < branch.FinallyRegions.Length
                ? branch.FinallyRegions[i + 1].FirstBlockOrdinal
                : destination;
            if (!_afterFinally.TryGetValue(region, out HashSet<int> targets))
            {
                _afterFinally.Add(region, targets = []);
            }
            if (targets.Add(next))
            {
                // Its end may have been passed already, without this target.
                for (int inside = region.FirstBlockOrdinal; inside <= region.LastBlockOrdinal; inside++)
                {
                    if (_entries[inside] is not null)
                    {
                        waiting.Add(inside);
                    }
                }
            }
        }
        Enter(branch.FinallyRegions[0].FirstBlockOrdinal, facts, waiting);
    }

    private void EnterHandlers(BasicBlock block, Dictionary<TKey, byte> facts, SortedSet<int> waiting)
    {
        ControlFlowRegion? region = block.EnclosingRegion.BelowRoot();
        for (; region is not null; region = region.EnclosingRegion.BelowRoot())
        {
            if (region.Kind != ControlFlowRegionKind.Try
                || region.EnclosingRegion is not { Kind: ControlFlowRegionKind.TryAndCatch } pair)
            {
                continue;
            }
            foreach (ControlFlowRegion handler in pair.NestedRegions)
            {
                if (handler.Kind != ControlFlowRegionKind.Try)
                {
                    Enter(handler.FirstBlockOrdinal, facts, waiting);
                }
            }
        }
    }

    private void Enter(int ordinal, Dictionary<TKey, byte> facts, SortedSet<int> waiting)
    {
        if (ordinal < 0)
        {
            return;
        }
        if (_entries[ordinal] is not { } entry)
        {
            _entries[ordinal] = new Dictionary<TKey, byte>(facts, _comparer);
            waiting.Add(ordinal);
            return;
        }
        foreach (KeyValuePair<TKey, byte> fact in facts)
        {
            entry.TryGetValue(fact.Key, out byte known);
            if ((known | fact.Value) != known)
            {
                entry[fact.Key] = (byte)(known | fact.Value);
                waiting.Add(ordinal);
            }
        }
    }
}
