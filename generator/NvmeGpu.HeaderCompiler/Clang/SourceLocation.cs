using System.IO;

namespace NvmeGpu.HeaderCompiler.Clang;

/// <summary>A file and a line, as the user can open them.</summary>
internal readonly record struct SourceLocation(string File, uint Line)
{
    public static SourceLocation From(CXSourceLocation location)
    {
        LibClang.clang_getFileLocation(location, out nint file, out uint line, out _, out _);
        return new SourceLocation(file == 0 ? "" : LibClang.clang_getFileName(file).Take(), line);
    }

    /// <summary>File name without its folders, for messages that must not depend on the machine.</summary>
    public string Short => $"{Path.GetFileName(File)}:{Line}";

    public override string ToString() => $"{File}:{Line}";
}
