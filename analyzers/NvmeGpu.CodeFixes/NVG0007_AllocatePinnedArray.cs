using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using NvmeGpu.Analyzers.Rules;

namespace NvmeGpu.CodeFixes;

/// <summary>
/// Turns the <c>new T[n]</c> behind an NVG0007 into <c>GC.AllocateArray&lt;T&gt;(n, pinned: true)</c>: the
/// same length, the same zeroed content, but an address that does not change. (Not
/// AllocateUninitializedArray: the program may rely on the zeroes.) The array must still be kept reachable
/// until the completion, which no rewriting can do.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AllocatePinnedArray))]
[Shared]
public sealed class AllocatePinnedArray : CodeFixProvider
{
    private const string Title = "Allocate the array on the pinned object heap";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(MovableMemory.Id);

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root =
            await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            // The rule gives the allocation as additional location exactly where replacing it is right.
            if (diagnostic.AdditionalLocations.Count == 1
                && root?.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true)
                    is ArrayCreationExpressionSyntax creation)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        Title,
                        cancel => ReplaceAsync(context.Document, creation, cancel),
                        equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    private static async Task<Document> ReplaceAsync(
        Document document,
        ArrayCreationExpressionSyntax creation,
        CancellationToken cancel)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        InvocationExpressionSyntax pinned = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression,
                SyntaxFactory.ParseExpression("global::System.GC")
                    .WithAdditionalAnnotations(Simplifier.Annotation),
                SyntaxFactory.GenericName("AllocateArray")
                    .AddTypeArgumentListArguments(creation.Type.ElementType)),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
                [
                    SyntaxFactory.Argument(creation.Type.RankSpecifiers[0].Sizes[0].WithoutTrivia()),
                    SyntaxFactory.Argument(
                        SyntaxFactory.NameColon("pinned"),
                        default,
                        SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression)),
                ])));
        return document.WithSyntaxRoot(root.ReplaceNode(
            creation,
            pinned.NormalizeWhitespace().WithTriviaFrom(creation)));
    }
}
