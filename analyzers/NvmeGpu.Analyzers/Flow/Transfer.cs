using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// What an operation does to a state, in the order of evaluation, and what value it has. This part: values;
/// the others: places, assignments, calls, effects.
/// </summary>
/// <param name="context">What the run shares.</param>
/// <param name="onThrow">Told the state in which an exception may leave.</param>
/// <param name="onFrameEnd">Told the state in which an await gives the stack back.</param>
internal sealed partial class Transfer(
    FlowContext context,
    Action<FlowState> onThrow,
    Action<FlowState, Findings> onFrameEnd)
{
    private readonly KnownTypes _known = context.Types.Known;

    // Compiler's temporaries that stand for a place, such as the target of `??=`.
    private readonly Dictionary<CaptureId, IOperation> _captured = [];

    public FlowState State { get; set; } = new(context);

    /// <summary>Where findings go.</summary>
    public Findings Findings { get; set; } = new(isScout: true);

    /// <summary>The block that is passed.</summary>
    public int Block { get; set; }

    public FlowValue Evaluate(IOperation? operation)
    {
        if (operation is null)
        {
            return FlowValue.Unknown;
        }
        if (operation.ConstantValue is { HasValue: true, Value: var constant })
        {
            return constant is null or 0 or 0u or 0L or 0UL ? FlowValue.Null : FlowValue.Unknown;
        }
        switch (operation.Kind)
        {
            case OperationKind.DefaultValue:
                return FlowValue.Null;
            case OperationKind.ExpressionStatement:
                return Evaluate(((IExpressionStatementOperation)operation).Operation);
            case OperationKind.SimpleAssignment:
                return Assign((ISimpleAssignmentOperation)operation);
            case OperationKind.CompoundAssignment:
                return Compound((ICompoundAssignmentOperation)operation);
            case OperationKind.Increment or OperationKind.Decrement:
                return Step((IIncrementOrDecrementOperation)operation);
            case OperationKind.DeconstructionAssignment:
                return Deconstruct((IDeconstructionAssignmentOperation)operation);
            case OperationKind.FlowCapture:
                return Capture((IFlowCaptureOperation)operation);
            case OperationKind.FlowCaptureReference:
                Variable temporary = context.VariableOf(((IFlowCaptureReferenceOperation)operation).Id);
                return State.ValueOf(temporary).Holding(State.HeldBy(temporary));
            case OperationKind.LocalReference:
                return OfLocal((ILocalReferenceOperation)operation);
            case OperationKind.ParameterReference:
                return OfSymbol(((IParameterReferenceOperation)operation).Parameter);
            case OperationKind.FieldReference:
                return OfField((IFieldReferenceOperation)operation);
            case OperationKind.Conversion:
                return OfConversion((IConversionOperation)operation);
            case OperationKind.Binary:
                return OfBinary((IBinaryOperation)operation);
            case OperationKind.AddressOf:
                return EvaluatePlace(((IAddressOfOperation)operation).Reference);
            case OperationKind.Invocation:
                return Call((IInvocationOperation)operation);
            case OperationKind.ObjectCreation:
                return Create((IObjectCreationOperation)operation);
            case OperationKind.ArrayCreation:
                return OfNewArray((IArrayCreationOperation)operation);
            case OperationKind.CollectionExpression:
                return OfCollection((ICollectionExpressionOperation)operation);
            case OperationKind.PropertyReference:
                return OfProperty((IPropertyReferenceOperation)operation);
            case OperationKind.ArrayElementReference or OperationKind.InlineArrayAccess:
                Touch(EvaluatePlace(operation), operation, isWrite: false);
                return FlowValue.Unknown;
            case OperationKind.ImplicitIndexerReference:
                return OfPart((IImplicitIndexerReferenceOperation)operation);
            case OperationKind.Await:
                return Await((IAwaitOperation)operation);
            case OperationKind.Return or OperationKind.YieldReturn or OperationKind.YieldBreak:
                Escape(Evaluate(((IReturnOperation)operation).ReturnedValue));
                State.EndAll(); // `yield return`: the caller runs
                return FlowValue.Unknown;
            case OperationKind.IsPattern:
                var match = (IIsPatternOperation)operation;
                Match(match.Pattern, Evaluate(match.Value));
                return FlowValue.Unknown;
            case OperationKind.IsNull or OperationKind.SizeOf or OperationKind.NameOf or OperationKind.TypeOf:
            case OperationKind.Unary:
                return Unseen(operation, escapes: false);
            case OperationKind.FunctionPointerInvocation:
                return CallPointer((IFunctionPointerInvocationOperation)operation);
            case OperationKind.None:
                return OfUnnamed(operation);
            default:
                return Unseen(operation, escapes: true);
        }
    }

    private FlowValue OfLocal(ILocalReferenceOperation reference)
    {
        if (!reference.Local.IsRef)
        {
            return OfSymbol(reference.Local);
        }
        Touch(EvaluatePlace(reference), reference, isWrite: false);
        return FlowValue.Unknown;
    }

    /// <summary>What the analysis does not look into: who is given to it is known to others.</summary>
    private FlowValue Unseen(IOperation operation, bool escapes)
    {
        foreach (IOperation child in operation.ChildOperations)
        {
            FlowValue value = Evaluate(child);
            if (escapes)
            {
                Escape(value);
            }
        }
        return FlowValue.Unknown;
    }

    /// <summary>`*p`, `p[i]`, `stackalloc` and the value of a `fixed` local have no kind of their
    /// own.</summary>
    private FlowValue OfUnnamed(IOperation operation)
    {
        if (operation.Syntax is StackAllocArrayCreationExpressionSyntax
            or ImplicitStackAllocArrayCreationExpressionSyntax)
        {
            MemoryObject block = context.Object(MemoryObjectKind.StackBlock, operation.Syntax);
            ImmutableArray<HeldAddress> held = HeldByElements(operation.ChildOperations);
            State.MakeAnew(block);
            State.Hold(block, held);
            return block.Value;
        }
        if (operation.IsDereference())
        {
            FlowValue place = EvaluatePlace(operation);
            Touch(place, operation, isWrite: false);
            return FlowValue.Unknown;
        }
        if (operation is { IsImplicit: true, ChildOperations.Count: 1 } && IsAddress(operation.Type))
        {
            foreach (IOperation child in operation.ChildOperations)
            {
                return child is IAddressOfOperation or { Type: IPointerTypeSymbol } ? Evaluate(child)
                    : child.Type is { IsValueType: false } or null || context.Types.LeadsToMemory(child.Type)
                        ? Evaluate(child) : EvaluatePlace(child);
            }
        }
        return Unseen(operation, escapes: true);
    }

    private FlowValue OfSymbol(ISymbol symbol)
    {
        Variable variable = context.VariableOf(symbol);
        return variable.IsTracked
            ? State.ValueOf(variable).Holding(State.HeldBy(variable.OnStack!)) : FlowValue.Unknown;
    }

    /// <summary>What a variable has, but for what it holds; one that is not tracked is unknown.</summary>
    private FlowValue ValueOf(ISymbol symbol) => context.VariableOf(symbol) is { IsTracked: true } variable
        ? State.ValueOf(variable) : FlowValue.Unknown;

    private FlowValue OfField(IFieldReferenceOperation field)
    {
        switch (field.Instance)
        {
            case null or IInstanceReferenceOperation:
                return ValueOf(field.Field);
            case { } instance when instance.IsDereference():
                Touch(EvaluatePlace(instance), field, isWrite: false);
                return FlowValue.Unknown;
            case ILocalReferenceOperation { Local.IsRef: false } or IParameterReferenceOperation
                or IFlowCaptureReferenceOperation:
                CheckUse(Evaluate(field.Instance), field.Instance);
                return FlowValue.Unknown;
            case { } instance:
                Evaluate(instance);
                return FlowValue.Unknown;
        }
    }

    private FlowValue OfConversion(IConversionOperation conversion)
    {
        IOperation operand = conversion.Operand;
        if (_known.IsSpan(conversion.Type) && operand.Type is { IsValueType: true }
            && !_known.IsSpan(operand.Type)
            && conversion.OperatorMethod is null && operand is not ICollectionExpressionOperation
            && operand.Kind != OperationKind.None)
        {
            return EvaluatePlace(operand); // an inline array
        }
        FlowValue value = Evaluate(operand);
        if (conversion.OperatorMethod is { } method && !method.IsInSystem())
        {
            Escape(value);
            return FlowValue.Unknown;
        }
        return value;
    }

    private FlowValue OfBinary(IBinaryOperation binary)
    {
        FlowValue left = Evaluate(binary.LeftOperand);
        FlowValue right = Evaluate(binary.RightOperand);
        if (binary.OperatorKind is not (BinaryOperatorKind.Add or BinaryOperatorKind.Subtract))
        {
            return FlowValue.Unknown;
        }
        if (!left.Alternatives.IsEmpty)
        {
            long? distance = Distance(binary.RightOperand, binary.LeftOperand.Type);
            return left.Moved(binary.OperatorKind == BinaryOperatorKind.Add ? distance : -distance);
        }
        return binary.OperatorKind == BinaryOperatorKind.Add
            ? right.Moved(Distance(binary.LeftOperand, binary.RightOperand.Type))
            : FlowValue.Unknown;
    }

    private FlowValue OfNewArray(IArrayCreationOperation creation)
    {
        foreach (IOperation size in creation.DimensionSizes)
        {
            Evaluate(size);
        }
        ImmutableArray<HeldAddress> held = creation.Initializer is { } initializer
            ? HeldByElements(initializer.ChildOperations) : [];
        FlowValue array = Make(MemoryObjectKind.Array, creation);
        State.Hold(array.Alternatives[0].Front, held);
        return array;
    }

    private FlowValue OfCollection(ICollectionExpressionOperation collection)
    {
        ImmutableArray<HeldAddress> held = HeldByElements(collection.ChildOperations);
        MemoryObjectKind? kind = _known.IsSpan(collection.Type) ? MemoryObjectKind.StackBlock
            : collection.Type is IArrayTypeSymbol ? MemoryObjectKind.Array : null;
        if (kind is not { } made)
        {
            EscapeHeld(held);
            return FlowValue.Unknown;
        }
        FlowValue memory = Make(made, collection);
        State.Hold(memory.Alternatives[0].Front, held);
        return memory;
    }

    /// <summary>Elements that are addresses escape into the collection; structs that hold some lend
    /// them.</summary>
    private ImmutableArray<HeldAddress> HeldByElements(IOperation.OperationList elements)
    {
        ImmutableArray<HeldAddress> held = [];
        foreach (IOperation element in elements)
        {
            FlowValue value = element is IArrayInitializerOperation nested
                ? FlowValue.Unknown.Holding(HeldByElements(nested.ChildOperations))
                : Evaluate(element);
            held = HeldAddress.Union(held, value.Held);
            Escape(value.Holding([]), withHeld: false);
        }
        return held;
    }

    private FlowValue OfPart(IImplicitIndexerReferenceOperation part)
    {
        FlowValue whole = Evaluate(part.Instance);
        Evaluate(part.Argument);
        if (_known.IsSpan(part.Type) || _known.IsMemory(part.Type))
        {
            return whole.Moved(part.Argument is IRangeOperation { LeftOperand: null } ? 0 : null);
        }
        Touch(whole.Moved(null), part, isWrite: false);
        return FlowValue.Unknown;
    }

    private FlowValue Await(IAwaitOperation wait)
    {
        FlowValue value = Evaluate(wait.Operation);
        onFrameEnd(State, Findings);
        if (!IsDelay(wait))
        {
            State.EndAll();
        }
        return value;
    }

    /// <summary>
    /// Whoever runs during an await may see completions; a delay is awaited for nothing of the kind.
    /// </summary>
    public static bool IsDelay(IAwaitOperation wait) => wait.Operation is IInvocationOperation
    {
        TargetMethod: { Name: "Delay" or "Yield", ContainingType.Name: "Task" },
    };

    private void Match(IPatternOperation pattern, FlowValue value)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol }:
                Bind(symbol, value);
                break;
            case IRecursivePatternOperation { DeclaredSymbol: { } symbol }:
                Bind(symbol, value);
                break;
            case IBinaryPatternOperation both:
                Match(both.LeftPattern, value);
                Match(both.RightPattern, value);
                break;
            case INegatedPatternOperation not:
                Match(not.Pattern, value);
                break;
        }
    }

    private FlowValue Make(MemoryObjectKind kind, IOperation operation)
    {
        MemoryObject memory = context.Object(kind, operation.Syntax);
        State.MakeAnew(memory);
        return memory.Value;
    }

    private static bool IsAddress(ITypeSymbol? type) => type is IPointerTypeSymbol
        or { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr };
}
