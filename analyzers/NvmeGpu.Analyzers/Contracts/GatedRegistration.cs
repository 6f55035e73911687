using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>The driver's registrations, for code within reach of the library only.</summary>
internal static class GatedRegistration
{
    public static void RegisterBlocks(
        this CompilationStartAnalysisContext context,
        ContractSymbols contracts,
        Action<OperationBlockAnalysisContext> action) =>
        context.RegisterOperationBlockAction(block =>
        {
            if (contracts.Reach.Contains(block.FilterTree))
            {
                action(block);
            }
        });

    public static void RegisterSymbols(
        this CompilationStartAnalysisContext context,
        ContractSymbols contracts,
        Action<SymbolAnalysisContext> action,
        params SymbolKind[] kinds) =>
        context.RegisterSymbolAction(
            symbol =>
            {
                if (contracts.Reach.ContainsAny(symbol.Symbol))
                {
                    action(symbol);
                }
            },
            kinds);

    public static void RegisterSymbolStart(
        this CompilationStartAnalysisContext context,
        ContractSymbols contracts,
        Action<SymbolStartAnalysisContext> action,
        SymbolKind kind) =>
        context.RegisterSymbolStartAction(
            symbol =>
            {
                if (contracts.Reach.ContainsAny(symbol.Symbol))
                {
                    action(symbol);
                }
            },
            kind);
}
