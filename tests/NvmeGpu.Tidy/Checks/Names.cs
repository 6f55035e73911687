using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy.Checks;

/// <summary>House style 5: a number says its unit, last.</summary>
public static class Names
{
    // Words that mean nothing without a unit.
    private static readonly string[] s_measures =
        ["length", "size", "offset", "alignment", "timeout", "delay", "duration", "elapsed", "capacitybytes"];

    private static readonly string[] s_numbers =
        ["int", "uint", "long", "ulong", "short", "ushort", "nint", "nuint", "double", "float"];

    public static IEnumerable<Finding> Units(TextFile file)
    {
        if (!file.IsHandwrittenCSharp || !file.IsBelow("runtime", "tool"))
        {
            yield break;
        }
        foreach ((SyntaxToken name, TypeSyntax? type) in Declared(file.Root))
        {
            string last = LastWord(name.Text);
            if (type is not null && s_numbers.Contains(type.ToString().TrimEnd('?'))
                && s_measures.Contains(last))
            {
                yield return file.At(
                    file.LineAt(name.SpanStart),
                    $"'{name.Text}' is a number without a unit; the unit comes last (lengthBytes).");
            }
        }
    }

    private static IEnumerable<(SyntaxToken Name, TypeSyntax? Type)> Declared(SyntaxNode root)
    {
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            switch (node)
            {
                case ParameterSyntax parameter:
                    yield return (parameter.Identifier, parameter.Type);
                    break;
                case PropertyDeclarationSyntax property:
                    yield return (property.Identifier, property.Type);
                    break;
                case FieldDeclarationSyntax field:
                    foreach (VariableDeclaratorSyntax variable in field.Declaration.Variables)
                    {
                        yield return (variable.Identifier, field.Declaration.Type);
                    }
                    break;
            }
        }
    }

    private static string LastWord(string name)
    {
        int start = name.Length - 1;
        while (start > 0 && !char.IsUpper(name[start]) && name[start] != '_')
        {
            start--;
        }
        return name[start..].TrimStart('_').ToLowerInvariant();
    }
}
