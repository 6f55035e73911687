using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>
/// The sites of a body at which a contract may be broken. Several rules go over them; most methods have a
/// handful, which are found once.
/// </summary>
internal static class ContractSites
{
    // An operation never changes, and the compiler gives the same ones to all rules.
    private static readonly ConditionalWeakTable<IOperation, List<ContractSite>> s_sites = new();

    /// <summary>
    /// Calls <paramref name="visit"/> for every argument and every assignment to a field whose parameter,
    /// field or method carries a contract, with the body that it stands in.
    /// </summary>
    public static void Register(
        CompilationStartAnalysisContext context,
        ContractSymbols contracts,
        Action<OperationBlockAnalysisContext, IOperation, ContractSite> visit) =>
        context.RegisterBlocks(contracts, block =>
        {
            foreach (IOperation body in block.OperationBlocks)
            {
                foreach (ContractSite site in s_sites.GetValue(body, one => Find(one, contracts)))
                {
                    visit(block, body, site);
                }
            }
        });

    private static List<ContractSite> Find(IOperation body, ContractSymbols contracts)
    {
        var sites = new List<ContractSite>();
        foreach (IOperation operation in body.Givings())
        {
            if (ContractSite.TryFrom(operation, out ContractSite site)
                && (contracts.HasAny(site.Target)
                    || (site.Target.ContainingSymbol is IMethodSymbol method && contracts.HasAny(method))))
            {
                sites.Add(site);
            }
        }
        return sites;
    }
}
