using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>The one value that a local ever has.</summary>
internal static class LocalValue
{
    /// <summary>
    /// The value of a local that is written exactly once, by an initialiser or a plain assignment; null when
    /// it is written twice, through a reference, by a pattern, or by a <c>fixed</c> statement (which is
    /// NVG0001's).
    /// </summary>
    public static IOperation? Of(ILocalSymbol local, IOperation anywhereInMethod)
    {
        if (local.IsFixed)
        {
            return null;
        }
        IOperation? value = null;
        int writes = 0;
        foreach (IOperation operation in Root(anywhereInMethod).LocalUses())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Same(declarator.Symbol, local):
                    IOperation? initial = declarator.GetVariableInitializer()?.Value;
                    if (initial is not null)
                    {
                        writes++;
                        value = initial;
                    }
                    break;
                case ILocalReferenceOperation reference when Same(reference.Local, local):
                    if (reference.Parent is ISimpleAssignmentOperation assignment
                        && assignment.Target == reference)
                    {
                        // `location = x` writes through a ref local; only `location = ref x` gives it another
                        // value.
                        if (local.IsRef == assignment.IsRef)
                        {
                            writes++;
                            value = assignment.Value;
                        }
                    }
                    else if (!local.IsRef && MayWrite(reference))
                    {
                        return null;
                    }
                    break;
            }
        }
        return writes == 1 ? value : null;
    }

    /// <summary>
    /// The operation that stands for the whole method, its lambdas and local functions included.
    /// </summary>
    public static IOperation Root(IOperation operation)
    {
        // Above the block of a method there is no more of it.
        while (operation.Parent is { Kind: not OperationKind.MethodBody } parent)
        {
            operation = parent;
        }
        return operation;
    }

    private static bool MayWrite(IOperation reference) => reference.Parent switch
    {
        ICompoundAssignmentOperation compound => compound.Target == reference,
        ICoalesceAssignmentOperation coalesce => coalesce.Target == reference,
        IIncrementOrDecrementOperation => true,
        IAddressOfOperation => true,
        ITupleOperation => true,
        IDeclarationExpressionOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
        _ => false,
    };

    private static bool Same(ISymbol left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
