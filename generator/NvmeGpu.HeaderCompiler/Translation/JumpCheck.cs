using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.HeaderCompiler.Translation;

/// <summary>C jumps into blocks; C# does not.</summary>
internal static class JumpCheck
{
    /// <exception cref="RefusedException">The function has such a jump.</exception>
    public static void Throw(TranslatedFunction function)
    {
        if (!function.HasLabels)
        {
            return;
        }
        var labels = new Dictionary<string, IReadOnlyList<int>>();
        var jumps = new List<(string Label, IReadOnlyList<int> Scopes)>();
        int count = 0;
        Walk(function.Body.Body, []);
        foreach ((string label, IReadOnlyList<int> scopes) in jumps)
        {
            IReadOnlyList<int> target = labels[label];
            if (target.Count > scopes.Count || !target.SequenceEqual(scopes.Take(target.Count)))
            {
                throw new RefusedException($"goto {label} into a block", function.Location);
            }
        }

        void Walk(IEnumerable<Statement> statements, IReadOnlyList<int> scopes)
        {
            foreach (Statement statement in statements)
            {
                switch (statement)
                {
                    case Labeled labeled:
                        labels.Add(labeled.Label, scopes);
                        Walk([labeled.Statement], scopes);
                        break;
                    case Goto jump:
                        jumps.Add((jump.Label, scopes));
                        break;
                    case Block { Statements: [For] } block: // written without braces of its own
                        Walk(block.Statements, scopes);
                        break;
                    case Block block:
                        Walk(block.Statements, Inner());
                        break;
                    case If conditional:
                        Walk(Flat(conditional.Then), Inner());
                        Walk(conditional.Else is null ? [] : Flat(conditional.Else), Inner());
                        break;
                    case While loop:
                        Walk(Flat(loop.Body), Inner());
                        break;
                    case DoWhile loop:
                        Walk(Flat(loop.Body), Inner());
                        break;
                    case For loop:
                        Walk(Flat(loop.Body), Inner());
                        break;
                    case Switch choice:
                        IReadOnlyList<int> inside = Inner();
                        foreach (SwitchSection section in choice.Sections)
                        {
                            Walk(section.Body, inside);
                        }
                        break;
                }

                IReadOnlyList<int> Inner() => [.. scopes, ++count];
            }
        }
    }

    // A body's own braces are the block that the method writes for it.
    private static IEnumerable<Statement> Flat(Statement statement) =>
        statement is Block { Statements: var inner } ? inner : [statement];
}
