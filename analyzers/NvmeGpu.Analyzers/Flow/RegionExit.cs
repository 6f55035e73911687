using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What ends with a region: pins of `fixed` locals, locals whose address was taken.</summary>
internal sealed class RegionExit(FlowContext context)
{
    public void Leave(ControlFlowRegion region, FlowState state, Findings? findings)
    {
        foreach (ILocalSymbol local in region.Locals)
        {
            if (!context.IsTracked(local))
            {
                continue;
            }
            End(context.Object(MemoryObjectKind.Fixed, local), FindingKind.PinLeft, state, findings);
            End(context.Object(MemoryObjectKind.StackLocal, local), FindingKind.StackLeft, state, findings);
            state.Unbind(local);
        }
    }

    /// <summary>
    /// All ways out of the method together: a parameter that each of them frees, or gives to a page-locked
    /// copy, should say so.
    /// </summary>
    public void LeaveBody(FlowState state, Findings? findings)
    {
        foreach ((IParameterSymbol parameter, SyntaxNode site, ISymbol target,
            string contract) in state.Passed)
        {
            if (findings is not null && !IsDecidedElsewhere(parameter.ContainingSymbol)
                && IsOfNamedMethod(parameter)
                && !parameter.Locations.IsEmpty)
            {
                var finding = new Finding(
                    FindingKind.ContractMissing,
                    parameter.Locations[0],
                    site,
                    new Flight(site, target, Retention.Completion),
                    context.Object(MemoryObjectKind.Parameter, parameter))
                { Contract = contract };
                findings.Observe(finding, Certainty.Must);
            }
        }
    }

    public void LeaveMethod(FlowState state, Findings? findings)
    {
        foreach (KeyValuePair<MemoryObject, ObjectState> one in state.Objects)
        {
            if (one.Key.IsOnStack)
            {
                Judge(one.Key, one.Value, FindingKind.StackLeft, findings);
            }
            else if (one.Key.Kind == MemoryObjectKind.Parameter)
            {
                JudgeParameter((IParameterSymbol)one.Key.Symbol!, one.Key, one.Value, findings);
            }
        }
    }

    /// <summary>What stackalloc gave does not outlive an await.</summary>
    public static void LeaveFrame(FlowState state, Findings? findings)
    {
        foreach (KeyValuePair<MemoryObject, ObjectState> one in state.Objects)
        {
            if (one.Key.Kind == MemoryObjectKind.StackBlock)
            {
                End(one.Key, FindingKind.StackLeft, state, findings);
            }
        }
    }

    private static void End(MemoryObject memory, FindingKind kind, FlowState state, Findings? findings)
    {
        if (state.Objects.TryGetValue(memory, out ObjectState? left))
        {
            Judge(memory, left, kind, findings);
            state.Remove(memory);
        }
    }

    private static void Judge(MemoryObject memory, ObjectState state, FindingKind kind, Findings? findings)
    {
        if (findings is null || state.IsEscaped)
        {
            return;
        }
        Certainty certainty = state.IsInFlight();
        foreach (Flight flight in state.Flights)
        {
            findings.Observe(Of(kind, flight, memory), certainty);
        }
        foreach (Flight flight in state.EndedFlights)
        {
            if (!state.Flights.Contains(flight))
            {
                findings.Observe(Of(kind, flight, memory), Certainty.No);
            }
        }
    }

    private static Finding Of(FindingKind kind, Flight flight, MemoryObject memory) =>
        new(kind, flight.Site.GetLocation(), flight.Site, flight, memory);

    /// <summary>
    /// What is handed over and still in flight at the end is kept by the method, too: its parameter should
    /// say so.
    /// </summary>
    private void JudgeParameter(
        IParameterSymbol parameter,
        MemoryObject memory,
        ObjectState state,
        Findings? findings)
    {
        if (findings is null
            || IsDecidedElsewhere(parameter.ContainingSymbol)
            || context.Contracts.RetainsOf(parameter) is not null
            || !IsOfNamedMethod(parameter)
            || parameter.Locations.IsEmpty)
        {
            return;
        }
        bool isInFlight = state.IsInFlight() == Certainty.Must;
        foreach (Flight flight in isInFlight ? state.Flights : state.EndedFlights)
        {
            if (!flight.IsOfPin && flight.Access != KernelAccess.None)
            {
                // A method that waits on one way out leaves nothing behind on the others: those are failures.
                findings.Observe(
                    new Finding(
                        FindingKind.ContractMissing, parameter.Locations[0], flight.Site, flight, memory),
                    isInFlight ? Certainty.Must : Certainty.No);
                return;
            }
        }
    }

    /// <summary>The base or the interface would have to say it first.</summary>
    private static bool IsDecidedElsewhere(ISymbol method) => method is IMethodSymbol { IsOverride: true }
        or IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false };

    private static bool IsOfNamedMethod(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction };
}
