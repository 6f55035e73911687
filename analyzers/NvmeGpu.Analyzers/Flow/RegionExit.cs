using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What ends with a region: pins of `fixed` locals, locals whose address was taken.</summary>
internal sealed class RegionExit(FlowContext context)
{
    public void Leave(ControlFlowRegion region, FlowState state, Findings findings)
    {
        foreach (ILocalSymbol local in region.Locals)
        {
            Variable variable = context.VariableOf(local);
            if (!variable.IsTracked)
            {
                continue;
            }
            if (local.IsFixed)
            {
                End(context.Object(MemoryObjectKind.Fixed, local), FindingKind.PinLeft, state, findings);
            }
            End(variable.OnStack!, FindingKind.StackLeft, state, findings);
            state.Unbind(variable);
        }
    }

    /// <summary>
    /// All ways out of the method together: a parameter that each of them frees, or gives to a page-locked
    /// copy, should say so.
    /// </summary>
    public void LeaveBody(FlowState state, Findings findings)
    {
        foreach ((IParameterSymbol parameter, SyntaxNode site, ISymbol target,
            string contract) in state.Passed)
        {
            if (!IsDecidedElsewhere(parameter.ContainingSymbol)
                && IsOfNamedMethod(parameter) && DeclarationOf(parameter) is { } declaration)
            {
                var finding = new Finding(
                    FindingKind.ContractMissing,
                    declaration,
                    site,
                    new Flight(site, target, Retention.Completion, number: 0),
                    context.Object(MemoryObjectKind.Parameter, parameter))
                { Contract = contract };
                findings.Observe(finding, Certainty.Must);
            }
        }
    }

    public void LeaveMethod(FlowState state, Findings findings)
    {
        for (int i = 0; i < state.ObjectNumbers; i++)
        {
            if (state.TryOf(i) is { } left)
            {
                MemoryObject memory = context.ObjectAt(i);
                if (memory.IsOnStack)
                {
                    Judge(memory, left, FindingKind.StackLeft, findings);
                }
                else if (memory.Kind == MemoryObjectKind.Parameter)
                {
                    JudgeParameter((IParameterSymbol)memory.Symbol!, memory, left, findings);
                }
            }
        }
    }

    /// <summary>What stackalloc gave does not outlive an await.</summary>
    public void LeaveFrame(FlowState state, Findings findings)
    {
        for (int i = 0; i < state.ObjectNumbers; i++)
        {
            if (state.TryOf(i) is not null
                && context.ObjectAt(i) is { Kind: MemoryObjectKind.StackBlock } block)
            {
                End(block, FindingKind.StackLeft, state, findings);
            }
        }
    }

    private void End(MemoryObject memory, FindingKind kind, FlowState state, Findings findings)
    {
        if (state.TryOf(memory) is { } left)
        {
            Judge(memory, left, kind, findings);
            state.Remove(memory);
        }
    }

    private void Judge(MemoryObject memory, ObjectState state, FindingKind kind, Findings findings)
    {
        if (state.IsEscaped)
        {
            return;
        }
        Certainty certainty = state.IsInFlight();
        foreach (Flight flight in context.FlightsIn(state.Flights))
        {
            findings.Observe(new Finding(kind, flight.Site, flight.Site, flight, memory), certainty);
        }
        foreach (Flight flight in context.FlightsIn(state.EndedFlights.Except(state.Flights)))
        {
            findings.ObserveNothing(kind, flight.Site);
        }
    }

    /// <summary>
    /// What is handed over and still in flight at the end is kept by the method, too: its parameter should
    /// say so.
    /// </summary>
    private void JudgeParameter(
        IParameterSymbol parameter,
        MemoryObject memory,
        ObjectState state,
        Findings findings)
    {
        bool isInFlight = state.IsInFlight() == Certainty.Must;
        FlightSet flights = isInFlight ? state.Flights : state.EndedFlights;
        if (flights.IsEmpty
            || IsDecidedElsewhere(parameter.ContainingSymbol)
            || context.Contracts.RetainsOf(parameter) is not null
            || !IsOfNamedMethod(parameter)
            || DeclarationOf(parameter) is not { } declaration)
        {
            return;
        }
        foreach (Flight flight in context.FlightsIn(flights))
        {
            if (!flight.IsOfPin && flight.Access != KernelAccess.None)
            {
                // A method that waits on one way out leaves nothing behind on the others: those are failures.
                findings.Observe(
                    new Finding(FindingKind.ContractMissing, declaration, flight.Site, flight, memory),
                    isInFlight ? Certainty.Must : Certainty.No);
                return;
            }
        }
    }

    /// <summary>The base or the interface would have to say it first.</summary>
    private static bool IsDecidedElsewhere(ISymbol method) => method is IMethodSymbol { IsOverride: true }
        or IMethodSymbol { ExplicitInterfaceImplementations.IsEmpty: false };

    private static SyntaxNode? DeclarationOf(IParameterSymbol parameter) =>
        parameter.DeclaringSyntaxReferences.IsEmpty
            ? null : parameter.DeclaringSyntaxReferences[0].GetSyntax();

    private static bool IsOfNamedMethod(IParameterSymbol parameter) =>
        parameter.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction };
}
