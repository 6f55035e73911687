using System;
using System.Collections.Generic;

namespace NvmeGpu.BindingsOnDemand.Lists;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Spelling
{
    // A change of case costs less than any other edit.
    private const int CaseCost = 1;
    private const int EditCost = 3;

    /// <returns>
    /// The nearest name: the same in another case, or at most one edit and one more in five letters away, and
    /// never more than three; else null.
    /// </returns>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        int limit = Math.Min(1 + (name.Length / 5), 3) * EditCost;
        string? best = null;
        int bestDistance = limit + 1;
        foreach (string candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) * EditCost > limit)
            {
                continue;
            }
            int distance =
                candidate.Equals(name, StringComparison.OrdinalIgnoreCase)
                    ? CaseCost : Distance(name, candidate);
            if (distance < bestDistance
                || (distance == bestDistance && best is not null
                    && string.CompareOrdinal(candidate, best) < 0))
            {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    // Insertions, deletions, replacements, and swaps of neighbours.
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = new int[b.Length + 1];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j * EditCost;
        }
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i * EditCost;
            for (int j = 1; j <= b.Length; j++)
            {
                int best = Math.Min(
                    Math.Min(last[j], row[j - 1]) + EditCost,
                    last[j - 1] + Replacement(a[i - 1], b[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, beforeLast[j - 2] + EditCost);
                }
                row[j] = best;
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[b.Length];
    }

    private static int Replacement(char a, char b) =>
        a == b ? 0 : char.ToUpperInvariant(a) == char.ToUpperInvariant(b) ? CaseCost : EditCost;
}
