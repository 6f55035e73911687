using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Contracts;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>Native functions that a program declares itself, with contracts on them.</summary>
internal sealed class NativeDeclarations(Compilation compilation, ContractSymbols contracts, KnownTypes known)
{
    private readonly INamedTypeSymbol? _libraryImport =
        compilation.GetTypeByMetadataName("System.Runtime.InteropServices.LibraryImportAttribute");

    private readonly bool _hasNoMarshalling = compilation.Assembly.GetAttributes().Any(
        attribute => attribute.AttributeClass is { Name: "DisableRuntimeMarshallingAttribute" } type
            && type.IsInSystem());

    /// <summary>The parameters whose type has no meaning in C, each with the reason.</summary>
    public IEnumerable<(IParameterSymbol Parameter, string Reason)> UnfitParameters(IMethodSymbol method)
    {
        if (!IsNative(method) || !HasContracts(method))
        {
            yield break;
        }
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (!HasMarshaller(parameter) && UnfitReason(parameter) is { } reason)
            {
                yield return (parameter, reason);
            }
        }
    }

    private bool IsNative(IMethodSymbol method) =>
        method.PartialDefinitionPart is null
        && (method.IsExtern || method.GetAttributes().Any(
            attribute => KnownTypes.Is(attribute.AttributeClass, _libraryImport)));

    private bool HasContracts(IMethodSymbol method) =>
        contracts.ContractsOf(method).Any()
        || contracts.MustObserve(method)
        || method.Parameters.Any(parameter => contracts.ContractsOf(parameter).Any());

    private string? UnfitReason(IParameterSymbol parameter)
    {
        ITypeSymbol type = parameter.Type;
        ITypeSymbol element = type switch
        {
            IPointerTypeSymbol pointer => pointer.PointedAtType,
            INamedTypeSymbol { TypeArguments: { Length: 1 } arguments }
                when known.IsSpan(type) => arguments[0],
            _ => type,
        };
        if (type.IsReferenceType)
        {
            // The marshaller makes a copy, or pins, for the time of the call: wrong only where the address is
            // kept. Of other classes (handles, delegates) it passes what they stand for.
            bool isPassedAsBytes = type is IArrayTypeSymbol or { SpecialType: SpecialType.System_String };
            return isPassedAsBytes && contracts.IsGivenMemory(parameter) ? NativeLayout.References : null;
        }
        bool isMemory = !SymbolEqualityComparer.Default.Equals(element, type)
            || parameter.RefKind != RefKind.None;
        if (!isMemory && _hasNoMarshalling && element.SpecialType != SpecialType.None)
        {
            return null; // a bool is one byte then and a char two, as they stand
        }
        return NativeLayout.UnfitReason(element);
    }

    private static bool HasMarshaller(IParameterSymbol parameter) => parameter.GetAttributes().Any(
        attribute => attribute.AttributeClass?.Name is "MarshalAsAttribute" or "MarshalUsingAttribute");
}
