using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace NvmeGpu.Tidy.Checks;

/// <summary>What is written nowhere: servers, machines, and work that is put off.</summary>
public static partial class Words
{
    // Put together here, so that this file does not find itself.
    private static readonly (Regex Pattern, string Sentence)[] s_forbidden =
    [
        (new Regex(@"\b(TO" + "DO|FIX" + "ME|HA" + "CK|XX" + @"X)\b"),
            "work that is put off: do it, or open an issue."),
        (new Regex(@"\b(api\.)?(nu" + @"get\.org|py" + @"pi\.org|npm" + @"js\.(com|org)|crates" + @"\.io)\b"),
            "a package server's name: the machine's own configuration says where packages come from."),
        (new Regex("(?<![\\w.])/(ho" + "me|ro" + "ot|wo" + "rk|Us"
            + "ers)/[A-Za-z0-9_.-]+|\\b[A-Z]:\\\\\\\\?(Us" + "ers)"),
            "a path of one machine."),
    ];

    /// <summary>Where one of them is meant: the path, and why.</summary>
    private static readonly Dictionary<string, string> s_allowed = new()
    {
    };

    public static IEnumerable<Finding> Forbidden(TextFile file)
    {
        if (s_allowed.ContainsKey(file.Path))
        {
            yield break;
        }
        for (int i = 0; i < file.Lines.Count; i++)
        {
            foreach ((Regex pattern, string sentence) in s_forbidden)
            {
                if (pattern.Match(file.Lines[i]) is { Success: true } match)
                {
                    yield return file.At(i + 1, $"'{match.Value}': {sentence}");
                }
            }
        }
    }
}
