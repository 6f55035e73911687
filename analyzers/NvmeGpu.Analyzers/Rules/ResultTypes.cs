using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>What kind of result a call gives that somebody has to look at.</summary>
internal static class ResultTypes
{
    /// <summary>
    /// The call begins an operation and gives its token. A method that hands tokens through (a queue of them,
    /// a helper that is given one) gives one too, but begins nothing; and a method of the caller's own type
    /// may have kept it already, unless it says that its result must be looked at.
    /// </summary>
    public static bool GivesToken(IInvocationOperation call, ISymbol caller, ContractSymbols contracts)
    {
        IMethodSymbol method = call.TargetMethod;
        return contracts.IsOperationToken(method.OriginalDefinition.ReturnType)
            && (contracts.MustObserve(method)
                || !SymbolEqualityComparer.Default.Equals(method.ContainingType, caller.ContainingType))
            && !call.Arguments.Any(argument =>
                argument.Value.Type is { } type && contracts.IsOperationToken(type));
    }

    /// <summary>The call begins an operation and gives something to be awaited.</summary>
    public static bool GivesTask(IInvocationOperation call, ContractSymbols contracts) =>
        contracts.MustObserve(call.TargetMethod) && IsAwaitable(call.TargetMethod.ReturnType);

    /// <summary>With the calls that only give the task another form.</summary>
    public static IOperation WholeTask(IInvocationOperation call)
    {
        IOperation task = call;
        while (task.Parent is IInvocationOperation
            {
                TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve",
            } form
            && form.Instance == task)
        {
            task = form;
        }
        return task;
    }

    /// <summary>A plain result: an error number, a count, a completion.</summary>
    public static bool GivesResult(IInvocationOperation call, ContractSymbols contracts) =>
        contracts.MustObserve(call.TargetMethod)
        && !call.TargetMethod.ReturnsVoid
        && !contracts.IsOperationToken(call.TargetMethod.OriginalDefinition.ReturnType)
        && !IsAwaitable(call.TargetMethod.ReturnType);

    private static bool IsAwaitable(ITypeSymbol type) =>
        type is INamedTypeSymbol or ITypeParameterSymbol
        && type.GetMembers("GetAwaiter").Any(member => member is IMethodSymbol { Parameters.Length: 0 });
}
