using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace NvmeGpu.InlineFunctions.Tests;

/// <param name="Item">FUNCTION#NUMBER.</param>
/// <param name="Change">What was replaced: <c>a + b -> a - b</c>.</param>
/// <param name="Method">The whole mutated method, under a name of its own.</param>
internal sealed record Mutant(string Item, string Function, string Change, MethodDeclarationSyntax Method)
{
    public override string ToString() => $"{Function}: {Change}";
}

/// <summary>
/// Makes every small change that this class knows, each alone: another operator, another constant, a narrower
/// cast, a statement left out, arguments or fields swapped, a condition negated.
/// </summary>
internal sealed class Mutator(TranslatedHeader header, CSharpCompilation compilation)
{
    private static readonly Dictionary<string, string> s_operators = new(StringComparer.Ordinal)
    {
        ["+"] = "-",
        ["-"] = "+",
        ["*"] = "+",
        ["/"] = "*",
        ["%"] = "/",
        ["&"] = "|",
        ["|"] = "&",
        ["^"] = "|",
        ["<<"] = ">>",
        [">>"] = "<<",
        ["<"] = "<=",
        ["<="] = "<",
        [">"] = ">=",
        [">="] = ">",
        ["=="] = "!=",
        ["!="] = "==",
        ["&&"] = "||",
        ["||"] = "&&",
        ["+="] = "-=",
        ["-="] = "+=",
        ["*="] = "+=",
        ["/="] = "*=",
        ["%="] = "/=",
        ["&="] = "|=",
        ["|="] = "&=",
        ["^="] = "|=",
        ["<<="] = ">>=",
        [">>="] = "<<=",
        ["++"] = "--",
        ["--"] = "++",
    };

    // To each integer type a narrower one; (byte) and (sbyte) lose a bit instead.
    private static readonly Dictionary<string, string> s_narrower = new(StringComparer.Ordinal)
    {
        ["ulong"] = "uint",
        ["long"] = "int",
        ["nuint"] = "uint",
        ["nint"] = "int",
        ["uint"] = "ushort",
        ["int"] = "short",
        ["ushort"] = "byte",
        ["short"] = "sbyte",
    };

    // What each of the narrower types holds.
    private static readonly Dictionary<string, string[]> s_holds = new(StringComparer.Ordinal)
    {
        ["byte"] = ["byte"],
        ["sbyte"] = ["sbyte"],
        ["ushort"] = ["byte", "ushort"],
        ["short"] = ["byte", "sbyte", "short"],
        ["uint"] = ["byte", "ushort", "uint"],
        ["int"] = ["byte", "sbyte", "ushort", "short", "int"],
    };

    private readonly SemanticModel _model = compilation.GetSemanticModel(header.Inline);

