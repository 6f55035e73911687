using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// One forward run over one graph: states by block until nothing changes, then once more over every block to
/// collect the findings. Gives up silently when the budgets are spent.
/// </summary>
internal sealed class FlowRun
{
    private const int BlocksMax = 2000;
    private const int VisitsMax = 20_000;
    private const int ObjectsMax = 512;

    private readonly ControlFlowGraph _graph;
    private readonly FlowContext _context;
    private readonly Transfer _transfer;
    private readonly Branching _branching;
    private readonly RegionExit _exit;
    private readonly Findings _scout = new(isScout: true);
    private readonly bool _followsExceptions;
    private readonly CancellationToken _cancellation;

    private int _visits;
    private Solving? _current;
    private BasicBlock? _block;

    public FlowRun(
        ControlFlowGraph graph,
        FlowContext context,
        bool followsExceptions,
        CancellationToken cancellation)
    {
        _graph = graph;
        _context = context;
        _followsExceptions = followsExceptions;
        _cancellation = cancellation;
        _branching = new Branching(context);
        _exit = new RegionExit(context);
        _transfer = new Transfer(context, OnThrow, _exit.LeaveFrame);
    }

    /// <summary>The blocks from the first to the last of a region, and their states at entry.</summary>
    private sealed class Solving(int first, int last, Findings? findings)
    {
        public int First { get; } = first;

        public int Last { get; } = last;

        /// <summary>Null while states are still being computed.</summary>
        public Findings? Findings { get; set; } = findings;

        public Dictionary<int, FlowState> Entries { get; } = [];

        public SortedSet<int> Pending { get; } = [];

        /// <summary>What goes back to the head of a loop, by the two blocks.</summary>
        public SortedDictionary<(int Head, int End), FlowState> Back { get; } = [];

        /// <summary>What every round of a loop releases, by its head.</summary>
        public Dictionary<int, List<(MemoryObject Memory, Round Round)>> Rounds { get; } = [];

        /// <summary>What leaves a finally region at its end.</summary>
        public FlowState? End { get; set; }

        public void NoteRound(int head, MemoryObject memory, Round round)
        {
            if (!Rounds.TryGetValue(head, out List<(MemoryObject Memory, Round Round)>? known))
            {
                Rounds[head] = known = [];
            }
            known.Add((memory, round));
        }
    }

    public Findings? Run()
    {
        if (_graph.Blocks.Length > BlocksMax)
        {
            return null;
        }
        var findings = new Findings(isScout: false);
        try
        {
            Solve(0, _graph.Blocks.Length - 1, new FlowState(_context), findings);
            return findings;
        }
        catch (BudgetSpentException)
        {
            return null;
        }
    }

    private FlowState? Solve(int first, int last, FlowState entry, Findings? findings)
    {
        Solving? outer = _current;
        BasicBlock? outerBlock = _block;
        Findings? outerFindings = _transfer.Findings;
        FlowState outerState = _transfer.State;
        var solving = new Solving(first, last, null);
        _current = solving;
        Settle(solving, entry);
        if (findings is null)
        {
            if (solving.Back.Count > 0)
            {
                _scout.Doubt(); // the rounds of a loop in a finally region are found with the findings only
            }
        }
        else
        {
            if (FindRounds(solving))
            {
                Settle(solving, entry);
                _scout.Doubt();
            }
            // The last visit of each block has seen what this one would see.
            if (_scout.HasAny || _followsExceptions)
            {
                solving.Findings = findings;
                foreach (int ordinal in new SortedSet<int>(solving.Entries.Keys))
                {
                    Visit(_graph.Blocks[ordinal], solving);
                }
            }
        }
        _current = outer;
        _block = outerBlock;
        _transfer.Block = outerBlock?.Ordinal ?? 0;
        _transfer.Findings = outerFindings;
        _transfer.State = outerState;
        return solving.End;
    }

    private void Settle(Solving solving, FlowState entry)
    {
        solving.Entries.Clear();
        solving.Entries[solving.First] = entry;
        solving.Pending.Add(solving.First);
        while (solving.Pending.Count > 0)
        {
            int ordinal = solving.Pending.Min;
            solving.Pending.Remove(ordinal);
            Visit(_graph.Blocks[ordinal], solving);
        }
    }

