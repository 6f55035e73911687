using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// Whether memory that was made in a method can have become known to anybody else, a ring for example. It can
/// as soon as its address, or the object that owns it, goes anywhere but into the operation in question.
/// </summary>
/// <param name="isHarmless">Parameters, beside those of fixed-buffer operations, that tell nobody.</param>
internal sealed class EscapeCheck(
    KnownTypes known,
    ContractSymbols contracts,
    Func<IParameterSymbol, bool>? isHarmless = null)
{
    /// <param name="origin">The memory; the locals between it and the operation are the ones that are looked
    /// at.</param>
    /// <param name="value">The value that the operation is given.</param>
    public bool Escapes(MemoryOrigin origin, IOperation value)
    {
        if (origin.Through.IsEmpty)
        {
            return false;
        }

        // The way from the allocation to the operation is no escape.
        var way = new List<SyntaxNode> { value.Syntax };
        foreach (ILocalSymbol local in origin.Through)
        {
            if (LocalValue.Of(local, value) is { } initial)
            {
                way.Add(initial.Syntax);
            }
        }
        return LocalValue.Root(value).LocalUses().OfType<ILocalReferenceOperation>().Any(
            reference => origin.Through.Contains(reference.Local, SymbolEqualityComparer.Default)
                && !way.Exists(part => part.Span.Contains(reference.Syntax.Span))
                && MayEscape(reference));
    }

    private bool MayEscape(ILocalReferenceOperation reference)
    {
        IOperation use = reference;
        while (use.Parent is IConversionOperation conversion)
        {
            use = conversion;
        }
        return use.Parent switch
        {
            IArgumentOperation argument => !IsHarmless(argument),
            IInvocationOperation call => !IsHarmless(call),
            IPropertyReferenceOperation property when property.Instance == use =>
                IsAddress(property.Type) || property.Parent is IAssignmentOperation,
            IFieldReferenceOperation field when field.Instance == use => IsAddress(field.Type),
            IArrayElementReferenceOperation element => !IsPlainAccess(element.Syntax),
            IBinaryOperation
            {
                OperatorKind: not (BinaryOperatorKind.Add
                or BinaryOperatorKind.Subtract)
            } => false,
            IIsPatternOperation { Pattern: IConstantPatternOperation } => false,
            ISimpleAssignmentOperation assignment when assignment.Target == use => false,
            IUsingOperation or IExpressionStatementOperation => false,
            // `*p`, `p[i]` and `p->x` have no operation of their own.
            { Kind: OperationKind.None } => !IsDereference(use.Syntax),
            _ => true,
        };
    }

    /// <summary>Given to another fixed-buffer operation, or freed.</summary>
    private bool IsHarmless(IArgumentOperation argument)
    {
        if (argument.Parameter is not { } parameter)
        {
            return false;
        }
        bool frees =
            parameter.ContainingSymbol.Name is "Free" or "AlignedFree" or "FreeHGlobal" or "FreeCoTaskMem"
            && (KnownTypes.Is(parameter.ContainingType, known.NativeMemory)
                || KnownTypes.Is(parameter.ContainingType, known.Marshal));
        return frees || contracts.Releases(parameter) || contracts.RegistrationOf(parameter) is not null
            || isHarmless?.Invoke(parameter) is true;
    }

    /// <summary>
    /// A method of the object itself that is given nothing and gives no address away (Dispose, Free).
    /// </summary>
    private bool IsHarmless(IInvocationOperation call) =>
        !IsAddress(call.Type) && call.Arguments.All(argument => argument.Value.Type is { IsValueType: true });

    private bool IsAddress(ITypeSymbol? type) =>
        type is IPointerTypeSymbol
        || type is
        {
            SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr
            or SpecialType.System_UInt64
        }
        || (type is { IsReferenceType: true } and not { SpecialType: SpecialType.System_String })
        || known.IsSpan(type)
        || known.IsMemory(type);

    private static bool IsDereference(SyntaxNode node) => node.Parent switch
    {
        PrefixUnaryExpressionSyntax prefix => prefix.IsKind(SyntaxKind.PointerIndirectionExpression)
            && IsPlainAccess(prefix),
        ElementAccessExpressionSyntax element => element.Expression == node && IsPlainAccess(element),
        MemberAccessExpressionSyntax member => member.Expression == node && IsPlainAccess(member),
        _ => false,
    };

    /// <summary>Read or written, not turned into a reference or an address again.</summary>
    private static bool IsPlainAccess(SyntaxNode access) => access.Parent switch
    {
        ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None),
        RefExpressionSyntax => false,
        PrefixUnaryExpressionSyntax prefix => !prefix.IsKind(SyntaxKind.AddressOfExpression),
        _ => true,
    };
}
