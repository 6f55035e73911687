using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>For rules about declarations: all contracts that stand on one symbol.</summary>
internal sealed partial class ContractSymbols
{
    /// <summary>The contract of this name, or null.</summary>
    public AttributeData? ContractOf(ISymbol symbol, string name) =>
        Named(ContractsOf(symbol), name);

    /// <summary>An address is kept, looked up in a table of buffers, or read by a device.</summary>
    public bool IsGivenMemory(ISymbol parameterOrField) =>
        RetainsOf(parameterOrField) is { IsOpaque: false }
        || RegistrationOf(parameterOrField) is not null
        || IsPageLocked(parameterOrField);
}
