using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// Managed arrays: movable when their allocation is visible, and nothing visible may have pinned them.
/// </summary>
internal sealed partial class OriginReader
{
    private MemoryOrigin OfArray(IOperation array, int steps)
    {
        if (steps == 0)
        {
            return MemoryOrigin.Unknown;
        }
        steps--;
        array = array.WithoutConversions();
        switch (array)
        {
            case IArrayCreationOperation or ICollectionExpressionOperation:
                return Movable(array);
            case ILocalReferenceOperation { Local: var local }:
                if (LocalValue.Of(local, array) is not { } only || MayBePinned(local, array, steps))
                {
                    return MemoryOrigin.Unknown;
                }
                return OfArray(only, steps).Named($"the array '{local.Name}'").Via(local);
            case IFieldReferenceOperation { Field: var field } reference:
                return OfArrayField(field, reference, steps);
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Join(OfArray(conditional.WhenTrue, steps), OfArray(whenFalse, steps));
            case ICoalesceOperation coalesce:
                return Join(OfArray(coalesce.Value, steps), OfArray(coalesce.WhenNull, steps));
            case IInvocationOperation call:
                return OfReturnedArray(call);
            default:
                return IsNullOrZero(array) ? MemoryOrigin.Null : MemoryOrigin.Unknown;
        }
    }

    private MemoryOrigin OfReturnedArray(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (KnownTypes.Is(method.ContainingType, known.GC)
            && method.Name is ("AllocateArray" or "AllocateUninitializedArray"))
        {
            return call.Argument(1).ConstantValue is { HasValue: true, Value: bool isPinned }
                ? isPinned ? new MemoryOrigin(MemoryKind.Pinned, "a pinned array", call) : Movable(call)
                : MemoryOrigin.Unknown;
        }
        if (KnownTypes.Is(method.ContainingType, known.ArrayPool))
        {
            // A pool of one's own may rent out pinned arrays; the shared one does not.
            return method.Name == "Rent"
                && call.Instance is IPropertyReferenceOperation { Property.Name: "Shared" }
                ? new MemoryOrigin(MemoryKind.Movable, "a rented array", call)
                : MemoryOrigin.Unknown;
        }
        return method.IsInSystem() && method.Name is ("ToArray" or "GetBytes" or "ReadAllBytes")
            ? Movable(call)
            : MemoryOrigin.Unknown;
    }

    /// <summary>
    /// A private field whose type is written in one file: every assignment and every use is visible there.
    /// </summary>
    private MemoryOrigin OfArrayField(IFieldSymbol field, IFieldReferenceOperation reference, int steps)
    {
        SemanticModel? model = reference.SemanticModel;
        if (steps == 0 || model is null || field.DeclaredAccessibility != Accessibility.Private)
        {
            return MemoryOrigin.Unknown;
        }
        var values = new List<IOperation>();
        foreach (SyntaxReference part in field.ContainingType.DeclaringSyntaxReferences)
        {
            if (part.SyntaxTree != model.SyntaxTree
                || !TryReadUses(field, part.GetSyntax(), model, values, steps))
            {
                return MemoryOrigin.Unknown;
            }
        }

        MemoryOrigin origin = MemoryOrigin.Null;
        foreach (IOperation value in values)
        {
            origin = Join(origin, OfArray(value, steps));
        }
        IOperation? creation = values.Count == 1 ? origin.Creation : null;
        return origin.Kind is MemoryKind.Movable
            ? new MemoryOrigin(MemoryKind.Movable, $"the array in the field '{field.Name}'", creation)
            : MemoryOrigin.Unknown;
    }

