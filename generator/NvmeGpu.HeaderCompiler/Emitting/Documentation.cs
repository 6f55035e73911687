using System.Security;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>
/// Doc comments: our own summary and the name of a manual page. The headers' text is never copied.
/// </summary>
internal sealed class Documentation(GeneratedFile file, Overlay overlay)
{
    public void Write(string target)
    {
        string? summary = overlay.Summary(target);
        string? manual = overlay.Manual(target);
        if (summary is null && manual is null)
        {
            return;
        }
        string text = summary is null ? $"See {manual}." : manual is null
            ? summary : $"{summary} See {manual}.";
        file.Line($"/// <summary>{SecurityElement.Escape(text)}</summary>");
    }
}
