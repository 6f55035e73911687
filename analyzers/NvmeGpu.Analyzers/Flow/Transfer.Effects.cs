using System;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What happens to objects: handed over, released, touched, used, known to others.</summary>
internal sealed partial class Transfer
{
    /// <summary>How far behind the start of a hand-over of unknown length is still taken for inside
    /// it.</summary>
    private const int UnknownLengthBytes = 64;

    private const int HeldDepthMax = 4;

    private Flight FlightOf(
        IOperation site,
        ISymbol target,
        RetainsContract contract,
        FlowValue value,
        IOperation? length = null)
    {
        Flight flight = context.Flight(site.Syntax, target, contract.Until);
        flight.Access = contract.IsOpaque ? KernelAccess.None : AccessOf(target.ContainingSymbol?.Name ?? "");
        flight.LengthBytes = length is null ? null : RegionIdentity.ConstantOf(length);
        flight.OffsetBytes = value.IsCertain ? value.Alternatives[0].OffsetBytes : null;
        flight.IsOneOfSeveral |= !value.IsCertain;
        return flight;
    }

    /// <summary>Fields say nothing about the direction.</summary>
    private static KernelAccess AccessOf(string name) =>
        Contains(name, "write") || Contains(name, "send") || Contains(name, "HtoD") || Contains(name, "HtoA")
            ? KernelAccess.Reads
        : Contains(name, "read") || Contains(name, "recv") || Contains(name, "receive")
            || Contains(name, "DtoH") || Contains(name, "AtoH") ? KernelAccess.Writes
        : KernelAccess.Unknown;

    private static bool Contains(string name, string word) =>
        name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <param name="depth">How many structs lie around it; one may hold its own address.</param>
    private void Begin(FlowValue value, Flight flight, int depth = 0)
    {
        if (depth > HeldDepthMax)
        {
            return;
        }
        foreach (Alternative one in value.Alternatives)
        {
            if (depth > 0 && State.Of(one.Front) is { Owned: null, Ended: null } known
                && known.Flights.Contains(flight))
            {
                continue;
            }
            foreach (MemoryObject memory in one.Objects)
            {
                flight.IsOfPin |= memory.Kind is MemoryObjectKind.Fixed or MemoryObjectKind.Handle;
                State.Set(memory, State.Of(memory).Begin(flight, State.Path.With(one.Facts)));
            }
            foreach (HeldAddress held in State.HeldBy(one.Front))
            {
                Begin(held.Value, held.Flight, depth + 1);
            }
        }
        foreach (HeldAddress held in value.Held)
        {
            Begin(held.Value, held.Flight, depth + 1);
        }
    }

    private void Release(FlowValue value, IOperation releasing, IOperation? reference, bool isDispose = false)
    {
        if (!isDispose && reference is not null && !IsClosedRing(value))
        {
            CheckUse(value, reference);
        }
        bool isKept = releasing is IInvocationOperation call && LeavesMemory(call, value);
        foreach (Alternative one in value.Alternatives)
        {
            MemoryObject memory = one.Front;
            ObjectState state = State.Of(memory);
            if (memory.Kind is MemoryObjectKind.Fixed || memory.IsOnStack)
            {
                continue;
            }
            if (memory.Kind != MemoryObjectKind.PatientOwner)
            {
                CheckInFlight(
                    FindingKind.ReleasedInFlight, memory, state, releasing, value, flight => value.IsCertain
                        || !flight.IsOneOfSeveral);
            }
            if (isKept)
            {
                continue;
            }
            if (value.IsCertain)
            {
                State.Set(memory, state.Release(releasing.Syntax, State.Path));
            }
            else
            {
                State.Set(memory, state.Escape());
            }
        }
    }

    /// <summary>
    /// Memory that is unregistered is ours as before. Of a mapping, parts can be unmapped: all of it is gone
    /// only when the length is the one that was mapped.
    /// </summary>
    private static bool LeavesMemory(IInvocationOperation call, FlowValue value)
    {
        if (Contains(call.TargetMethod.Name, "unregister"))
        {
            return true;
        }
        return call.TargetMethod.Name == "munmap" && !(value.IsCertain
            && value.Alternatives[0] is { OffsetBytes: 0, Front.Origin: InvocationExpressionSyntax mapping }
            && mapping.ArgumentList.Arguments.Count > 1
            && mapping.ArgumentList.Arguments[1].ToString() == call.Argument(1).Syntax.ToString());
    }

