using System;
using System.Text;

namespace NvmeGpu.VmLab;

/// <summary>
/// The first words of the lines between guest and host, on a serial port of their own: the kernel's console
/// writes into the middle of lines. Compiled into both.
/// </summary>
internal static class GuestWords
{
    // Guest to host.
    public const string Start = "start";
    public const string Begin = "begin";
    public const string Passed = "passed";
    public const string Failed = "failed";
    public const string Skipped = "skipped";
    public const string Fact = "fact";
    public const string Host = "host";
    public const string Done = "done";

    // Host to guest: first what is to be done, ended by Go; then one answer to every Host line.
    public const string Set = "set";
    public const string Run = "run";
    public const string Go = "go";
    public const string Ok = "ok";
    public const string Error = "error";

    /// <summary>A text in one line.</summary>
    public static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "", StringComparison.Ordinal);

    /// <summary>The text that <see cref="Escape"/> was given.</summary>
    public static string Unescape(string line)
    {
        var text = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length)
            {
                i++;
                text.Append(line[i] == 'n' ? '\n' : line[i]);
            }
            else
            {
                text.Append(line[i]);
            }
        }
        return text.ToString();
    }
}
