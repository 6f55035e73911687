using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Analyzers.Provenance;

/// <summary>
/// Whether code locks the pages of some memory with <c>cuMemHostRegister</c>. The function is a field of
/// function pointer type, a method or a wrapper of the same name, so it is looked for by name.
/// </summary>
internal sealed class PageLockSearch(OriginReader origins)
{
    private const string Function = "cuMemHostRegister";

    /// <summary>
    /// A call in the same method, which runs before the use or may do so, could be about this memory.
    /// </summary>
    /// <param name="use">The address that the copy is given.</param>
    /// <param name="holders">What the address went through; none if nothing has a name.</param>
    public bool MayLock<TSymbol>(IOperation use, ImmutableArray<TSymbol> holders)
        where TSymbol : ISymbol
    {
        foreach (InvocationExpressionSyntax call in CallsIn(LocalValue.Root(use).Syntax))
        {
            if (MayRunBefore(call, use.Syntax)
                && (holders.IsEmpty || IsAbout(call, use.SemanticModel, [.. holders.Cast<ISymbol>()])))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Some method of the field's type locks pages, or code elsewhere may see the array and do so.
    /// </summary>
    public static bool MayLock(IFieldSymbol field, IOperation use)
    {
        SyntaxTree tree = use.Syntax.SyntaxTree;
        if (field.DeclaredAccessibility != Accessibility.Private || use.SemanticModel is not { } model)
        {
            return true;
        }
        foreach (SyntaxReference part in field.ContainingType.DeclaringSyntaxReferences)
        {
            if (part.SyntaxTree != tree)
            {
                return true;
            }
            SyntaxNode type = part.GetSyntax();
            bool isGivenAway = type.DescendantNodes().OfType<ArgumentSyntax>().Any(
                argument => argument.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax
                    && SymbolEqualityComparer.Default.Equals(
                        model.GetSymbolInfo(argument.Expression).Symbol, field)
                    && (argument.Parent?.Parent is not { } call
                        || model.GetSymbolInfo(call).Symbol is not { } method
                        || !method.IsInSystem()));
            if (isGivenAway || CallsIn(type).Any())
            {
                return true;
            }
        }
        return false;
    }

    private static IEnumerable<InvocationExpressionSyntax> CallsIn(SyntaxNode node) =>
        node.DescendantNodes().OfType<InvocationExpressionSyntax>().Where(
            call => (call.Expression switch
            {
                MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
                SimpleNameSyntax name => name.Identifier.ValueText,
                _ => "",
            }).StartsWith(Function, StringComparison.Ordinal));

    /// <summary>Before it in the text, in a loop around both, or in another function.</summary>
    private static bool MayRunBefore(SyntaxNode call, SyntaxNode use) =>
        call.SpanStart < use.SpanStart
        || FunctionAround(call) != FunctionAround(use)
        || call.Ancestors().Any(node => node.Span.Contains(use.Span)
            && node is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax
                or CommonForEachStatementSyntax or LabeledStatementSyntax);

    private static SyntaxNode? FunctionAround(SyntaxNode node) => node.Ancestors().FirstOrDefault(
        ancestor => ancestor is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    private bool IsAbout(
        InvocationExpressionSyntax call,
        SemanticModel? model,
        ImmutableArray<ISymbol> holders)
    {
        if (model is null || call.ArgumentList.Arguments.Count == 0)
        {
            return true;
        }
        ExpressionSyntax address = call.ArgumentList.Arguments[0].Expression;
        if (address.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(
            name => holders.Contains(model.GetSymbolInfo(name).Symbol!, SymbolEqualityComparer.Default)))
        {
            return true;
        }
        if (model.GetOperation(address) is not { } operation)
        {
            return true;
        }
        MemoryOrigin origin = origins.OfAddress(operation);
        return origin.Kind is MemoryKind.Unknown && FixedMemory.Of(operation) is null
            || origin.Through.Any(local => holders.Contains(local, SymbolEqualityComparer.Default))
            || (FixedMemory.Of(operation) is { } memory
                && holders.Contains(memory.Holder, SymbolEqualityComparer.Default));
    }
}
