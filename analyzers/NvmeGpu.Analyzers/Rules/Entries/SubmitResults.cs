using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>Where a method knows how its submits went.</summary>
internal sealed class SubmitResults
{
    private readonly HashSet<string> _locals = [];

    private SubmitResults() { }

    public static SubmitResults Of(ImmutableArray<IOperation> method)
    {
        var results = new SubmitResults();
        foreach (IInvocationOperation call in method.OfType<IInvocationOperation>().Where(RingCalls.Submits))
        {
            if (ResultUses.LocalOf(ResultUses.Outermost(call)) is { } local)
            {
                _ = results._locals.Add(local.Name);
            }
        }
        return results;
    }

    /// <summary>Whether a place is reached only after a condition on the result of a submit.</summary>
    public bool Decide(SyntaxNode place) => place.Ancestors().Any(outer => outer switch
    {
        IfStatementSyntax choice => Tests(choice.Condition),
        WhileStatementSyntax loop => Tests(loop.Condition),
        ConditionalExpressionSyntax choice => Tests(choice.Condition),
        _ => false,
    });

    private bool Tests(ExpressionSyntax condition) =>
        condition.DescendantNodesAndSelf().Any(node => node switch
    {
        IdentifierNameSyntax name => _locals.Contains(name.Identifier.Text)
            || name.Identifier.Text.StartsWith("io_uring_submit", System.StringComparison.Ordinal),
        _ => false,
    });
}
