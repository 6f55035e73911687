using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Bindings.Tests;

/// <summary>The commands and the code of generator/README.md do what it says.</summary>
public sealed partial class GeneratorReadmeTests
{
    private const string Run = "dotnet run --project generator/NvmeGpu.HeaderCompiler -- ";

    [Fact]
    public async Task The_first_command_binds_zlib_and_the_code_below_it_calls_zlib()
    {
        await Headers.RequireLibClangAsync();
        Requirement.That(File.Exists("/usr/include/zlib.h"), "zlib is not there: apt-get install zlib1g-dev");
        Directory.CreateDirectory(Repository.PathOf("artifacts", "readme"));

        ChildResult result = await RunAsync("/usr/include/zlib.h");

        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("Z: ", result.Output, StringComparison.Ordinal);
        using var folder = new TemporaryFolder();
        string program = folder.PathOf("Program.cs");
        string code = string.Join('\n', Blocks().Single(
            block => block.Contains("NativeLibrary.Load", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(
            program,
            "using System.Runtime.InteropServices;\nusing ZLib;\n"
                + "public static class Program { public static unsafe ulong Crc(byte* bytes, uint length) {\n"
                + code + "\nreturn crc; } }\n",
            TestContext.Current.CancellationToken);
        Assembly assembly = Consumer.Compile(
            [program, .. Directory.EnumerateFiles(Repository.PathOf("artifacts", "readme", "zlib"), "*.cs")],
            isPublic: false, referencesBindings: false);
        // The check value of CRC-32, "123456789".
        Assert.Equal(0xCBF43926UL, Call(assembly, "123456789"u8.ToArray()));
    }

    [Fact]
    public async Task The_last_command_lists_what_differs_on_the_other_target()
    {
        await Headers.RequireLibClangAsync();
        ChildResult result = await RunAsync("--compare-target");

        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("different on aarch64-linux-gnu: 1 of 2 declarations", result.Output,
            StringComparison.Ordinal);
        Assert.Contains("struct flags (", result.Output, StringComparison.Ordinal);
        Assert.Contains("- [StructLayout(LayoutKind.Explicit, Size = 1)]", result.Output,
            StringComparison.Ordinal);
        Assert.Contains("+ [StructLayout(LayoutKind.Explicit, Size = 4)]", result.Output,
            StringComparison.Ordinal);
    }

    // The command of the README that has this text, run with the program that was built already.
    private static Task<ChildResult> RunAsync(string part)
    {
        string command = Blocks()
            .Select(block => Continued().Replace(block, " "))
            .Single(block => block.StartsWith(Run, StringComparison.Ordinal)
                && block.Contains(part, StringComparison.Ordinal));
        return ChildProcess.RunAsync("bash", ["-c", string.Concat(
            "dotnet ", Path.Combine(AppContext.BaseDirectory, "nvmegpu-headers.dll"), " ",
            command.AsSpan(Run.Length))]);
    }

    // Runs of indented lines, without the indentation.
    private static string[] Blocks() =>
        [.. IndentedBlock().Matches(File.ReadAllText(Repository.PathOf("generator", "README.md")))
            .Select(block => Indentation().Replace(block.Value, ""))];

    private static unsafe ulong Call(Assembly assembly, byte[] text)
    {
        fixed (byte* bytes = text)
        {
            return (ulong)assembly.GetType("Program")!.GetMethod("Crc")!.Invoke(
                null, [Pointer.Box(bytes, typeof(byte*)), (uint)text.Length])!;
        }
    }

    [GeneratedRegex(@"(?:^    .*\n)+", RegexOptions.Multiline)]
    private static partial Regex IndentedBlock();

    [GeneratedRegex(@"^    ", RegexOptions.Multiline)]
    private static partial Regex Indentation();

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();
}
