using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy.Checks;

/// <summary>House style 12: a test is named as the claim that it tests.</summary>
public static class Tests
{
    private const int WordsMin = 3;

    public static IEnumerable<Finding> Names(TextFile file)
    {
        if (!file.IsHandwrittenCSharp || !file.IsBelow("tests") || file.IsCorpus)
        {
            yield break;
        }
        foreach (MethodDeclarationSyntax method in file.Root.DescendantNodes()
            .OfType<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes)
                .Any(attribute => attribute.Name.ToString() is "Fact" or "Theory")))
        {
            string name = method.Identifier.Text;
            if (name.Split('_').Length < WordsMin || !char.IsUpper(name[0]))
            {
                yield return file.At(method, $"'{name}' is no claim: A_sentence_with_its_words_so.");
            }
        }
    }
}
