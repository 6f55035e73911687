using System;

namespace NvmeGpu.Tool;

/// <summary>Ends the command with one sentence on stderr and an exit code.</summary>
internal sealed class ToolException(int exitCode, string sentence, Exception? cause = null)
    : Exception(sentence, cause)
{
    public int ExitCode { get; } = exitCode;
}
