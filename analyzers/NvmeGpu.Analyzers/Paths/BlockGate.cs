using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Paths;

/// <summary>
/// Runs a check of a whole method only when the method has a call that the check is about.
/// </summary>
internal static class BlockGate
{
    public static void Register(
        CompilationStartAnalysisContext context,
        ContractSymbols contracts,
        Func<IOperation, bool> isOfInterest,
        Action<OperationBlockAnalysisContext> check) =>
        context.RegisterBlocks(contracts, block =>
        {
            foreach (IOperation body in block.OperationBlocks)
            {
                foreach (IOperation call in body.Calls())
                {
                    if (isOfInterest(call))
                    {
                        check(block);
                        return;
                    }
                }
            }
        });
}
