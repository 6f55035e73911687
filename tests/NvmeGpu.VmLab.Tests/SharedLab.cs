using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>
/// The lab of this test run. The first test that asks boots all guests, two at a time; each test waits for
/// its own.
/// </summary>
internal static class SharedLab
{
    private static readonly Lazy<Task<Lab>> s_lab = new(PrepareAsync);

    private static readonly Lazy<Task<Dictionary<string, Task<ScenarioResult>>>> s_guests = new(StartAsync);

    /// <summary>Long scenarios are asked for by build/test --full.</summary>
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("NVMEGPU_FULL") is "true" or "1";

    /// <summary>
    /// What came out of a scenario's guest. Where the lab cannot boot, the test is skipped with the reason,
    /// or fails in CI.
    /// </summary>
    public static async Task<ScenarioResult> ResultOfAsync(string scenario)
    {
        _ = await ReadyAsync();
        return await (await s_guests.Value)[scenario];
    }

    /// <summary>The lab, for tests that boot guests of their own.</summary>
    public static async Task<Lab> ReadyAsync()
    {
        string reason = "";
        try
        {
            return await s_lab.Value;
        }
        catch (LabException e)
        {
            reason = $"the VM lab cannot boot: {e.Message}";
        }
        Requirement.That(false, reason);
        throw new LabException(reason);
    }

    private static IEnumerable<Scenario> Chosen =>
        Scenarios.All.Where(scenario => IsFull || !scenario.IsFull);

    private static Task<Lab> PrepareAsync() =>
        Task.Run(() => Lab.PrepareAsync(Chosen, withShell: false, _ => { }));

    private static async Task<Dictionary<string, Task<ScenarioResult>>> StartAsync()
    {
        Lab lab = await s_lab.Value;
        return Chosen.ToDictionary(
            scenario => scenario.Name, scenario => Task.Run(() => lab.RunAsync(scenario)));
    }
}
