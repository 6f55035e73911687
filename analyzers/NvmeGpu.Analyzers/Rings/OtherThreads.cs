using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>Calls of the class library that run a function on another thread.</summary>
internal static class OtherThreads
{
    /// <summary>
    /// The body of the lambda or local function that this argument hands to another thread, or null.
    /// </summary>
    public static IOperation? FunctionRunByOther(IOperation operation)
    {
        if (operation is not IDelegateCreationOperation { Target: var target } creation
            || !IsHandedOver(creation))
        {
            return null;
        }
        return target switch
        {
            IAnonymousFunctionOperation lambda => lambda.Body,
            IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } function } =>
                BodyOf(function, operation),
            _ => null,
        };
    }

    private static bool IsHandedOver(IOperation function)
    {
        IOperation use = function;
        while (use.Parent is IConversionOperation conversion)
        {
            use = conversion;
        }
        return use.Parent is IArgumentOperation { Parent: var call } && call switch
        {
            IInvocationOperation { TargetMethod: var method } => IsThreading(method.ContainingType)
                && (method.ContainingType.Name, method.Name) is ("Task", "Run") or ("TaskFactory", "StartNew")
                    or ("ThreadPool", "QueueUserWorkItem" or "UnsafeQueueUserWorkItem") or ("Parallel", _),
            IObjectCreationOperation { Type: INamedTypeSymbol type } =>
                IsThreading(type) && type.Name is "Thread" or "Task" or "Timer",
            _ => false,
        };
    }

    /// <summary>System.Threading or System.Threading.Tasks.</summary>
    private static bool IsThreading(INamedTypeSymbol? type)
    {
        INamespaceSymbol? space = type?.ContainingNamespace;
        if (space?.Name == "Tasks")
        {
            space = space.ContainingNamespace;
        }
        return space is
        {
            Name: "Threading",
            ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
        };
    }

    private static IOperation? BodyOf(IMethodSymbol function, IOperation anywhereInMethod)
    {
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            if (operation is ILocalFunctionOperation local
                && SymbolEqualityComparer.Default.Equals(local.Symbol, function))
            {
                return local.Body;
            }
        }
        return null;
    }
}
