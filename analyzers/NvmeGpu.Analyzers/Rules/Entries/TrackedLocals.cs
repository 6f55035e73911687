using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Rules.Completions;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>Pointers to entries that only the function which declares them can change.</summary>
internal static class TrackedLocals
{
    public static List<ILocalSymbol> Of(IOperation method)
    {
        var functions = new Dictionary<ILocalSymbol, IOperation?>(SymbolEqualityComparer.Default);
        var captured = new HashSet<ILocalSymbol>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in method.LocalUses())
        {
            if (operation is not ILocalReferenceOperation { Local: var local } reference || local.IsRef
                || !NativeNames.IsPointerTo(local.Type, NativeNames.SubmissionEntry))
            {
                continue;
            }
            IOperation? function = LocalReads.FunctionAround(reference);
            if (!functions.TryGetValue(local, out IOperation? first))
            {
                functions.Add(local, function);
            }
            else if (first != function)
            {
                _ = captured.Add(local);
            }
        }
        return [.. functions.Keys.Where(local => !captured.Contains(local))];
    }
}
