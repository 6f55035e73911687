using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Contracts;

/// <summary>For rules about declarations: all contracts that stand on one symbol.</summary>
internal sealed partial class ContractSymbols
{
    /// <summary>The contract attributes of the symbol itself, not of what it returns.</summary>
    public IEnumerable<AttributeData> ContractsOf(ISymbol symbol) =>
        MayCarryContracts(symbol) ? symbol.GetAttributes().Where(IsContract) : [];

    /// <summary>The contract attributes of what the method returns.</summary>
    public IEnumerable<AttributeData> ContractsOfResult(IMethodSymbol method) =>
        MayCarryContracts(method) ? method.GetReturnTypeAttributes().Where(IsContract) : [];

    /// <summary>The contract of this name, or null.</summary>
    public AttributeData? ContractOf(ISymbol symbol, string name) => Find(symbol, name);

    /// <summary>The assembly could carry contracts; without one, a symbol of it promises nothing.</summary>
    public bool MayCarryContracts(ISymbol symbol) =>
        symbol.ContainingAssembly is { } assembly && _assemblies.Contains(assembly);

    /// <summary>An address is kept, looked up in a table of buffers, or read by a device.</summary>
    public bool IsGivenMemory(ISymbol parameterOrField) =>
        RetainsOf(parameterOrField) is { IsOpaque: false }
        || RegistrationOf(parameterOrField) is not null
        || IsPageLocked(parameterOrField);

    private static bool IsContract(AttributeData attribute) =>
        attribute.AttributeClass is { ContainingType: null } type && IsOurs(type);
}
