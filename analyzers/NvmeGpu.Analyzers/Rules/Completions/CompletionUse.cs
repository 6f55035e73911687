using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>
/// Whether a use of a completion (or of a pointer to one) lets somebody else look at its result.
/// </summary>
internal static class CompletionUse
{
    public static bool IsShared(ILocalReferenceOperation entry)
    {
        if (entry.IsDeclaration)
        {
            return false;
        }
        // `cqe->res`, `cqes[i]`: a pointer indirection has no operation of its own.
        IOperation use = entry;
        while (use.Parent is IConversionOperation or { Kind: OperationKind.None }
            && use.Parent.Parent is not null)
        {
            use = use.Parent;
        }
        return use.Parent switch
        {
            // The reap itself.
            IAddressOfOperation { Parent: IArgumentOperation } => false,
            IAddressOfOperation { Parent: IConversionOperation { Parent: IArgumentOperation } } => false,
            IArgumentOperation { Parameter.RefKind: RefKind.Out } => false,
            IArgumentOperation { Parameter.Type: IPointerTypeSymbol { PointedAtType: IPointerTypeSymbol } } =>
                false,
            IDeclarationExpressionOperation => false,
            IArgumentOperation { Parent: IInvocationOperation call } =>
                !NativeNames.IgnoresResult(call.TargetMethod),
            IFieldReferenceOperation or IPropertyReferenceOperation => false,
            IBinaryOperation => false,
            IIsPatternOperation { Pattern: IConstantPatternOperation or INegatedPatternOperation } => false,
            IPropertySubpatternOperation or IRecursivePatternOperation => false,
            // Another local of the same kind is looked at itself.
            IVariableInitializerOperation => false,
            ISimpleAssignmentOperation assignment =>
                assignment.Target != use && assignment.Target is not ILocalReferenceOperation,
            _ => true,
        };
    }
}
