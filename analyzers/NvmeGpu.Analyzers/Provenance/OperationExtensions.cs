using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Provenance;

internal static class OperationExtensions
{
    /// <summary>
    /// The value for a parameter by its position: named arguments stand in the order of the call.
    /// </summary>
    public static IOperation Argument(this IInvocationOperation call, int ordinal)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal == ordinal)
            {
                return argument.Value;
            }
        }
        return call;
    }

    public static bool IsByReference(this IParameterSymbol parameter) => parameter.RefKind != RefKind.None;

    public static IOperation WithoutConversions(this IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }
        return operation;
    }

    /// <summary>`*p`, `p[i]` and the left side of `p->x`, which have no kind of their own.</summary>
    public static bool IsDereference(this IOperation operation)
    {
        if (operation.Kind == OperationKind.None)
        {
            foreach (IOperation pointer in operation.ChildOperations)
            {
                return pointer.Type is IPointerTypeSymbol { PointedAtType: var type }
                    && SymbolEqualityComparer.Default.Equals(type, operation.Type);
            }
        }
        return false;
    }

    /// <summary>A member of this name in the System namespace or below it.</summary>
    public static bool IsInSystem(this ISymbol symbol)
    {
        INamespaceSymbol? space = symbol.ContainingNamespace;
        while (space is { ContainingNamespace.IsGlobalNamespace: false })
        {
            space = space.ContainingNamespace;
        }
        return space?.Name == "System";
    }
}
