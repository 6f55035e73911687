using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.CommandLine;

/// <summary>The values of options, with one sentence for each that is wrong.</summary>
internal static class OptionValue
{
    public static string Of(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;

    public static int Number(ArgumentResult result, int min, int max) =>
        int.TryParse(Of(result), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= min && number <= max
            ? number
            : Wrong<int>(result, $"must be a number from {min} to {max}");

    public static long? Size(ArgumentResult result, long min, long max) =>
        ByteSize.TryParse(Of(result), out long bytes) && bytes >= min && bytes <= max
            ? bytes
            : Wrong<long?>(result, max == long.MaxValue
                ? "must be a number of bytes such as 4096, 64K, 1MiB or 1T"
                : $"must be a number of bytes from {ByteSize.Exact(min)} to {ByteSize.Exact(max)}, such as "
                + "64K or 1MiB");

    /// <summary>
    /// The parser takes an option that does not exist for a path. Whoever wrote it meant an option, so it is
    /// refused; a path that begins with a dash stands behind <c>--</c>.
    /// </summary>
    /// <param name="argument">The paths.</param>
    /// <param name="commandLine">Everything that was written.</param>
    public static void RefuseUnknownOptions(Argument argument, string[] commandLine)
    {
        int end = Array.IndexOf(commandLine, "--");
        var beforeEnd = new HashSet<string>(end < 0 ? commandLine : commandLine[..end]);
        argument.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (token.Value.Length > 1 && token.Value[0] == '-' && beforeEnd.Contains(token.Value))
                {
                    result.AddError(
                        $"there is no option {token.Value}; a path that begins with a dash must stand behind "
                        + "--.");
                }
            }
        });
    }

    /// <summary>Reports the value of the option that is being parsed.</summary>
    public static T? Wrong<T>(ArgumentResult result, string what)
    {
        string option = (result.Parent as OptionResult)?.Option.Name ?? "the value";
        result.AddError($"{option} {what}, not '{Of(result)}'.");
        return default;
    }
}
