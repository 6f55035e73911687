using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>
/// Makes a half-typed or muddled program out of a good one: one to three tokens are deleted, doubled,
/// swapped, or replaced by those of another place, or the text ends early. The same number always gives the
/// same program.
/// </summary>
internal static class TokenMutation
{
    private static readonly string[] s_strangers =
    [
        "{", "}", "(", ")", ";", "=>", "?", ":", "*", "&", "->", "ref", "in", "out", "fixed", "stackalloc",
        "using",
        "await", "yield return", "goto", "default", "null", "var", "unsafe", "static", "async", "switch",
        "with", "when",
        "is", "not", "catch", "finally", "try", "else", "return", "throw", "new()", "[]", "delegate*<void>",
        "0", "\"",
    ];

    /// <param name="programs">Texts without markers.</param>
    /// <param name="number">Which mutation: chooses program and places.</param>
    public static string Of(IReadOnlyList<string> programs, int number)
    {
        var random = new Random(number);
        string text = programs[number % programs.Count];
        List<string> tokens = TokensOf(text);
        for (int left = random.Next(1, 4); left > 0 && tokens.Count > 2; left--)
        {
            Mutate(tokens, random, programs);
        }
        return string.Concat(tokens);
    }

    private static void Mutate(List<string> tokens, Random random, IReadOnlyList<string> programs)
    {
        int at = random.Next(tokens.Count - 1);
        switch (random.Next(8))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(at, tokens[at]);
                break;
            case 2:
                (tokens[at], tokens[at + 1]) = (tokens[at + 1], tokens[at]);
                break;
            case 3:
                tokens[at] = tokens[random.Next(tokens.Count)];
                break;
            case 4:
                tokens.Insert(at, " " + s_strangers[random.Next(s_strangers.Length)] + " ");
                break;
            case 5:
                tokens[at] = " " + s_strangers[random.Next(s_strangers.Length)] + " ";
                break;
            case 6:
                List<string> others = TokensOf(programs[random.Next(programs.Count)]);
                tokens.InsertRange(at, others.Skip(random.Next(others.Count)).Take(random.Next(1, 12)));
                break;
            default:
                // The middle of a file that somebody types, or its end.
                tokens.RemoveRange(at, Math.Min(random.Next(1, 40), tokens.Count - at));
                break;
        }
    }

    private static List<string> TokensOf(string text) =>
        [.. SyntaxFactory.ParseTokens(text).Select(token => token.ToFullString())];
}
