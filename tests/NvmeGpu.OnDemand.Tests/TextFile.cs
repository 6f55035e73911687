using System.IO;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using NvmeGpu.TestKit;

namespace NvmeGpu.OnDemand.Tests;

/// <summary>An additional file of a compilation, which counts how often it is read.</summary>
/// <param name="library">The item metadata that NvmeGpu.props gives to it; null for a file of the
/// user's.</param>
internal sealed class TextFile(string path, string? text, string? library) : AdditionalText
{
    private readonly SourceText? _text = text is null ? null : SourceText.From(text);

    public override string Path => path;

    public string? Library => library;

    public int Reads { get; private set; }

    public static TextFile List(string text, string folder = "/app") =>
        new(folder + "/NativeMethods.txt", text, library: null);

    public static TextFile FromRepository(string relative, string library) =>
        new(Repository.PathOf(relative), File.ReadAllText(Repository.PathOf(relative)), library);

    public override SourceText? GetText(CancellationToken cancellationToken = default)
    {
        Reads++;
        return _text;
    }
}