    /// <summary>Notes what is released on all ways back to the head of a loop, and not on the way to
    /// it.</summary>
    private bool FindRounds(Solving solving)
    {
        foreach (IGrouping<int, KeyValuePair<(int Head, int End), FlowState>> loop
            in solving.Back.GroupBy(back => back.Key.Head))
        {
            ImmutableArray<FlowState> states = [.. loop.Select(back => back.Value)];
            Round? round = null;
            FlowState entry = solving.Entries[loop.Key];
            for (int i = 0; i < entry.ObjectNumbers; i++)
            {
                if (entry.TryOf(i) is { IsOnlyReleased: false }
                    && states.All(state => state.TryOf(i) is { IsOnlyReleased: true }))
                {
                    round ??= Round.TryFind(_graph, loop.Key, [.. loop.Select(back => back.Key.End)]);
                    if (round is null)
                    {
                        break;
                    }
                    solving.NoteRound(loop.Key, _context.ObjectAt(i), round);
                }
            }
        }
        return solving.Rounds.Count > 0;
    }

    private void Visit(BasicBlock block, Solving solving)
    {
        _cancellation.ThrowIfCancellationRequested();
        FlowState state = solving.Entries[block.Ordinal].Copy();
        if (++_visits > VisitsMax || _context.ObjectCount > ObjectsMax)
        {
            throw new BudgetSpentException();
        }
        if (block.Kind == BasicBlockKind.Exit)
        {
            _exit.LeaveBody(state, solving.Findings ?? _scout);
        }
        if (solving.Rounds.TryGetValue(block.Ordinal, out List<(MemoryObject Memory, Round Round)>? rounds))
        {
            foreach ((MemoryObject memory, Round round) in rounds)
            {
                state.Set(memory, state.Of(memory).In(round));
            }
        }
        _block = block;
        _transfer.Block = block.Ordinal;
        _transfer.State = state;
        _transfer.Findings = solving.Findings ?? _scout;
        foreach (IOperation operation in block.Operations)
        {
            _transfer.Evaluate(operation);
        }
        FlowValue value = block.BranchValue is { } condition
            ? _transfer.Evaluate(condition) : FlowValue.Unknown;
        if (block is
            {
                ConditionalSuccessor: not null,
                BranchValue.ConstantValue: { HasValue: true, Value: bool known }
            })
        {
            bool isTaken = known == (block.ConditionKind == ControlFlowConditionKind.WhenTrue);
            Take(state, isTaken ? block.ConditionalSuccessor : block.FallThroughSuccessor, solving);
            return;
        }
        if (block.ConditionalSuccessor is { } conditional)
        {
            bool whenTaken = block.ConditionKind == ControlFlowConditionKind.WhenTrue;
            Take(_branching.After(state, block.BranchValue!, whenTaken, _transfer), conditional, solving);
            Take(
                _branching.After(state, block.BranchValue!, !whenTaken, _transfer),
                block.FallThroughSuccessor,
                solving);
            return;
        }
        if (block.FallThroughSuccessor is { } next)
        {
            if (next.Semantics is ControlFlowBranchSemantics.Throw or ControlFlowBranchSemantics.Rethrow)
            {
                OnThrow(state);
                return;
            }
            if (next.Semantics == ControlFlowBranchSemantics.Return)
            {
                _transfer.Return(value, block.BranchValue);
            }
            Take(state, next, solving);
        }
    }

    private void Take(FlowState? state, ControlFlowBranch? branch, Solving solving)
    {
        if (state is null || branch is null)
        {
            return;
        }
        FlowState? left = Leave(state, branch.LeavingRegions, solving.Findings);
        if (branch.Semantics == ControlFlowBranchSemantics.StructuredExceptionHandling)
        {
            if (left is not null)
            {
                solving.End = solving.End is null ? left : solving.End.Join(left);
            }
        }
        else if (left is not null && branch.Destination is { } destination)
        {
            if (destination.Kind == BasicBlockKind.Exit)
            {
                _exit.LeaveMethod(left, solving.Findings ?? _scout);
            }
            Enter(destination.Ordinal, left, solving);
        }
    }

