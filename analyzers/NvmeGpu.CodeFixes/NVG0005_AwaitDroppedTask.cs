using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NvmeGpu.Analyzers.Rules;

namespace NvmeGpu.CodeFixes;

/// <summary>
/// Awaits the task that an NVG0005 is about, where it is a statement of an async function. Not for a token,
/// for <c>_ =</c> or for a local: there the program has to say where the value should go.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitDroppedTask))]
[Shared]
public sealed class AwaitDroppedTask : CodeFixProvider
{
    private const string Title = "Await the operation";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(DroppedToken.Id);

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root =
            await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.ContainsKey(DroppedToken.IsTask)
                && root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)
                    .FirstAncestorOrSelf<ExpressionStatementSyntax>() is
                {
                    Expression: InvocationExpressionSyntax whole,
                }
                && MayAwait(whole))
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        Title,
                        cancel => AwaitAsync(context.Document, whole, cancel),
                        equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    /// <summary>In an async function, and not where the language forbids to await.</summary>
    private static bool MayAwait(SyntaxNode node)
    {
        for (SyntaxNode? outer = node.Parent; outer is not null; outer = outer.Parent)
        {
            switch (outer)
            {
                case LockStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax:
                    return false;
                case AnonymousFunctionExpressionSyntax lambda:
                    return lambda.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case LocalFunctionStatementSyntax local:
                    return local.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case MethodDeclarationSyntax method:
                    return method.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                    return false;
            }
        }
        return false;
    }

    private static async Task<Document> AwaitAsync(
        Document document,
        InvocationExpressionSyntax whole,
        CancellationToken cancel)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        return document.WithSyntaxRoot(root.ReplaceNode(
            whole,
            SyntaxFactory.AwaitExpression(
                SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                whole.WithoutLeadingTrivia())
                .WithLeadingTrivia(whole.GetLeadingTrivia())));
    }
}
