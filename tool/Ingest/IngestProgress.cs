using System;
using System.IO;
using Spectre.Console;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// A progress bar while reading, on a terminal. On standard error, so that standard output stays clean in a
/// pipe; when standard output is a terminal too, lines are printed above the bar.
/// </summary>
internal static class IngestProgress
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(100);

    public static void Show(
        IngestSettings settings, TextReport text, HashingConsumer consumer, IngestCommand.Tally tally,
        Action read)
    {
        if (settings.IsQuiet || settings.IsJson || Console.IsErrorRedirected)
        {
            read();
            return;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
        });
        long? total = TotalBytes(settings);
        var progress = console.Progress().AutoClear(true).Columns(
            new SpinnerColumn(), new ProgressBarColumn(), new TaskDescriptionColumn());
        progress.RefreshRate = s_refresh;
        if (!Console.IsOutputRedirected)
        {
            text.LineSink = line =>
                console.Write(new Spectre.Console.Text(line + "\n") { Overflow = Overflow.Fold });
        }
        try
        {
            progress.Start(context =>
            {
                ProgressTask task = context.AddTask("reading", maxValue: Math.Max(1, total ?? 1));
                task.IsIndeterminate = total is null;
                using var timer = new System.Threading.Timer(
                    _ => Update(task, consumer, tally, total), null, TimeSpan.Zero, s_refresh);
                read();
            });
        }
        finally
        {
            text.LineSink = null;
        }
    }

    private static void Update(
        ProgressTask task, HashingConsumer consumer, IngestCommand.Tally tally, long? total)
    {
        long bytes = consumer.SeenBytes;
        double seconds = Math.Max(task.ElapsedTime?.TotalSeconds ?? 0, 0.001);
        if (total is not null)
        {
            task.Value = bytes;
        }
        task.Description = $"{bytes / 1e9:F2} GB, {tally.Read:N0} sources, {bytes / 1e9 / seconds:F2} GB/s";
    }

    /// <summary>
    /// Known when only regular files are named; with directories and lists it would take a second walk.
    /// </summary>
    private static long? TotalBytes(IngestSettings settings)
    {
        long total = 0;
        foreach (string path in settings.Paths)
        {
            var file = new FileInfo(path);
            if (path == SourceList.StandardInput || !file.Exists)
            {
                return null;
            }
            total += settings.LengthBytes ?? file.Length;
        }
        return total;
    }
}
