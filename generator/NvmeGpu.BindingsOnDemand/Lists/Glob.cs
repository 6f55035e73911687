namespace NvmeGpu.BindingsOnDemand.Lists;

/// <summary>
/// Patterns: <c>*</c> is any number of characters, <c>?</c> is one, all others are themselves.
/// </summary>
internal static class Glob
{
    public static bool IsGlob(string text) => text.IndexOf('*') >= 0 || text.IndexOf('?') >= 0;

    public static bool Matches(string pattern, string name)
    {
        int p = 0;
        int n = 0;
        // Where to go on when what follows the last star did not fit: one more character for the star.
        int afterStar = -1;
        int retry = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                afterStar = ++p;
                retry = n;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (afterStar >= 0)
            {
                p = afterStar;
                n = ++retry;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }
        return p == pattern.Length;
    }
}
