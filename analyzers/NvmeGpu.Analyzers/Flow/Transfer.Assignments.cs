using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What gets a value.</summary>
internal sealed partial class Transfer
{
    private FlowValue Assign(ISimpleAssignmentOperation assignment)
    {
        if (assignment.IsRef)
        {
            FlowValue place = EvaluatePlace(assignment.Value);
            AssignTo(assignment.Target, place, assignment.Value, isRef: true);
            return FlowValue.Unknown;
        }
        FlowValue value = Evaluate(assignment.Value);
        AssignTo(assignment.Target, value, assignment.Value, isRef: false);
        return value;
    }

    private void AssignTo(IOperation target, FlowValue value, IOperation source, bool isRef)
    {
        switch (target)
        {
            case ILocalReferenceOperation { Local: var local } when isRef || !local.IsRef:
                Bind(local, local.IsFixed ? PinOf(local, value) : Known(value, source, local.Type));
                LearnConstant(local, source);
                break;
            case IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter }:
                Bind(parameter, Known(value, source, parameter.Type));
                break;
            case IFieldReferenceOperation field:
                AssignToField(field, value, source);
                break;
            case IFlowCaptureReferenceOperation reference
                when _captured.TryGetValue(reference.Id, out IOperation? captured)
                    && captured is not IFlowCaptureReferenceOperation:
                AssignTo(captured, value, source, isRef);
                break;
            case IDeclarationExpressionOperation declaration:
                AssignTo(declaration.Expression, value, source, isRef);
                break;
            case IDiscardOperation:
                break;
            case IPropertyReferenceOperation { Property.IsIndexer: false } property:
                Evaluate(property.Instance);
                Escape(value);
                break;
            default:
                Store(EvaluatePlace(target), target, value);
                break;
        }
    }

    private void AssignToField(IFieldReferenceOperation target, FlowValue value, IOperation source)
    {
        IFieldSymbol field = target.Field;
        RetainsContract? contract = context.Contracts.RetainsOf(field);
        if (contract is not null)
        {
            CheckUse(value, source);
        }
        if (target.Instance is null or IInstanceReferenceOperation)
        {
            if (contract is not null)
            {
                Begin(value, FlightOf(source, field, contract, value));
            }
            else
            {
                Escape(value);
            }
            if (context.VariableOf(field).IsTracked)
            {
                Bind(field, Known(value, source, field.Type));
            }
            return;
        }
        if (target.Instance.Type is not { IsValueType: true })
        {
            CheckUse(Evaluate(target.Instance), target.Instance);
            Escape(value);
            return;
        }

        object? holder = target.Instance is IFlowCaptureReferenceOperation { Id: var id }
            ? context.VariableOf(id) : null;
        FlowValue place = FlowValue.Unknown;
        if (holder is null)
        {
            place = EvaluatePlace(target.Instance);
            Touch(place, target, isWrite: true);
            holder = place.IsCertain && place.Alternatives[0].Front.IsOwnMemory
                ? place.Alternatives[0].Front : null;
        }
        if (contract is null)
        {
            Escape(value);
        }
        else if (holder is null)
        {
            Begin(value, FlightOf(source, field, contract, value));
        }
        else if (!value.Alternatives.IsEmpty)
        {
            Flight flight = FlightOf(source, field, contract, value);
            ImmutableArray<HeldAddress> others =
                State.HeldBy(holder).RemoveAll(held => held.Flight == flight);
            State.Hold(holder, others.Add(new HeldAddress(value.Holding([]), flight)));
        }
    }

    /// <summary>Into memory: of a struct of ours, which then holds what the value holds, or of
    /// others.</summary>
    private void Store(FlowValue place, IOperation target, FlowValue value)
    {
        Touch(place, target, isWrite: true);
        if (!value.Held.IsEmpty)
        {
            if (place.IsCertain && place.Alternatives[0].Front is { IsOwnMemory: true } own)
            {
                State.Hold(own, HeldAddress.Union(State.HeldBy(own), value.Held));
            }
            else if (target.IsDereference())
            {
                foreach (HeldAddress held in value.Held)
                {
                    Begin(held.Value, held.Flight);
                }
            }
            else
            {
                EscapeHeld(value.Held);
            }
        }
        Escape(value, withHeld: false);
    }

    private FlowValue Compound(ICompoundAssignmentOperation compound)
    {
        FlowValue value = Evaluate(compound.Value);
        if (compound.Target is ILocalReferenceOperation { Local: { IsRef: false } local })
        {
            long? distance = Distance(compound.Value, local.Type);
            FlowValue moved = compound.OperatorKind switch
            {
                BinaryOperatorKind.Add => OfSymbol(local).Moved(distance),
                BinaryOperatorKind.Subtract => OfSymbol(local).Moved(-distance),
                _ => FlowValue.Unknown,
            };
            Bind(local, moved);
            return moved;
        }
        Escape(value);
        Rewrite(compound.Target);
        return FlowValue.Unknown;
    }

    private FlowValue Step(IIncrementOrDecrementOperation step)
    {
        if (step.Target is ILocalReferenceOperation { Local: { IsRef: false } local })
        {
            FlowValue before = OfSymbol(local);
            FlowValue after = before.Moved(null);
            Bind(local, after);
            return step.IsPostfix ? before : after;
        }
        Rewrite(step.Target);
        return FlowValue.Unknown;
    }

    private void Rewrite(IOperation target)
    {
        if (target is IParameterReferenceOperation { Parameter: { RefKind: RefKind.None } parameter })
        {
            Bind(parameter, FlowValue.Unknown);
        }
        else if (target is IFieldReferenceOperation { Field: var field }
            && context.VariableOf(field).IsTracked)
        {
            Bind(field, FlowValue.Unknown);
        }
        else if (target is not IFieldReferenceOperation)
        {
            Touch(EvaluatePlace(target), target, isWrite: true);
        }
    }

    private FlowValue Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        IOperation target = deconstruction.Target is IDeclarationExpressionOperation declaration
            ? declaration.Expression : deconstruction.Target;
        IOperation source = deconstruction.Value.WithoutConversions();
        if (target is ITupleOperation targets && source is ITupleOperation sources
            && targets.Elements.Length == sources.Elements.Length)
        {
            ImmutableArray<FlowValue>.Builder values = ImmutableArray.CreateBuilder<FlowValue>();
            foreach (IOperation element in sources.Elements)
            {
                values.Add(Evaluate(element));
            }
            for (int i = 0; i < values.Count; i++)
            {
                AssignTo(targets.Elements[i], values[i], sources.Elements[i], isRef: false);
            }
            return FlowValue.Unknown;
        }
        Escape(Evaluate(deconstruction.Value));
        foreach (IOperation part in target.DescendantsAndSelf())
        {
            if (part is ILocalReferenceOperation { Local: { IsRef: false } local })
            {
                Bind(local, FlowValue.Unknown);
            }
        }
        return FlowValue.Unknown;
    }

    private FlowValue Capture(IFlowCaptureOperation capture)
    {
        IOperation captured = capture.Value;
        _captured[capture.Id] = captured;
        // A place that is captured in order to be written is not read.
        FlowValue value = context.Targets.Contains(capture.Id) && captured.IsDereference()
            ? EvaluatePlace(captured) : Evaluate(captured);
        Variable temporary = context.VariableOf(capture.Id);
        State.Bind(temporary, value.Holding([]));
        State.Hold(temporary, value.Held);
        return value;
    }

    private void Bind(ISymbol symbol, FlowValue value)
    {
        Variable variable = context.VariableOf(symbol);
        State.Forget(variable);
        if (!variable.IsTracked)
        {
            Escape(value);
            return;
        }
        State.Bind(variable, value.Holding([]));
        if (variable.OnStack is { } itself)
        {
            State.Hold(itself, value.Held);
        }
    }

    private FlowValue PinOf(ILocalSymbol local, FlowValue value)
    {
        MemoryObject pin = context.Object(MemoryObjectKind.Fixed, local);
        State.MakeAnew(pin);
        return value.PinnedBy(pin);
    }

    /// <summary>A local that has its memory from somewhere unseen: that memory has at least a name
    /// now.</summary>
    private FlowValue Known(FlowValue value, IOperation source, ITypeSymbol type)
    {
        bool isNew = value.Alternatives.IsEmpty && value.IsPartlyUnknown
            && source.WithoutConversions() is IInvocationOperation or IPropertyReferenceOperation
                or IObjectCreationOperation or IAwaitOperation
            && context.Types.LeadsToMemory(type);
        return isNew ? MakeUnseen(source.WithoutConversions(), type) : value;
    }

    private FlowValue MakeUnseen(IOperation source, ITypeSymbol? type) => Make(
        FlowTypes.IsPatient(type) ? MemoryObjectKind.PatientOwner : MemoryObjectKind.Unseen, source);

    private void LearnConstant(ILocalSymbol local, IOperation source)
    {
        if (local.Type.SpecialType == SpecialType.System_Boolean
            && source.ConstantValue is { HasValue: true, Value: bool outcome })
        {
            State.Learn(context.ConditionOf(local), outcome);
        }
    }

    /// <summary>What the method gives back is known to its caller.</summary>
    public void Return(FlowValue value, IOperation? result)
    {
        if (result is not null)
        {
            CheckUse(value, result);
        }
        Escape(value);
    }

    /// <summary>The value of a plain reference, without any effect.</summary>
    public FlowValue ValueOfReference(IOperation reference) => reference switch
    {
        ILocalReferenceOperation { Local: { IsRef: false } local } => OfSymbol(local),
        IParameterReferenceOperation { Parameter: var parameter } => OfSymbol(parameter),
        IFlowCaptureReferenceOperation { Id: var id } => State.ValueOf(context.VariableOf(id)),
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation, Field: var field } =>
            ValueOf(field),
        _ => FlowValue.Unknown,
    };
}
