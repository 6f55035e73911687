using System.CommandLine;
using System.IO;
using NvmeGpu.Tool.Bench;

namespace NvmeGpu.Tool.CommandLine;

/// <summary>The options of <c>nvmegpu bench</c>.</summary>
internal static class BenchCommandLine
{
    private const int SecondsMax = 600;
    private const int PairsMax = 1000;

    public static Command Create()
    {
        var folder = new Option<string>("--folder")
        {
            Description =
                "Where the file to read is made, and removed at the end. [default: the system's temporary "
                + "folder]",
            HelpName = "FOLDER",
        };
        var size = new Option<long?>("--size")
        {
            Description = "Its size; it must fit into the page cache. [default: 1G]",
            HelpName = "SIZE",
            CustomParser = result => OptionValue.Size(result, 1 << 20, 1L << 40),
        };
        var pairs = new Option<int?>("--pairs")
        {
            Description = "Pairs of runs, ours and fio's. [default: 15]",
            HelpName = "N",
            CustomParser = result => OptionValue.Number(result, 1, PairsMax),
        };
        var seconds = new Option<int?>("--seconds")
        {
            Description = "Seconds per run. [default: 3]",
            HelpName = "N",
            CustomParser = result => OptionValue.Number(result, 1, SecondsMax),
        };
        var fio = new Option<string>("--fio")
        {
            Description = "The fio to compare with. [default: fio]",
            HelpName = "PROGRAM",
        };
        var json = new Option<bool>("--json")
        {
            Description = "Print one JSON document; progress goes to standard error.",
        };

        var command = new Command(
            "bench",
            "Measures NOPs and random reads of 4 KiB from the page cache through the owned API, next to fio "
            + "doing the same in the same run.\n\n"
                + ExitCode.Help)
        {
            folder, size, pairs, seconds, fio, json,
        };
        command.SetAction(parsed =>
        {
            var settings = new BenchSettings { Folder = parsed.GetValue(folder) ?? Path.GetTempPath() };
            return BenchCommand.Run(settings with
            {
                FileBytes = parsed.GetValue(size) ?? settings.FileBytes,
                Pairs = parsed.GetValue(pairs) ?? settings.Pairs,
                Seconds = parsed.GetValue(seconds) ?? settings.Seconds,
                Fio = parsed.GetValue(fio) ?? settings.Fio,
                IsJson = parsed.GetValue(json),
            });
        });
        return command;
    }
}
