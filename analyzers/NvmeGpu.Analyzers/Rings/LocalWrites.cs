using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>
/// Whether a reference to a local may change it in a way that is not read as an assignment.
/// </summary>
internal static class LocalWrites
{
    public static bool MayWrite(ILocalReferenceOperation reference) => reference.Parent switch
    {
        ICoalesceAssignmentOperation coalesce => coalesce.Target == reference,
        IIncrementOrDecrementOperation or IAddressOfOperation or ITupleOperation => true,
        IDeclarationExpressionOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
        _ => false,
    };
}
