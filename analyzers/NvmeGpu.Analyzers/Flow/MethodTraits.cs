using System;
using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>What a call of a method means to the flow analysis, looked up once per method.</summary>
internal sealed class MethodTraits
{
    public MethodTraits(IMethodSymbol method, FlowTypes types, ContractSymbols contracts)
    {
        IsInSystem = method.IsInSystem();
        IsLibrary = Library.Contains(method);
        IsBinding = Library.IsBinding(method);
        MakesRing = IsLibrary && method.Name.StartsWith("io_uring_queue_init", StringComparison.Ordinal);
        Completes = contracts.Completes(method);
        Releases = contracts.Releases(method);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            Completes |= contracts.Completes(parameter);
            if (contracts.RetainsOf(parameter) is not null)
            {
                Retains = true;
                RetainsAddress |= types.LeadsToMemory(parameter.Type)
                    || !types.DescribesMemory(parameter.Type);
            }
            LocksParameter |= contracts.IsPageLocked(parameter);
            ReleasesParameter |= contracts.Releases(parameter) || contracts.Transfers(parameter);
        }
        IsSubmit = !Completes && Library.IsSubmit(method);
    }

    public bool IsInSystem { get; }

    public bool IsLibrary { get; }

    /// <summary>Of the bindings: it does not throw.</summary>
    public bool IsBinding { get; }

    /// <summary>Makes a ring in a struct of the caller.</summary>
    public bool MakesRing { get; }

    /// <summary>Afterwards, buffers in flight belong to us again.</summary>
    public bool Completes { get; }

    /// <summary>Hands queued entries to the kernel, and does not wait.</summary>
    public bool IsSubmit { get; }

    /// <summary>Frees its instance.</summary>
    public bool Releases { get; }

    /// <summary>One of its parameters is freed, or given away.</summary>
    public bool ReleasesParameter { get; }

    /// <summary>One of its parameters has to be page-locked.</summary>
    public bool LocksParameter { get; }

    /// <summary>The address that one of its parameters gets is kept.</summary>
    public bool Retains { get; }

    /// <summary>One of those gets more than a description of a part of somebody's memory.</summary>
    public bool RetainsAddress { get; }
}