    public IReadOnlyList<Mutant> MakeAll(CancellationToken cancellation)
    {
        var mutants = new List<Mutant>();
        foreach (MethodDeclarationSyntax method in header.Methods.Values)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { method.ToFullString() };
            var described = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach ((SyntaxNode old, SyntaxNode replacement) in Changes(method, cancellation))
            {
                MethodDeclarationSyntax mutated = method.ReplaceNode(old, replacement);
                if (!seen.Add(mutated.ToFullString()))
                {
                    continue;
                }
                int number = mutants.Count;
                string name = method.Identifier.ValueText;
                mutants.Add(new(
                    string.Create(CultureInfo.InvariantCulture, $"{name}#{number}"),
                    name,
                    Describe(old, replacement, described),
                    mutated.WithAttributeLists([]).WithIdentifier(
                        Identifier(string.Create(CultureInfo.InvariantCulture, $"{name}__{number}")))));
            }
        }
        return mutants;
    }

    private IEnumerable<(SyntaxNode Old, SyntaxNode New)> Changes(
        MethodDeclarationSyntax method, CancellationToken cancellation) =>
        ((SyntaxNode?)method.Body ?? method.ExpressionBody!).DescendantNodes()
            .SelectMany(node => Changes(node, cancellation));

    private IEnumerable<(SyntaxNode Old, SyntaxNode New)> Changes(
        SyntaxNode node, CancellationToken cancellation)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when s_operators.TryGetValue(
                binary.OperatorToken.Text, out string? other):
                yield return (binary, Expression($"({binary.Left} {other} {binary.Right})"));
                break;
            case AssignmentExpressionSyntax assignment when s_operators.TryGetValue(
                assignment.OperatorToken.Text, out string? other):
                yield return (assignment, Expression($"{assignment.Left} {other} {assignment.Right}"));
                break;
            case PostfixUnaryExpressionSyntax postfix when s_operators.TryGetValue(
                postfix.OperatorToken.Text, out string? other):
                yield return (postfix, Expression($"{postfix.Operand}{other}"));
                break;
            case PrefixUnaryExpressionSyntax
            {
                RawKind: not (int)SyntaxKind.PointerIndirectionExpression
                and not (int)SyntaxKind.AddressOfExpression
            } prefix:
                yield return (prefix, s_operators.TryGetValue(prefix.OperatorToken.Text, out string? opposite)
                    && prefix.OperatorToken.Text.Length == 2
                        ? Expression($"{opposite}{prefix.Operand}")
                        : Expression($"({prefix.Operand})"));
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.NumericLiteralExpression):
                yield return (literal, Expression($"({literal} + 1)"));
                break;
            // Of a constant, it would mostly be the same one.
            case CastExpressionSyntax cast
                when !_model.GetConstantValue(cast.Expression, cancellation).HasValue:
                if (s_narrower.TryGetValue(cast.Type.ToString(), out string? narrow))
                {
                    // What fits is not changed by it.
                    if (_model.GetTypeInfo(cast.Expression, cancellation).Type?.ToString() is { } from
                        && s_holds[narrow].Contains(from))
                    {
                        break;
                    }
                    yield return (cast, Expression($"({cast.Type})({narrow})({cast.Expression})"));
                }
                else if (cast.Type.ToString() is "byte" or "sbyte")
                {
                    yield return (cast, Expression($"({cast.Type})(({cast.Expression}) & 0x7f)"));
                }
                break;
            case InvocationExpressionSyntax call:
                for (int i = 1; i < call.ArgumentList.Arguments.Count; i++)
                {
                    SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;
                    if (!arguments[i].IsEquivalentTo(arguments[i - 1]))
                    {
                        yield return (call, WithSwapped(call, i));
                    }
                }
                break;
            case ConditionalExpressionSyntax conditional:
                yield return (conditional, conditional
                    .WithWhenTrue(conditional.WhenFalse).WithWhenFalse(conditional.WhenTrue));
                break;
            case IfStatementSyntax choice:
                yield return (choice.Condition, Expression($"!({choice.Condition})"));
                break;
            case ExpressionStatementSyntax statement:
                yield return (statement, EmptyStatement());
                break;
            case ReturnStatementSyntax { Expression: { } result } when !IsZero(result, cancellation):
                yield return (result, Expression("default"));
                break;
            case MemberAccessExpressionSyntax or IdentifierNameSyntax:
                foreach ((SyntaxNode, SyntaxNode) change in OfName((ExpressionSyntax)node, cancellation))
                {
                    yield return change;
                }
                break;
        }
    }

    private bool IsZero(ExpressionSyntax expression, CancellationToken cancellation) =>
        _model.GetConstantValue(
            expression, cancellation) is { HasValue: true, Value: null or 0 or 0u or 0ul or false };

    private IEnumerable<(SyntaxNode Old, SyntaxNode New)> OfName(
        ExpressionSyntax name, CancellationToken cancellation)
    {
        ISymbol? symbol = _model.GetSymbolInfo(name, cancellation).Symbol;
        bool isPartOfName = name.Parent is MemberAccessExpressionSyntax access && access.Name == name;
        if (symbol is IFieldSymbol { IsConst: true } && !isPartOfName)
        {
            yield return (name, Expression($"({name} + 1)"));
        }
        else if (name is MemberAccessExpressionSyntax member
            && symbol is IFieldSymbol { IsStatic: false } field
            && OtherField(field) is { } other)
        {
            yield return (member, member.WithName(IdentifierName(other)));
        }
        else if (name is IdentifierNameSyntax
            && symbol is ILocalSymbol or IParameterSymbol
            && OtherVariable(symbol, name) is { } variable)
        {
            yield return (name, IdentifierName(variable));
        }
    }

    // The next field of the same type at another place: another name of the same place would be no mistake.
    private static string? OtherField(IFieldSymbol field)
    {
        static object? Offset(IFieldSymbol field) => field.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.Name is "FieldOffsetAttribute")
            ?.ConstructorArguments[0].Value;

        List<IFieldSymbol> candidates = [.. field.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Where(other => SymbolEqualityComparer.Default.Equals(other.Type, field.Type)
                && (other.Name == field.Name || Offset(other) is null
                    || !Offset(other)!.Equals(Offset(field))))];
        int i = candidates.FindIndex(other => other.Name == field.Name);
        return candidates.Count < 2 ? null : candidates[(i + 1) % candidates.Count].Name;
    }

    // The next parameter of the same type.
    private static string? OtherVariable(ISymbol symbol, SyntaxNode use)
    {
        if (symbol is not IParameterSymbol { ContainingSymbol: IMethodSymbol method } parameter
            || use.Parent is NameColonSyntax)
        {
            return null;
        }
        List<IParameterSymbol> candidates = [.. method.Parameters
            .Where(other => SymbolEqualityComparer.Default.Equals(other.Type, parameter.Type))];
        int i = candidates.FindIndex(other => other.Name == parameter.Name);
        string next = candidates[(i + 1) % candidates.Count].Name;
        return next == parameter.Name
            ? null
            : SyntaxFacts.GetKeywordKind(next) == SyntaxKind.None ? next : "@" + next;
    }

    private static InvocationExpressionSyntax WithSwapped(InvocationExpressionSyntax call, int i)
    {
        ArgumentSyntax[] arguments = [.. call.ArgumentList.Arguments];
        (arguments[i - 1], arguments[i]) = (arguments[i], arguments[i - 1]);
        return call.WithArgumentList(ArgumentList(SeparatedList(arguments)));
    }

    private static ExpressionSyntax Expression(string text) =>
        ParseExpression(text, options: TranslatedHeader.ParseOptions);

    // What is around a name, a number or a cast tells which one it is; further ones of the same look are
    // numbered.
    private static string Describe(SyntaxNode old, SyntaxNode replacement, Dictionary<string, int> described)
    {
        string place = old is StatementSyntax || old.Parent is StatementSyntax
            ? "" : $"[{OneLine(old.Parent!)}] ";
        string change = $"{place}{OneLine(old)} -> {OneLine(replacement)}";
        described[change] = described.GetValueOrDefault(change) + 1;
        return described[change] == 1 ? change : string.Create(
            CultureInfo.InvariantCulture, $"{change} (no. {described[change]})");
    }

    private static string OneLine(SyntaxNode node) =>
        string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
