using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler.Emitting;

/// <summary>Writes named enums with the underlying type that the C compiler gave them.</summary>
internal sealed class EnumEmitter(
    GeneratedFile file, Documentation documentation, Overlay overlay, Accessibility accessibility)
{
    public void Emit(EnumModel model)
    {
        file.Declare(model.Name, "enum", model.Spelling, [], () =>
        {
            documentation.Write(model.Name);
            if (overlay.IsFlags(model.Name))
            {
                file.Line("[Flags]");
            }
            foreach (string attribute in overlay.Attributes(model.Name))
            {
                file.Line($"[{attribute}]");
            }
            string modifier = "";
            if (accessibility.OfType(model.Name) is { } access)
            {
                modifier = access + " ";
            }
            else
            {
                // Enums cannot be partial: the accessibility stands here.
                file.Line("#if NVMEGPU_PUBLIC");
                file.Line("public");
                file.Line("#else");
                file.Line("[Microsoft.CodeAnalysis.Embedded]");
                file.Line("#endif");
            }
            file.Line($"{modifier}enum {CSharpNames.Escape(model.Name)} : {model.Underlying.Keyword}");
            file.Open();
            foreach (EnumMember member in model.Members)
            {
                documentation.Write(member.Name);
                string value = CSharpNames.Literal((ulong)member.Value, model.Underlying.Keyword);
                file.Line($"{CSharpNames.Escape(member.Name)} = {value},");
            }
            file.Close();
        });
        foreach (EnumMember member in model.Members)
        {
            file.Entries.Add(
                new IndexEntry(member.Name, "member", file.Name, 0, 0, [model.Name], member.CName));
        }
        file.Line();
    }
}
