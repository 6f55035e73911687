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
using NvmeGpu.Analyzers.Rules;

namespace NvmeGpu.CodeFixes;

/// <summary>
/// Clears an entry before anything is written into it by hand: <c>*sqe = default;</c>. Only where the entry
/// is got in the same block, so that what was written before is known to be nothing.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ClearEntry))]
[Shared]
public sealed class ClearEntry : CodeFixProvider
{
    private const string Title = "Clear the entry first";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(StaleEntry.Id);

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root =
            await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.ContainsKey(StaleEntry.IsNotCleared)
                && root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)
                    is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax entry } opcode
                && FirstWrite(opcode, entry.Identifier.Text) is { } first)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        Title,
                        cancel => InsertAsync(context.Document, first, entry.Identifier.Text, cancel),
                        equivalenceKey: Title),
                    diagnostic);
            }
        }
    }

    /// <summary>
    /// The first statement behind the one that gets the entry which does more with it than to see whether
    /// there is one; null when the entry is not got in this block.
    /// </summary>
    private static StatementSyntax? FirstWrite(SyntaxNode opcode, string entry)
    {
        if (opcode.FirstAncestorOrSelf<StatementSyntax>() is not { Parent: BlockSyntax block } last)
        {
            return null;
        }
        StatementSyntax? first = null;
        for (int i = block.Statements.IndexOf(last); i >= 0; i--)
        {
            StatementSyntax statement = block.Statements[i];
            if (Gets(statement, entry))
            {
                return first;
            }
            if (Mentions(statement, entry) && !OnlyAsksForNull(statement))
            {
                first = statement;
            }
        }
        return null;
    }

    private static bool Gets(StatementSyntax statement, string entry) => statement switch
    {
        LocalDeclarationStatementSyntax declaration =>
            declaration.Declaration.Variables.Any(variable =>
                variable.Identifier.Text == entry && variable.Initializer is not null),
        ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment } =>
            assignment.Left is IdentifierNameSyntax name && name.Identifier.Text == entry,
        _ => false,
    };

    private static bool Mentions(StatementSyntax statement, string entry) => statement.DescendantNodes()
        .OfType<IdentifierNameSyntax>()
        .Any(name => name.Identifier.Text == entry);

    private static bool OnlyAsksForNull(StatementSyntax statement) =>
        statement is IfStatementSyntax { Else: null, Condition: { } condition } choice
        && condition.DescendantNodesAndSelf().Any(node => node.IsKind(SyntaxKind.NullLiteralExpression))
        && choice.Statement.DescendantNodesAndSelf().Any(node =>
            node is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax
                or ContinueStatementSyntax);

    private static async Task<Document> InsertAsync(
        Document document,
        StatementSyntax first,
        string entry,
        CancellationToken cancel)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancel).ConfigureAwait(false))!;
        // As the line before ends.
        SyntaxTriviaList before = first.GetFirstToken().GetPreviousToken().TrailingTrivia;
        string lineEnd = before.Count > 0 && before[before.Count - 1].IsKind(SyntaxKind.EndOfLineTrivia)
            ? before[before.Count - 1].ToString()
            : "\n";
        StatementSyntax clear = SyntaxFactory.ParseStatement($"*{entry} = default;")
            .WithLeadingTrivia(first.GetLeadingTrivia())
            .WithTrailingTrivia(SyntaxFactory.EndOfLine(lineEnd));
        StatementSyntax rest = first.WithLeadingTrivia(
            first.GetLeadingTrivia().Reverse()
                .TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        return document.WithSyntaxRoot(root.ReplaceNode(first, [clear, rest]));
    }
}