    /// <summary>
    /// Collects what is assigned to the field; false when a use may pin the array or write unseen.
    /// </summary>
    private bool TryReadUses(
        IFieldSymbol field,
        SyntaxNode type,
        SemanticModel model,
        List<IOperation> values,
        int steps)
    {
        foreach (SyntaxNode node in type.DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer.Value: var initial } declarator
                    when declarator.Identifier.ValueText == field.Name
                        && IsSymbol(model.GetDeclaredSymbol(declarator)):
                    if (model.GetOperation(initial) is not { } initialValue)
                    {
                        return false;
                    }
                    values.Add(initialValue);
                    break;
                case IdentifierNameSyntax name
                    when name.Identifier.ValueText == field.Name
                        && IsSymbol(model.GetSymbolInfo(name).Symbol):
                    SyntaxNode whole = name.Parent is MemberAccessExpressionSyntax access
                        && access.Name == name
                        ? access
                        : name;
                    switch (model.GetOperation(whole))
                    {
                        case { Parent: ISimpleAssignmentOperation assignment } use
                            when assignment.Target == use:
                            values.Add(assignment.Value);
                            break;
                        case { Parent: ICoalesceAssignmentOperation assignment } use
                            when assignment.Target == use:
                            values.Add(assignment.Value);
                            break;
                        case { } use when !MayPin(use, steps):
                            break;
                        default:
                            return false;
                    }
                    break;
            }
        }
        return true;

        bool IsSymbol(ISymbol? symbol) =>
            SymbolEqualityComparer.Default.Equals(symbol?.OriginalDefinition, field.OriginalDefinition);
    }

    /// <summary>Whether any use of the local in its method could have pinned the object.</summary>
    private bool MayBePinned(ILocalSymbol local, IOperation anywhereInMethod, int steps)
    {
        return LocalValue.Root(anywhereInMethod).Parts().Any(
            operation => operation is ILocalReferenceOperation reference
                && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                && MayPin(reference, steps));
    }

    /// <summary>
    /// Whether this use could pin the object: by a handle, as Memory, by <c>fixed</c>, or in unseen code.
    /// </summary>
    private bool MayPin(IOperation use, int steps)
    {
        if (steps == 0 || IsInFixedDeclaration(use.Syntax))
        {
            return true;
        }
        IOperation value = use;
        while (value.Parent is IConversionOperation conversion)
        {
            if (known.IsMemory(conversion.Type))
            {
                return true;
            }
            value = conversion;
        }
        switch (value.Parent)
        {
            case IArgumentOperation argument:
                return MayPin(argument);
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var alias } }:
                return alias.Type is { IsReferenceType: true } && MayBePinned(alias, value, steps - 1);
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var alias } } copy
                when copy.Value == value:
                return alias.Type is { IsReferenceType: true } && MayBePinned(alias, value, steps - 1);
            case ISimpleAssignmentOperation assignment:
                // Storing keeps the array alive, but nothing is pinned by it.
                return assignment.Target is not (ILocalReferenceOperation or IFieldReferenceOperation
                    or IArrayElementReferenceOperation);
            case IInvocationOperation call:
                return !call.TargetMethod.IsInSystem();
            case IArrayElementReferenceOperation or IMemberReferenceOperation or IForEachLoopOperation:
            case IBinaryOperation or IIsPatternOperation { Pattern: IConstantPatternOperation }:
            case IReturnOperation or IExpressionStatementOperation or null:
                return false;
            default:
                return true;
        }
    }

    private bool MayPin(IArgumentOperation argument)
    {
        if (known.IsSpan(argument.Parameter?.Type))
        {
            return false; // a span does not outlive the call, so no pin of it does
        }
        IMethodSymbol? method = argument.Parent switch
        {
            IInvocationOperation call => call.TargetMethod,
            IObjectCreationOperation creation => creation.Constructor,
            _ => null,
        };
        if (method is null || !method.IsInSystem())
        {
            return true;
        }
        INamedTypeSymbol type = method.ContainingType;
        if (KnownTypes.Is(type, known.GCHandle) && argument.Parent is IInvocationOperation alloc)
        {
            return PinsByHandle(alloc) is not false;
        }
        return KnownTypes.Is(type, known.PinnedGCHandle)
            || known.IsMemory(type)
            || known.IsMemory(method.ReturnType)
            || type.Name is "ArraySegment" or "ReadOnlySequence";
    }

    private static bool IsInFixedDeclaration(SyntaxNode node) =>
        node.FirstAncestorOrSelf<VariableDeclarationSyntax>()?.Parent is FixedStatementSyntax;

    private static MemoryOrigin Movable(IOperation creation) =>
        new(MemoryKind.Movable, "a managed array", creation);
}
