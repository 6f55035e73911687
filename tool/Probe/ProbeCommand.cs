using System;
using System.Linq;
using System.Text.Json;
using NvmeGpu.Tool.Text;
using Spectre.Console;

namespace NvmeGpu.Tool.Probe;

/// <summary>
/// <c>nvmegpu probe</c>: what this machine, and the drive under a path, can do for each read path, and what
/// to do about what is missing. What is missing is an answer, not a failure: the exit code is 0 unless not
/// even registered reads can be had.
/// </summary>
internal static class ProbeCommand
{
    private const int PipeWidth = 160;
    private const int WidthMin = 60;

    public static int Run(string? path, bool isJson)
    {
        GpuDirectCapability capability;
        try
        {
            capability = GpuDirectCapability.Probe(path);
        }
        catch (ArgumentException e)
        {
            throw new ToolException(ExitCode.Usage, e.Message, e);
        }
        PathCapability[] paths = [.. Enum.GetValues<NativeReadPath>().Select(capability.For)];
        if (isJson)
        {
            Console.Out.WriteLine(
                JsonSerializer.Serialize(ReportOf(capability, paths), ProbeJson.Default.ProbeReport));
        }
        else
        {
            Show(capability, paths);
        }
        return paths.Any(p => p.IsAvailable) ? ExitCode.Success : ExitCode.Refused;
    }

    private static ProbeReport ReportOf(GpuDirectCapability capability, PathCapability[] paths) => new()
    {
        Target = capability.Target,
        Checks = capability.Checks,
        Paths =
        [
            .. paths.Select(p =>
                new ProbePath(p.Path, p.IsAvailable, p.IsProven, p.FirstMissing?.Id, p.Reason)),
        ],
    };

    private static void Show(GpuDirectCapability capability, PathCapability[] paths)
    {
        IAnsiConsole console =
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }
        console.Profile.Width = Math.Max(console.Profile.Width, WidthMin);

        console.WriteLine(capability.Target is { } target
            ? $"This machine, and {Printable.Of(target)}"
            : "This machine (with a file's path, its drive is looked at too)");
        console.Write(ChecksTable(capability));
        console.Write(PathsTable(paths));
    }

    private static Table ChecksTable(GpuDirectCapability capability)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("Check", "Outcome", "What was seen", "What to do");
        foreach (CapabilityCheck check in capability.Checks)
        {
            table.AddRow(
                Cell(check.Title), Outcome(check.Outcome), Cell(check.Detail), Cell(check.Advice));
        }
        return table;
    }

    private static Table PathsTable(PathCapability[] paths)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Read path", "Verdict", "Why");
        foreach (PathCapability path in paths)
        {
            table.AddRow(Cell(path.Path.ToString()), Verdict(path), Cell(path.Reason));
        }
        return table;
    }

    private static Spectre.Console.Text Cell(string text) => new(Printable.Of(text));

    private static Spectre.Console.Text Outcome(CapabilityOutcome outcome) => outcome switch
    {
        CapabilityOutcome.Ok => new("ok", Color.Green),
        CapabilityOutcome.Proven => new("proven", Color.Green),
        CapabilityOutcome.Missing => new("missing", Color.Red),
        CapabilityOutcome.NoPermission => new("no permission", Color.Yellow),
        _ => new("cannot tell", Color.Yellow),
    };

    private static Spectre.Console.Text Verdict(PathCapability path) =>
        path.IsProven ? new("proven", Color.Green)
        : path.IsAvailable ? new("available", Color.Green)
        : new("not available", Color.Red);
}
