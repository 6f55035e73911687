using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>build/vm-lab: runs scenarios and prints what came out, or gives a shell in a guest.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        // For the test that a guest ends with its driver: any program in QEMU's place, until this one is
        // killed.
        if (arguments is ["--start-for-a-test", string program, .. string[] rest])
        {
            await using QemuProcess process = await QemuProcess.StartAsync(program, rest);
            Console.WriteLine(process.Id);
            return await process.WaitForExitAsync();
        }
        try
        {
            CommandLine command = CommandLine.Parse(arguments);
            Scenario[] scenarios = [.. Choose(command)];
            if (command.IsList)
            {
                List(scenarios);
                return 0;
            }
            if (command.IsShell)
            {
                return await RunShellAsync(scenarios[0]);
            }
            return await RunTestsAsync(scenarios);
        }
        catch (LabException e)
        {
            Console.Error.WriteLine($"vm-lab: {e.Message}");
            return 3;
        }
    }

    private static IEnumerable<Scenario> Choose(CommandLine command)
    {
        IEnumerable<Scenario> chosen = command.Scenario is { } name
            ? [Scenarios.Find(name)]
            : Scenarios.All.Where(scenario => command.IsFull || command.IsList || !scenario.IsFull);
        if (command.Test is { } test)
        {
            chosen = Scenarios.Only(chosen, test);
        }
        return command.Kernel is not { } kernel ? chosen
            // A scenario with another kernel than its own is for people who look for differences.
            : command.Scenario is not null ? chosen.Select(scenario => scenario with { Kernel = kernel })
            : chosen.Where(scenario => scenario.Kernel == kernel).ToArray() is { Length: > 0 } some ? some
            : throw new LabException($"no scenario has the kernel '{kernel}'; --list shows which there are.");
    }

    private static void List(IEnumerable<Scenario> scenarios)
    {
        foreach (Scenario scenario in scenarios)
        {
            Console.WriteLine(
                $"{scenario.Name} (Linux {scenario.Kernel}{(scenario.IsFull ? ", --full" : "")}): "
                + scenario.About);
            foreach (string test in scenario.Tests)
            {
                Console.WriteLine($"    {test}");
            }
        }
    }

    private static async Task<int> RunTestsAsync(Scenario[] scenarios)
    {
        using Lab lab = await Lab.PrepareAsync(scenarios, withShell: false, Say);
        long start = Stopwatch.GetTimestamp();
        int[] counts = new int[3];
        List<Task<ScenarioResult>> running = [.. scenarios.Select(lab.RunAsync)];
        await foreach (Task<ScenarioResult> finished in Task.WhenEach(running))
        {
            Print(await finished, counts);
        }
        Console.WriteLine(
            $"{scenarios.Length} guests in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        Console.WriteLine($"{counts[0]} passed, {counts[1]} failed, {counts[2]} skipped");
        return counts[1] == 0 ? 0 : 1;
    }

    private static void Print(ScenarioResult result, int[] counts)
    {
        string boot = result.BootTime is { } time ? $"{time.TotalSeconds:0.0} s to boot, " : "";
        string attempts = result.Attempts > 1 ? $", {result.Attempts} attempts" : "";
        Console.WriteLine(
            $"{result.Scenario.Name} (Linux {result.Scenario.Kernel}, {result.Accelerator}): {boot}"
            + $"{result.TotalTime.TotalSeconds:0.0} s in all{attempts}");
        foreach (GuestTestResult test in result.Tests)
        {
            counts[(int)test.Outcome]++;
            // How a guest died is said once, below.
            string message = test.Message.Length == 0 ? ""
                : test.Message == result.Death ? ": the guest died"
                : $": {test.Message}";
            Console.WriteLine(
                $"    {test.Outcome.ToString().ToUpperInvariant()} {test.Name} "
                + $"({test.Milliseconds} ms){message}");
        }
        if (result.Death is { } death)
        {
            Console.WriteLine($"    {death}");
        }
    }

    // QEMU has the terminal to itself: its streams are ours.
    private static async Task<int> RunShellAsync(Scenario scenario)
    {
        using Lab lab = await Lab.PrepareAsync([scenario], withShell: true, Say);
        using var folder = new GuestFolder();
        Say($"{scenario.Name}: ctrl-a x ends QEMU at once, ctrl-a c is its monitor");
        using Process qemu = Process.Start(new ProcessStartInfo(
            QemuCommand.Program,
            QemuCommand.ForShell(scenario, lab.Parts, lab.AcceleratorOf(scenario), folder)))
            ?? throw new LabException("QEMU did not start.");
        await qemu.WaitForExitAsync();
        return qemu.ExitCode;
    }

    private static void Say(string text) => Console.Error.WriteLine($"vm-lab: {text}");
}