    /// <summary>From the inside out: locals end, finally regions run. Null when one of them never
    /// ends.</summary>
    private FlowState? Leave(FlowState state, IEnumerable<ControlFlowRegion> regions, Findings? findings)
    {
        foreach (ControlFlowRegion region in regions)
        {
            _exit.Leave(region, state, findings ?? _scout);
            if (region is
                {
                    Kind: ControlFlowRegionKind.Try,
                    EnclosingRegion: { Kind: ControlFlowRegionKind.TryAndFinally } both
                })
            {
                ControlFlowRegion handler = both.NestedRegions[1];
                if (Solve(
                    handler.FirstBlockOrdinal, handler.LastBlockOrdinal, state, findings) is not { } after)
                {
                    return null;
                }
                state = after;
            }
        }
        return state;
    }

    private void Enter(int ordinal, FlowState state, Solving solving)
    {
        if (solving.Findings is not null || ordinal < solving.First || ordinal > solving.Last)
        {
            return;
        }
        if (_block is { Ordinal: var end } && ordinal <= end)
        {
            // Later passes know no less, so the last one holds.
            solving.Back[(ordinal, end)] = state;
        }
        if (!solving.Entries.TryGetValue(ordinal, out FlowState? present))
        {
            solving.Entries[ordinal] = state;
            solving.Pending.Add(ordinal);
            return;
        }
        FlowState joined = present.Join(state);
        if (!joined.Is(present))
        {
            solving.Entries[ordinal] = joined;
            solving.Pending.Add(ordinal);
        }
    }

    /// <summary>
    /// An exception may leave from here: to the handlers around, and, when asked for, out of the method.
    /// </summary>
    private void OnThrow(FlowState thrown)
    {
        if (_current is not { } solving || _block is null)
        {
            return;
        }
        FlowState? state = null;
        for (ControlFlowRegion? region = _block.EnclosingRegion.BelowRoot(); region is not null;
            region = region.EnclosingRegion.BelowRoot())
        {
            if (region.FirstBlockOrdinal < solving.First || region.LastBlockOrdinal > solving.Last)
            {
                return;
            }
            if (region is not { Kind: ControlFlowRegionKind.Try, EnclosingRegion: { } both })
            {
                continue;
            }
            if (both.Kind == ControlFlowRegionKind.TryAndFinally)
            {
                ControlFlowRegion handler = both.NestedRegions[1];
                bool leads = _followsExceptions || HasHandler(both);
                state = leads
                    ? Solve(
                        handler.FirstBlockOrdinal,
                        handler.LastBlockOrdinal,
                        state ?? thrown.Copy(),
                        _followsExceptions ? solving.Findings : null)
                    : null;
                if (state is null)
                {
                    return;
                }
                continue;
            }
            for (int i = 1; i < both.NestedRegions.Length; i++)
            {
                Enter(both.NestedRegions[i].FirstBlockOrdinal, (state ?? thrown).Copy(), solving);
            }
            if (CatchesAll(both))
            {
                return;
            }
        }
        if (_followsExceptions && solving.Findings is { } findings)
        {
            LeaveByException(state ?? thrown.Copy(), findings);
        }
    }

    private void LeaveByException(FlowState state, Findings findings)
    {
        for (ControlFlowRegion? region = _block!.EnclosingRegion.BelowRoot(); region is not null;
            region = region.EnclosingRegion.BelowRoot())
        {
            _exit.Leave(region, state, findings);
        }
        _exit.LeaveMethod(state, findings);
    }

    private static bool HasHandler(ControlFlowRegion inner)
    {
        for (ControlFlowRegion? region = inner.EnclosingRegion.BelowRoot(); region is not null;
            region = region.EnclosingRegion.BelowRoot())
        {
            if (region is
                {
                    Kind: ControlFlowRegionKind.Try,
                    EnclosingRegion.Kind: ControlFlowRegionKind.TryAndCatch
                })
            {
                return true;
            }
        }
        return false;
    }

    private static bool CatchesAll(ControlFlowRegion both)
    {
        foreach (ControlFlowRegion handler in both.NestedRegions)
        {
            if (handler.Kind == ControlFlowRegionKind.Catch
                && handler.ExceptionType is null or { SpecialType: SpecialType.System_Object }
                    or { Name: "Exception", ContainingNamespace.Name: "System" })
            {
                return true;
            }
        }
        return false;
    }
}
