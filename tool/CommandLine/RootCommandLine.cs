using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using NvmeGpu.Tool.Text;

namespace NvmeGpu.Tool.CommandLine;

/// <summary>The whole command line: parses it, and runs what it asks for.</summary>
internal static class RootCommandLine
{
    public static int Run(string[] arguments)
    {
        var root = new RootCommand(
            "Moves bytes from NVMe storage into memory that a GPU can see, over io_uring.\n\n"
                + ExitCode.Help)
        {
            IngestCommandLine.Create(arguments),
            ProbeCommandLine.Create(arguments),
            BenchCommandLine.Create(),
        };
        root.Add(new Option<bool>(Verbosity.Option)
        {
            Description = "Show where an error came from (also: NVMEGPU_VERBOSE=1).",
            Recursive = true,
        });

        ParseResult parsed = root.Parse(arguments, new ParserConfiguration
        {
            ResponseFileTokenReplacer = null, // "@name" is a file's name like any other
        });
        if (parsed.Errors.Count > 0)
        {
            return ReportUsage(parsed);
        }
        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are the commands' own
        });
    }

    private static int ReportUsage(ParseResult parsed)
    {
        foreach (ParseError error in parsed.Errors)
        {
            Console.Error.WriteLine($"nvmegpu: {Printable.Of(error.Message)}");
        }
        string command = parsed.CommandResult.Command is RootCommand
            ? "" : parsed.CommandResult.Command.Name + " ";
        Console.Error.WriteLine($"nvmegpu: see nvmegpu {command}--help");
        return ExitCode.Usage;
    }
}
