using System;

namespace NvmeGpu.Tool.CommandLine;

/// <summary>
/// Whether to show where an exception came from: <c>--verbose</c>, or the environment variable
/// <c>NVMEGPU_VERBOSE</c>. Looked for in the raw arguments, because the parser itself may be what failed.
/// </summary>
internal static class Verbosity
{
    public const string Option = "--verbose";

    public static bool IsVerbose(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("NVMEGPU_VERBOSE") is { Length: > 0 } value && value != "0")
        {
            return true;
        }
        int end = Array.IndexOf(arguments, "--");
        return Array.IndexOf(arguments, Option, 0, end < 0 ? arguments.Length : end) >= 0;
    }
}
