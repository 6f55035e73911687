using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>What the corpus says about the rules, in figures: artifacts/corpus/table.txt.</summary>
public sealed class TableTests
{
    [Fact]
    public async Task What_each_rule_finds_and_misses_is_written_as_a_table()
    {
        var table = new PrecisionTable();
        foreach (string folder in (string[])["silent", "speak", "museum"])
        {
            foreach (string name in CorpusCase.Names(folder))
            {
                table.Add(await CorpusCase.OfAsync(name));
            }
        }

        string text = table.ToString();
        string path = Repository.PathOf("artifacts", "corpus", "table.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(text);

        Assert.All(Rules.MainSeverities.Keys, id => Assert.Contains(id, text));
    }
}
