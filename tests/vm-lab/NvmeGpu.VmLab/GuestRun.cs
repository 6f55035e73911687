using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>Boots a scenario's guest, serves it, and collects what it says.</summary>
internal static class GuestRun
{
    // Before process 1 nothing of ours has run: that a guest does not come up is QEMU's affair, and rare.
    private const int BootAttemptsMax = 3;

    // A guest that dies in a test is given one more chance, and no third.
    private const int RunAttemptsMax = 2;

    private static readonly TimeSpan s_bootTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_runTime = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan s_fullRunTime = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Boots the guest, and again only when it died without its done mark: a failed test is never repeated.
    /// </summary>
    public static async Task<ScenarioResult> RunAsync(
        Scenario scenario, LabParts parts, Accelerator accelerator)
    {
        TimeSpan runTime = scenario.IsFull ? s_fullRunTime : s_runTime;
        for (int attempt = 1; ; attempt++)
        {
            ScenarioResult result = await OnceAsync(scenario, parts, accelerator, s_bootTime, runTime);
            if (result.IsDone || attempt >= (result.BootTime is null ? BootAttemptsMax : RunAttemptsMax))
            {
                return result with { Attempts = attempt };
            }
        }
    }

    /// <summary>One boot, killed when a time is over.</summary>
    public static async Task<ScenarioResult> OnceAsync(
        Scenario scenario, LabParts parts, Accelerator accelerator, TimeSpan bootTime, TimeSpan runTime)
    {
        using var folder = new GuestFolder();
        await using var actions = new HostActions(folder);
        var log = new GuestLog();
        long start = Stopwatch.GetTimestamp();
        TimeSpan? booted = null;
        string? death = null;
        using var limit = new CancellationTokenSource(bootTime);
        await using QemuProcess qemu = await QemuProcess.StartAsync(
            QemuCommand.Program, QemuCommand.ForTests(scenario, parts, accelerator, folder));
        try
        {
            await foreach (string line in qemu.Lines.ReadAllAsync(limit.Token))
            {
                (string word, string text) = log.Add(line);
                switch (word)
                {
                    case GuestWords.Start:
                        booted = Stopwatch.GetElapsedTime(start);
                        limit.CancelAfter(runTime);
                        await GiveWorkAsync(qemu, scenario);
                        break;
                    case GuestWords.Host:
                        await qemu.SendAsync(await AnswerAsync(actions, text));
                        break;
                }
            }
            int exit = await qemu.WaitForExitAsync().WaitAsync(limit.Token);
            // A guest that resets, by a panic for one, ends QEMU with 0 like one that powers off: only the
            // mark tells.
            if (!log.IsDone)
            {
                death = $"QEMU ended with {exit}";
            }
        }
        catch (OperationCanceledException)
        {
            qemu.Kill();
            death = booted is null
                ? $"it did not come up within {bootTime.TotalSeconds} s"
                : $"it did not end within {runTime.TotalSeconds} s";
        }
        if (death is not null)
        {
            death = $"The guest died: {death}{log.Where()}.\n{qemu.Error}\n{Tail(folder.Console)}".Trim();
        }
        Keep(scenario, folder, log);
        return new ScenarioResult(scenario, accelerator)
        {
            Tests = [.. scenario.Tests.Select(name => log.ResultOf(name, death))],
            Facts = log.Facts,
            Traces = actions.Traces(),
            Death = death,
            BootTime = booted,
            TotalTime = Stopwatch.GetElapsedTime(start),
        };
    }

    private static async Task GiveWorkAsync(QemuProcess qemu, Scenario scenario)
    {
        foreach ((string key, string value) in QemuCommand.Settings(scenario))
        {
            await qemu.SendAsync($"{GuestWords.Set} {GuestWords.Escape($"{key} {value}")}");
        }
        foreach (string test in scenario.Tests)
        {
            await qemu.SendAsync($"{GuestWords.Run} {GuestWords.Escape(test)}");
        }
        await qemu.SendAsync(GuestWords.Go);
    }

    private static async Task<string> AnswerAsync(HostActions actions, string action)
    {
        try
        {
            await actions.DoAsync(action);
            return GuestWords.Ok;
        }
        catch (LabException e)
        {
            return $"{GuestWords.Error} {GuestWords.Escape(e.Message)}";
        }
    }

    /// <summary>The console's last lines, where a kernel that died says why.</summary>
    private static string Tail(string console)
    {
        const int LinesKept = 30;
        return File.Exists(console) ? string.Join('\n', File.ReadLines(console).TakeLast(LinesKept)) : "";
    }

    private static void Keep(Scenario scenario, GuestFolder folder, GuestLog log)
    {
        Directory.CreateDirectory(LabPaths.Logs);
        string name = Path.Join(LabPaths.Logs, scenario.Name);
        File.WriteAllLines($"{name}.results", log.Lines);
        if (File.Exists(folder.Console))
        {
            File.Copy(folder.Console, $"{name}.console", overwrite: true);
        }
    }
}
