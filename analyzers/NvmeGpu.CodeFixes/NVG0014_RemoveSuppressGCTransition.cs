using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.Analyzers.Rules;

namespace NvmeGpu.CodeFixes;

/// <summary>
/// Takes SuppressGCTransition off a declaration: the attribute, or the convention in the type of a function
/// pointer, there also in what the field is initialised with, which must have the same type.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveSuppressGCTransition))]
[Shared]
public sealed class RemoveSuppressGCTransition : CodeFixProvider
{
    private const string Title = "Remove SuppressGCTransition";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(BlockingCallWithoutTransition.Id);

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root =
            await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MemberDeclarationSyntax>()
                    is { } member
                && PartsToRemove(member).Any())
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        Title,
                        cancel => RemoveAsync(context.Document, member, cancel),
                        equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    private static async Task<Document> RemoveAsync(
        Document document,
        MemberDeclarationSyntax member,
        CancellationToken cancel)
    {
        SourceText text = await document.GetTextAsync(cancel).ConfigureAwait(false);
        return document.WithText(
            text.WithChanges(PartsToRemove(member).Select(part => new TextChange(part, ""))));
    }

    /// <summary>An attribute that is alone in its list goes with the list, a convention likewise.</summary>
    private static IEnumerable<TextSpan> PartsToRemove(MemberDeclarationSyntax member)
    {
        foreach (AttributeListSyntax list in member.AttributeLists)
        {
            for (int i = 0; i < list.Attributes.Count; i++)
            {
                if (LastName(list.Attributes[i].Name)
                    is "SuppressGCTransition" or "SuppressGCTransitionAttribute")
                {
                    // What stands before the list, documentation perhaps, is then of what stands behind it.
                    yield return list.Attributes.Count == 1
                        ? TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart)
                        : WithItsComma(list.Attributes, i);
                }
            }
        }
        if (member is not FieldDeclarationSyntax)
        {
            yield break;
        }
        foreach (FunctionPointerUnmanagedCallingConventionListSyntax list
            in member.DescendantNodes().OfType<FunctionPointerUnmanagedCallingConventionListSyntax>())
        {
            for (int i = 0; i < list.CallingConventions.Count; i++)
            {
                if (list.CallingConventions[i].Name.ValueText == "SuppressGCTransition")
                {
                    yield return list.CallingConventions.Count == 1
                        ? list.Span
                        : WithItsComma(list.CallingConventions, i);
                }
            }
        }
    }

    private static TextSpan WithItsComma<T>(SeparatedSyntaxList<T> list, int index)
        where T : SyntaxNode =>
        index == 0
            ? TextSpan.FromBounds(list[0].SpanStart, list[1].SpanStart)
            : TextSpan.FromBounds(list[index - 1].Span.End, list[index].Span.End);

    private static string LastName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
