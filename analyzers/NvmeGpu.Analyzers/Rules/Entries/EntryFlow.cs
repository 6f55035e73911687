using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using EntryMap = System.Collections.Generic.Dictionary<
    Microsoft.CodeAnalysis.ILocalSymbol, NvmeGpu.Analyzers.Rules.Entries.EntryState>;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>
/// Follows the entries that a method gets from its rings through its control flow. A local that is missing in
/// a state has no value there.
/// </summary>
internal sealed class EntryFlow(ControlFlowGraph graph, HashSet<ILocalSymbol> tracked, EntryFindings findings)
{
    private const int BlocksMax = 2048;
    private const int PassesMax = 16;

    private readonly EntryMap?[] _entries = new EntryMap?[graph.Blocks.Length];
    private readonly List<IOperation>?[] _steps = new List<IOperation>?[graph.Blocks.Length];
    private bool _isReporting;

    public void Run()
    {
        if (graph.Blocks.Length > BlocksMax || graph.Blocks.Length == 0)
        {
            return;
        }
        _entries[0] = new EntryMap(SymbolEqualityComparer.Default);
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

    private bool Leave(BasicBlock block, EntryMap atStart, EntryMap atEnd)
    {
        bool hasChanged = false;
        foreach (ControlFlowBranch? branch in new[] { block.FallThroughSuccessor,
            block.ConditionalSuccessor })
        {
            if (branch?.Destination is { } next)
            {
                hasChanged |= JoinInto(next.Ordinal, atEnd);
            }
        }
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
                        hasChanged |= JoinInto(handler.FirstBlockOrdinal, atStart);
                        hasChanged |= JoinInto(handler.FirstBlockOrdinal, atEnd);
                    }
                }
            }
        }
        return hasChanged;
    }

    private bool JoinInto(int block, EntryMap from)
    {
        if (_entries[block] is not { } into)
        {
            _entries[block] = new EntryMap(from, SymbolEqualityComparer.Default);
            return true;
        }
        bool hasChanged = false;
        foreach (KeyValuePair<ILocalSymbol, EntryState> entry in from)
        {
            EntryState joined = into.TryGetValue(entry.Key, out EntryState old)
                ? old.Join(entry.Value) : entry.Value;
            if (!joined.Equals(old) || !into.ContainsKey(entry.Key))
            {
                into[entry.Key] = joined;
                hasChanged = true;
            }
        }
        return hasChanged;
    }

    private EntryMap Through(BasicBlock block, EntryMap atStart)
    {
        List<IOperation> steps = _steps[block.Ordinal] ??= StepsOf(block);
        if (steps.Count == 0)
        {
            return atStart;
        }
        var entries = new EntryMap(atStart, SymbolEqualityComparer.Default);
        foreach (IOperation step in steps)
        {
            Take(step, entries);
        }
        return entries;
    }

    /// <summary>What has to do with entries, in the order of evaluation, nearly: parts first.</summary>
    private List<IOperation> StepsOf(BasicBlock block)
    {
        var steps = new List<IOperation>();
        foreach (IOperation operation in FlowGraphs.OperationsOf(block))
        {
            Collect(operation, steps);
        }
        return steps;
    }

    private void Collect(IOperation operation, List<IOperation> steps)
    {
        foreach (IOperation part in operation.ChildOperations)
        {
            Collect(part, steps);
        }
        bool isStep = operation switch
        {
            ILocalReferenceOperation reference => tracked.Contains(reference.Local),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } =>
                tracked.Contains(target.Local),
            IInvocationOperation call => RingCalls.Submits(call),
            _ => false,
        };
        if (isStep)
        {
            steps.Add(operation);
        }
    }

    private void Take(IOperation step, EntryMap entries)
    {
        switch (step)
        {
            case ILocalReferenceOperation reference:
                if (entries.TryGetValue(reference.Local, out EntryState state))
                {
                    entries[reference.Local] = Used(reference, state);
                }
                break;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment:
                Assign(target.Local, assignment.Value, entries);
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

    private void Assign(ILocalSymbol local, IOperation value, EntryMap entries)
    {
        IOperation source = value;
        while (source is IConversionOperation conversion)
        {
            source = conversion.Operand;
        }
        if (entries.TryGetValue(local, out EntryState old))
        {
            Gone(old);
        }
        entries[local] = source switch
        {
            IInvocationOperation call when RingCalls.GetsEntry(call) =>
                new EntryState(EntryFlags.Fresh, RingCalls.RingOf(call), null),
            ILocalReferenceOperation other when entries.TryGetValue(other.Local, out EntryState same) => same,
            _ => EntryState.Unknown,
        };
    }

    private void Submit(ISymbol? ring, EntryMap entries)
    {
        foreach (ILocalSymbol local in entries.Keys.ToList())
        {
            EntryState state = entries[local];
            if (ring is null)
            {
                entries[local] = EntryState.Unknown;
            }
            else if (SymbolEqualityComparer.Default.Equals(state.Ring, ring))
            {
                Gone(state);
                entries[local] = state.With(EntryFlags.Submitted, EntryFlags.Live).PreparedBy(null);
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
