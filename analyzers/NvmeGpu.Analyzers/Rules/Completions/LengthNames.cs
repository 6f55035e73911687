using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>
/// Whether a value is a length: the compiler does not know, so its name has to say so, or a number that only
/// a length of direct I/O would have.
/// </summary>
internal static class LengthNames
{
    private const long BlockBytesMin = 512;

    private static readonly ImmutableArray<string> s_lengths =
        ["len", "size", "byte", "count", "block", "capacity"];

    private static readonly ImmutableArray<string> s_others =
        ["status", "code", "error", "errno", "submitted", "index"];

    public static bool IsLength(string name) =>
        s_lengths.Any(word => Contains(name, word)) && !s_others.Any(word => Contains(name, word));

    public static bool IsLength(IOperation value)
    {
        if (ConstantOf(value) is { } constant)
        {
            return constant >= BlockBytesMin && constant % BlockBytesMin == 0;
        }
        return value.WithoutConversions() switch
        {
            ILocalReferenceOperation local => IsLength(local.Local.Name),
            IParameterReferenceOperation parameter => IsLength(parameter.Parameter.Name),
            IMemberReferenceOperation member => IsLength(member.Member.Name),
            _ => false,
        };
    }

    /// <summary>Made wider, or unsigned: an error number or a status would stay an int.</summary>
    public static bool IsCast(IOperation value) =>
        value is IConversionOperation
        {
            IsImplicit: false, Type.SpecialType: SpecialType.System_UInt32
            or SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_IntPtr
            or SpecialType.System_UIntPtr
        };

    /// <summary>Returned by a method whose name says that it gives bytes.</summary>
    public static bool IsReturnedAsBytes(IOperation value)
    {
        SyntaxNode? function = value.Syntax.FirstAncestorOrSelf<SyntaxNode>(
            node => node is MethodDeclarationSyntax or LocalFunctionStatementSyntax);
        return function switch
        {
            MethodDeclarationSyntax method => Gives(method.Identifier.Text),
            LocalFunctionStatementSyntax local => Gives(local.Identifier.Text),
            _ => false,
        };
    }

    public static long? ConstantOf(IOperation value) =>
        value.ConstantValue is { HasValue: true, Value: { } constant }
        ? constant switch
        {
            sbyte number => number,
            byte number => number,
            short number => number,
            ushort number => number,
            int number => number,
            uint number => number,
            long number => number,
            ulong number when number <= long.MaxValue => (long)number,
            _ => null,
        }
        : null;

    private static bool Gives(string name) =>
        IsLength(name) || Contains(name, "read") || Contains(name, "write");

    private static bool Contains(string name, string word) =>
        name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
