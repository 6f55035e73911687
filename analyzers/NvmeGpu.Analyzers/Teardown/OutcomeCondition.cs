using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Teardown;

/// <summary>Code that runs only on some outcome of a call.</summary>
internal static class OutcomeCondition
{
    /// <summary>
    /// A branch around <paramref name="part"/> is taken on a condition that has the call in it, or a local
    /// that got its result.
    /// </summary>
    public static bool IsAround(IOperation body, SyntaxNode part, IOperation call)
    {
        ISymbol? result = ResultOf(call);
        return body.Parts().Any(operation =>
            operation is IConditionalOperation branch
            && (branch.WhenTrue.Syntax.Span.Contains(part.Span)
                || branch.WhenFalse?.Syntax.Span.Contains(part.Span) == true)
            && branch.Condition.DescendantsAndSelf().Any(piece => piece.Syntax == call.Syntax
                || (piece is ILocalReferenceOperation reference
                    && SymbolEqualityComparer.Default.Equals(reference.Local, result))));
    }

    private static ISymbol? ResultOf(IOperation call)
    {
        IOperation value = call;
        while (value.Parent is IConversionOperation conversion)
        {
            value = conversion;
        }
        return value.Parent switch
        {
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } =>
                declarator.Symbol,
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } => local.Local,
            _ => null,
        };
    }
}
