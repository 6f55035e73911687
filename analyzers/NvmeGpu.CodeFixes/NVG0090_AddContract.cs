using System.Collections.Immutable;
using System.Composition;
using System.Linq;
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
/// Puts the contract that a parameter lacks in front of it. Which one, the diagnostic says in its property
/// <c>Contract</c>, as it would be written under <c>using NvmeGpu.Contracts</c>; where that is missing, the
/// names become full ones.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddContract))]
[Shared]
public sealed class AddContract : CodeFixProvider
{
    /// <summary>The property's name, and the namespace that its text is written for.</summary>
    public const string Property = "Contract";

    private const string Namespace = "global::NvmeGpu.Contracts.";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(ContradictoryContract.Id);

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root =
            await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(Property, out string? contract)
                && contract is not null
                && Parse(contract) is { } attributes
                && root?.FindNode(diagnostic.Location.SourceSpan) is ParameterSyntax parameter)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Add [{contract}]",
                        cancel => AddAsync(context.Document, parameter, attributes, cancel),
                        // One key for all contracts: each parameter of a file gets its own.
                        equivalenceKey: nameof(AddContract)),
                    diagnostic);
            }
        }
    }

    private static async Task<Document> AddAsync(
        Document document,
        ParameterSyntax parameter,
        AttributeListSyntax attributes,
        CancellationToken cancel)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        ParameterSyntax changed = parameter
            .WithoutLeadingTrivia()
            .WithAttributeLists(parameter.AttributeLists.Insert(
                0,
                attributes
                    .WithLeadingTrivia(parameter.GetLeadingTrivia())
                    .WithTrailingTrivia(SyntaxFactory.Space)));
        return document.WithSyntaxRoot(root.ReplaceNode(parameter, changed));
    }

    /// <summary>The attribute with full names, which are shortened as far as the file allows.</summary>
    private static AttributeListSyntax? Parse(string contract)
    {
        CompilationUnitSyntax unit = SyntaxFactory.ParseCompilationUnit($"[{contract}] class C;");
        if (unit.ContainsDiagnostics
            || unit.Members.FirstOrDefault()?.AttributeLists.FirstOrDefault() is not { } list)
        {
            return null;
        }
        var names = list.DescendantNodes().OfType<SimpleNameSyntax>().Where(
            name => name.Parent is AttributeSyntax
                || (name.Parent is MemberAccessExpressionSyntax member
                    && member.Expression == name)).ToList();
        return list.ReplaceNodes(names, (name, _) => name.Parent is AttributeSyntax
            ? SyntaxFactory.ParseName(Namespace + name.Identifier.ValueText)
                .WithAdditionalAnnotations(Simplifier.Annotation)
            : SyntaxFactory.ParseExpression(Namespace + name.Identifier.ValueText)
                .WithAdditionalAnnotations(Simplifier.Annotation));
    }
}
