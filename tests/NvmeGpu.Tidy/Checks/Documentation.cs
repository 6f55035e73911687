using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy.Checks;

/// <summary>House style 11: what others can call is described, with the exceptions that it throws
/// itself.</summary>
public static class Documentation
{
    /// <summary>Our own doing; and what the parameter's type, which is not nullable, has said
    /// already.</summary>
    private static readonly string[] s_unsaid = ["UnreachableException", "ArgumentNullException"];

    /// <summary>The types that <paramref name="accessibility"/> (Accessibility.Public.cs) makes
    /// public.</summary>
    public static IReadOnlyCollection<string> PublicTypes(TextFile accessibility) =>
    [
        .. accessibility.Root.DescendantNodes().OfType<TypeDeclarationSyntax>()
            .Select(type => type.Identifier.Text),
    ];

    public static IEnumerable<Finding> Members(TextFile file, IReadOnlyCollection<string> publicTypes)
    {
        if (!file.IsHandwrittenCSharp || !file.IsBelow("runtime")
            || file.Path.Contains("Accessibility.", StringComparison.Ordinal))
        {
            yield break;
        }
        foreach (MemberDeclarationSyntax member in file.Root.DescendantNodes()
            .OfType<MemberDeclarationSyntax>())
        {
            if (!member.Modifiers.Any(SyntaxKind.PublicKeyword) || !IsInPublicType(member, publicTypes)
                || member.Modifiers.Any(SyntaxKind.OverrideKeyword))
            {
                continue;
            }
            string comment = member.GetLeadingTrivia().ToFullString();
            if (comment.Contains("<inheritdoc", StringComparison.Ordinal))
            {
                continue;
            }
            if (!comment.Contains("<summary>", StringComparison.Ordinal)
                && !(member is ConstructorDeclarationSyntax
                    && comment.Contains("<param ", StringComparison.Ordinal)))
            {
                yield return file.At(member, "a public member without a summary.");
            }
            foreach (string exception in Thrown(member).Except(s_unsaid).Order(StringComparer.Ordinal))
            {
                if (!comment.Contains($"<exception cref=\"{exception}\"", StringComparison.Ordinal))
                {
                    yield return file.At(
                        member, $"throws {exception}, and its description does not say when.");
                }
            }
        }
    }

    // What the text of the member itself throws; what its helpers throw is theirs to say.
    private static IEnumerable<string> Thrown(MemberDeclarationSyntax member)
    {
        if (member is TypeDeclarationSyntax)
        {
            yield break;
        }
        foreach (SyntaxNode node in member.DescendantNodes(node =>
            node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            switch (node)
            {
                case ThrowStatementSyntax { Expression: ObjectCreationExpressionSyntax created }:
                    yield return created.Type.ToString();
                    break;
                case ThrowExpressionSyntax { Expression: ObjectCreationExpressionSyntax created }:
                    yield return created.Type.ToString();
                    break;
                case InvocationExpressionSyntax
                {
                    Expression: MemberAccessExpressionSyntax
                    {
                        Expression: SimpleNameSyntax type,
                        Name: { } name
                    },
                } when name.Identifier.Text.StartsWith("ThrowIf", StringComparison.Ordinal)
                    && type.Identifier.Text.EndsWith("Exception", StringComparison.Ordinal):
                    yield return type.Identifier.Text;
                    break;
            }
        }
    }

    private static bool IsInPublicType(
        MemberDeclarationSyntax member, IReadOnlyCollection<string> publicTypes)
    {
        TypeDeclarationSyntax[] types = [.. member.Ancestors().OfType<TypeDeclarationSyntax>()];
        return types.Length > 0 && publicTypes.Contains(types[^1].Identifier.Text)
            && types[..^1].All(type => type.Modifiers.Any(SyntaxKind.PublicKeyword));
    }
}
