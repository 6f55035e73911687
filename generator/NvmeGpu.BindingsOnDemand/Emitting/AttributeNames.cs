using System.Collections.Generic;

namespace NvmeGpu.BindingsOnDemand.Emitting;

/// <summary>The attributes that a piece of generated code mentions.</summary>
internal static class AttributeNames
{
    /// <summary>
    /// The identifiers behind opening brackets. An indexer's parameter type is one too, and is nobody's
    /// attribute.
    /// </summary>
    public static IEnumerable<string> In(string code)
    {
        for (int bracket = code.IndexOf('['); bracket >= 0; bracket = code.IndexOf('[', bracket + 1))
        {
            int end = bracket + 1;
            while (end < code.Length && (char.IsLetterOrDigit(code[end]) || code[end] == '_'))
            {
                end++;
            }
            if (end > bracket + 1)
            {
                yield return code.Substring(bracket + 1, end - bracket - 1);
            }
        }
    }
}
