using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>
/// Follows the entries that a method gets from its rings through its control flow. A state has a place for
/// each local that is followed, in the order of <paramref name="tracked"/>; null means that it has no value
/// there.
/// </summary>
internal sealed class EntryFlow(ControlFlowGraph graph, List<ILocalSymbol> tracked, EntryFindings findings)
{
    private const int BlocksMax = 2048;
    private const int PassesMax = 16;

    private readonly EntryState?[]?[] _entries = new EntryState?[]?[graph.Blocks.Length];
    private readonly List<(IOperation Step, int Local)>?[] _steps =
        new List<(IOperation Step, int Local)>?[graph.Blocks.Length];

    private bool _isReporting;

    public void Run()
    {
        if (graph.Blocks.Length > BlocksMax || graph.Blocks.Length == 0)
        {
            return;
        }
        _entries[0] = new EntryState?[tracked.Count];
        bool hasChanged = true;
        for (int pass = 0; hasChanged; pass++)
        {
            if (pass == PassesMax)
            {
                return;
            }
            hasChanged = false;
            foreach (BasicBlock block in graph.Blocks)
            {
                if (_entries[block.Ordinal] is { } atStart)
                {
                    hasChanged |= Leave(block, atStart, Through(block, atStart));
                }
            }
        }
        _isReporting = true;
        foreach (BasicBlock block in graph.Blocks)
        {
            if (_entries[block.Ordinal] is { } atStart)
            {
                _ = Through(block, atStart);
            }
        }
    }

    private bool Leave(BasicBlock block, EntryState?[] atStart, EntryState?[] atEnd)
    {
        bool hasChanged = JoinInto(block.FallThroughSuccessor?.Destination, atEnd)
            | JoinInto(block.ConditionalSuccessor?.Destination, atEnd);
        // A handler may run after any operation of its try.
        for (ControlFlowRegion? region = block.EnclosingRegion.BelowRoot(); region is not null;
            region = region.EnclosingRegion.BelowRoot())
        {
            if (region.Kind == ControlFlowRegionKind.Try && region.EnclosingRegion is { } outer)
            {
                foreach (ControlFlowRegion handler in outer.NestedRegions)
                {
                    if (handler != region)
                    {
                        BasicBlock first = graph.Blocks[handler.FirstBlockOrdinal];
                        hasChanged |= JoinInto(first, atStart) | JoinInto(first, atEnd);
                    }
                }
            }
        }
        return hasChanged;
    }

    private bool JoinInto(BasicBlock? block, EntryState?[] from)
    {
        if (block is null)
        {
            return false;
        }
        if (_entries[block.Ordinal] is not { } into)
        {
            _entries[block.Ordinal] = (EntryState?[])from.Clone();
            return true;
        }
        bool hasChanged = false;
        for (int i = 0; i < from.Length; i++)
        {
            if (from[i] is { } entry)
            {
                EntryState joined = into[i] is { } old ? old.Join(entry) : entry;
                if (into[i] is not { } known || !joined.Equals(known))
                {
                    into[i] = joined;
                    hasChanged = true;
                }
            }
        }
        return hasChanged;
    }

    private EntryState?[] Through(BasicBlock block, EntryState?[] atStart)
    {
        List<(IOperation Step, int Local)> steps = _steps[block.Ordinal] ??= StepsOf(block);
        if (steps.Count == 0)
        {
            return atStart;
        }
        var entries = (EntryState?[])atStart.Clone();
        foreach ((IOperation step, int local) in steps)
        {
            Take(step, local, entries);
        }
        return entries;
    }

    /// <summary>What has to do with entries, in the order of evaluation, nearly: parts first.</summary>
    private List<(IOperation Step, int Local)> StepsOf(BasicBlock block)
    {
        var steps = new List<(IOperation Step, int Local)>();
        foreach (IOperation operation in FlowGraphs.OperationsOf(block))
        {
            Collect(operation, steps);
        }
        return steps;
    }

    private void Collect(IOperation operation, List<(IOperation Step, int Local)> steps)
    {
        foreach (IOperation part in operation.ChildOperations)
        {
            Collect(part, steps);
        }
        switch (operation)
        {
            case ILocalReferenceOperation reference when PlaceOf(reference.Local) is >= 0 and var place:
                steps.Add((operation, place));
                break;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target }
                when PlaceOf(target.Local) is >= 0 and var place:
                steps.Add((operation, place));
                break;
            case IInvocationOperation call when RingCalls.Submits(call):
                steps.Add((operation, -1));
                break;
        }
    }

    private int PlaceOf(ILocalSymbol local) =>
        tracked.FindIndex(one => SymbolEqualityComparer.Default.Equals(one, local));

    private void Take(IOperation step, int local, EntryState?[] entries)
    {
        switch (step)
        {
            case ILocalReferenceOperation reference:
                if (entries[local] is { } state)
                {
                    entries[local] = Used(reference, state);
                }
                break;
            case ISimpleAssignmentOperation assignment:
                Assign(local, assignment.Value, entries);
                break;
            case IInvocationOperation call:
                Submit(RingCalls.RingOf(call), entries);
                break;
        }
    }

    private EntryState Used(ILocalReferenceOperation reference, EntryState state)
    {
        EntryUse use = EntryUse.Of(reference);
        if (_isReporting)
        {
            findings.OnUse(use, state);
        }
        switch (use.Kind)
        {
            case EntryUseKind.Field when use.Field == "user_data":
                return state.With(EntryFlags.HasData, EntryFlags.NoData);
            case EntryUseKind.Field when use.Field == "opcode":
                return state.With(EntryFlags.Cleared, EntryFlags.Raw);
            case EntryUseKind.SetData:
                return state.With(EntryFlags.HasData, EntryFlags.NoData);
            case EntryUseKind.Prepare:
                return state.With(EntryFlags.Cleared, EntryFlags.Raw).PreparedBy(use.At.Syntax);
            case EntryUseKind.Whole or EntryUseKind.Shared:
                return state.With(
                    EntryFlags.Cleared | EntryFlags.HasData, EntryFlags.Raw | EntryFlags.NoData);
            case EntryUseKind.Redefined:
                return EntryState.Unknown;
            default:
                return state;
        }
    }

    private void Assign(int local, IOperation value, EntryState?[] entries)
    {
        IOperation source = value.WithoutConversions();
        if (entries[local] is { } old)
        {
            Gone(old);
        }
        entries[local] = source switch
        {
            IInvocationOperation call when RingCalls.GetsEntry(call) =>
                new EntryState(EntryFlags.Fresh, RingCalls.RingOf(call), null),
            ILocalReferenceOperation other when PlaceOf(other.Local) is >= 0 and var place
                && entries[place] is { } same => same,
            _ => EntryState.Unknown,
        };
    }

    private void Submit(ISymbol? ring, EntryState?[] entries)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i] is not { } state)
            {
                continue;
            }
            if (ring is null)
            {
                entries[i] = EntryState.Unknown;
            }
            else if (SymbolEqualityComparer.Default.Equals(state.Ring, ring))
            {
                Gone(state);
                entries[i] = state.With(EntryFlags.Submitted, EntryFlags.Live).PreparedBy(null);
            }
        }
    }

    /// <summary>Nothing can be added to the entry any more.</summary>
    private void Gone(EntryState state)
    {
        if (_isReporting)
        {
            findings.OnGone(state);
        }
    }
}