    /// <summary>
    /// io_uring_queue_exit ends the ring; the struct is still the caller's, to be cleared or freed.
    /// </summary>
    private bool IsClosedRing(FlowValue value) =>
        value.IsCertain && State.Of(value.Alternatives[0].Front).ReleaseSite is InvocationExpressionSyntax
        {
            Expression: IdentifierNameSyntax { Identifier.ValueText: "io_uring_queue_exit" }
                or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "io_uring_queue_exit" },
        };

    private void Touch(FlowValue value, IOperation at, bool isWrite)
    {
        if (!IsClosedRing(value))
        {
            CheckUse(value, at);
        }
        if (!value.IsCertain || value.Alternatives[0].OffsetBytes is not { } offset)
        {
            return;
        }
        foreach (MemoryObject memory in value.Alternatives[0].Objects)
        {
            if (State.TryOf(memory) is not { HasFlights: true } state)
            {
                continue;
            }
            CheckInFlight(
                FindingKind.TouchedInFlight,
                memory,
                state,
                at,
                value,
                flight => !flight.IsOneOfSeveral && flight.Until != Retention.Submit
                    && flight.Access switch
                    {
                        KernelAccess.None => false,
                        KernelAccess.Writes => true,
                        _ => isWrite,
                    }
                    && flight.OffsetBytes is { } start
                    && offset >= start && offset < start + (flight.LengthBytes ?? UnknownLengthBytes));
        }
    }

    private void CheckInFlight(
        FindingKind kind,
        MemoryObject memory,
        ObjectState state,
        IOperation at,
        FlowValue value,
        Func<Flight, bool> counts)
    {
        if (state.IsEscaped)
        {
            return;
        }
        Certainty certainty = state.IsInFlight();
        Flight? first = null;
        foreach (Flight flight in context.FlightsIn(state.Flights))
        {
            if (counts(flight) && (first is null || flight.Site.SpanStart < first.Site.SpanStart))
            {
                first = flight;
            }
        }
        if (first is null)
        {
            // Nothing is said, but another way to this place may say something.
            if (!state.EndedFlights.IsEmpty)
            {
                Findings.ObserveNothing(kind, at.Syntax);
            }
            return;
        }
        if (certainty == Certainty.Must && (first.IsOneOfSeveral || !value.IsCertain))
        {
            certainty = Certainty.May;
        }
        Findings.Observe(
            new Finding(
                first.Until == Retention.Event ? FindingKind.ReusedBeforeEvent : kind,
                at.Syntax,
                at.Syntax,
                first,
                memory),
            certainty);
    }

    /// <summary>A released object may not be used again, through whatever reference.</summary>
    private void CheckUse(FlowValue value, IOperation at)
    {
        if (!value.IsCertain)
        {
            return;
        }
        MemoryObject released = value.Alternatives[0].Front;
        Certainty certainty = IsReleased(released);
        foreach (MemoryObject memory in value.Alternatives[0].Objects)
        {
            if (IsReleased(memory) > certainty)
            {
                released = memory;
                certainty = IsReleased(memory);
            }
        }
        if ((certainty == Certainty.No && Findings.IsScout) || State.TryOf(released) is { IsEscaped: true })
        {
            return;
        }
        SyntaxNode reference = ReferenceIn(at).Syntax;
        if (certainty == Certainty.No)
        {
            Findings.ObserveNothing(FindingKind.UsedAfterRelease, reference);
            return;
        }
        Findings.Observe(
            new Finding(FindingKind.UsedAfterRelease, reference, reference, null, released)
            { ReleaseSite = State.Of(released).ReleaseSite },
            certainty);
    }

    private Certainty IsReleased(MemoryObject memory) =>
        State.TryOf(memory)?.IsReleasedAt(Block) ?? Certainty.No;

    /// <summary>The variable through which an expression gets at memory.</summary>
    private static IOperation ReferenceIn(IOperation operation)
    {
        for (IOperation current = operation; ;)
        {
            IOperation? inner = current switch
            {
                IConversionOperation conversion => conversion.Operand,
                IBinaryOperation binary => binary.LeftOperand,
                IAddressOfOperation addressOf => addressOf.Reference,
                IArrayElementReferenceOperation element => element.ArrayReference,
                IImplicitIndexerReferenceOperation part => part.Instance,
                IInlineArrayAccessOperation item => item.Instance,
                IMemberReferenceOperation
                { Instance: { } instance and not IInstanceReferenceOperation } member => instance,
                IInvocationOperation { Instance: { } instance } => instance,
                IInvocationOperation { Arguments.Length: > 0 } call => call.Argument(0),
                { Kind: OperationKind.None } => FirstChild(current),
                _ => null,
            };
            if (inner is null || inner == current)
            {
                bool isSymbol = current is ILocalReferenceOperation or IParameterReferenceOperation
                    or IFieldReferenceOperation;
                return isSymbol ? current : operation;
            }
            current = inner;
        }
    }

    private static IOperation? FirstChild(IOperation operation)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            return child;
        }
        return null;
    }

    private void Escape(FlowValue value, bool withHeld = true)
    {
        foreach (Alternative one in value.Alternatives)
        {
            foreach (MemoryObject memory in one.Objects)
            {
                State.Set(memory, State.Of(memory).Escape());
                ImmutableArray<HeldAddress> held = State.HeldBy(memory);
                State.Hold(memory, []);
                EscapeHeld(held);
            }
        }
        if (withHeld)
        {
            EscapeHeld(value.Held);
        }
    }

    private void EscapeHeld(ImmutableArray<HeldAddress> held)
    {
        foreach (HeldAddress one in held)
        {
            Escape(one.Value);
        }
    }
}
