using System;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>
/// Runs a check of a whole method only when the method has an operation that the check is about: other
/// methods are not walked.
/// </summary>
internal static class BlockGate
{
    public static void Register(
        CompilationStartAnalysisContext context,
        ContractSymbols contracts,
        Func<IOperation, bool> isOfInterest,
        Action<OperationBlockAnalysisContext> check,
        params OperationKind[] kinds) =>
        context.RegisterBlockStart(contracts, start =>
        {
            int isWanted = 0;
            start.RegisterOperationAction(
                operation =>
                {
                    if (Volatile.Read(ref isWanted) == 0 && isOfInterest(operation.Operation))
                    {
                        Volatile.Write(ref isWanted, 1);
                    }
                },
                kinds);
            start.RegisterOperationBlockEndAction(end =>
            {
                if (Volatile.Read(ref isWanted) != 0)
                {
                    check(end);
                }
            });
        });
}
