using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using NvmeGpu.Analyzers.Rules;

namespace NvmeGpu.CodeFixes;

/// <summary>
/// Ends the block of an owner with <c>GC.KeepAlive(owner)</c>, where that is the last thing to happen in any
/// case: the block is a straight line of declarations and expressions. Elsewhere only the author knows when
/// the operation is over.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepOwnerAlive))]
[Shared]
public sealed class KeepOwnerAlive : CodeFixProvider
{
    private const string Title = "Keep the owner alive until the end of the block";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(OwnerLost.Id);

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root =
            await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(OwnerLost.OwnerProperty, out string? owner)
                && owner is not null
                && root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<StatementSyntax>() is
                { Parent: BlockSyntax block }
                && IsStraight(block, owner))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        Title,
                        cancel => AddAsync(context.Document, block, owner, cancel),
                        equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    /// <summary>
    /// The owner is declared in this block, which does nothing but one thing after the other, and at its end
    /// returns at most something that needs no memory: a name or a literal.
    /// </summary>
    private static bool IsStraight(BlockSyntax block, string owner)
    {
        bool isDeclared = false;
        for (int i = 0; i < block.Statements.Count; i++)
        {
            switch (block.Statements[i])
            {
                case LocalDeclarationStatementSyntax declaration:
                    foreach (VariableDeclaratorSyntax variable in declaration.Declaration.Variables)
                    {
                        isDeclared |= variable.Identifier.ValueText == owner;
                    }
                    break;
                case ExpressionStatementSyntax:
                    break;
                case ReturnStatementSyntax
                {
                    Expression: null or LiteralExpressionSyntax or IdentifierNameSyntax,
                } when i == block.Statements.Count - 1:
                    break;
                default:
                    return false;
            }
        }
        return isDeclared;
    }

    private static async Task<Document> AddAsync(
        Document document,
        BlockSyntax block,
        string owner,
        CancellationToken cancel)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        StatementSyntax keep = SyntaxFactory.ExpressionStatement(SyntaxFactory.InvocationExpression(
                SyntaxFactory.MemberAccessExpression(
                    SyntaxKind.SimpleMemberAccessExpression,
                    SyntaxFactory.ParseExpression("global::System.GC")
                        .WithAdditionalAnnotations(Simplifier.Annotation),
                    SyntaxFactory.IdentifierName("KeepAlive")),
                SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(
                    SyntaxFactory.Argument(SyntaxFactory.IdentifierName(owner))))))
            .WithAdditionalAnnotations(Formatter.Annotation);
        int end = block.Statements.Count;
        if (block.Statements[end - 1] is ReturnStatementSyntax)
        {
            end--;
        }
        return document.WithSyntaxRoot(
            root.ReplaceNode(block, block.WithStatements(block.Statements.Insert(end, keep))));
    }
}
