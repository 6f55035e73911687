using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>Whether the bytes of a type mean the same outside of the runtime.</summary>
internal static class NativeLayout
{
    public const string References = "references to managed objects";

    // Generic structs can contain ever larger ones of themselves, in code that does not compile.
    private const int DepthMax = 16;

    /// <summary>
    /// What keeps the type from crossing, in words ("a field of type bool"), or null. What is not known, a
    /// type parameter or a type that does not exist, is fit.
    /// </summary>
    public static string? UnfitReason(ITypeSymbol type) =>
        Unfit(type, new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default), DepthMax);

    /// <summary>Not fit for the collector either: more than a question of what the bytes mean.</summary>
    public static bool HasReferences(ITypeSymbol type) => UnfitReason(type) == References;

    private static string? Unfit(ITypeSymbol type, HashSet<ITypeSymbol> seen, int depth)
    {
        if (depth == 0 || !seen.Add(type) || type.TypeKind == TypeKind.Error)
        {
            return null;
        }
        if (type.IsReferenceType)
        {
            return References;
        }
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean:
                return "bool values";
            case SpecialType.System_Char:
                return "char values";
            case SpecialType.System_DateTime:
                return "a layout that the runtime chooses";
            case not SpecialType.None:
                return null;
        }
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct } structure)
        {
            return null;
        }
        return UnfitField(structure, seen, depth)
            ?? (HasAutomaticLayout(structure) ? "a layout that the runtime chooses" : null);
    }

    private static string? UnfitField(INamedTypeSymbol structure, HashSet<ITypeSymbol> seen, int depth)
    {
        string? reason = null;
        foreach (ISymbol member in structure.GetMembers())
        {
            if (member is not IFieldSymbol { IsStatic: false } field)
            {
                continue;
            }
            // A fixed-size buffer has a pointer type; what lies there is what it points to.
            ITypeSymbol type = field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol elements }
                ? elements.PointedAtType
                : field.Type;
            string? found = field.RefKind != RefKind.None ? References : Unfit(type, seen, depth - 1);
            if (found == References)
            {
                return found; // the worst of all reasons
            }
            reason ??= found;
        }
        return reason;
    }

    private static bool HasAutomaticLayout(INamedTypeSymbol structure)
    {
        const int Auto = 3; // LayoutKind.Auto
        if (structure.IsTupleType
            || structure is { Name: "DateTimeOffset", ContainingNamespace: { Name: "System" } system }
                && system.ContainingNamespace.IsGlobalNamespace)
        {
            return true; // the attribute of a referenced type cannot be read
        }
        foreach (AttributeData attribute in structure.GetAttributes())
        {
            ImmutableArray<TypedConstant> arguments = attribute.ConstructorArguments;
            if (attribute.AttributeClass is { Name: "StructLayoutAttribute" } type
                && type.IsInSystem()
                && arguments.Length == 1
                && arguments[0] is { Kind: TypedConstantKind.Enum or TypedConstantKind.Primitive } layout
                && layout.Value is Auto or (short)Auto)
            {
                return true;
            }
        }
        return false;
    }
}
