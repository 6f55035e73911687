using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>The table of scenarios against the guest's table of tests.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public async Task Every_guest_test_is_run_by_some_scenario_and_no_scenario_names_another()
    {
        Lab lab = await SharedLab.ReadyAsync();
        ChildResult list = await ChildProcess.RunAsync(lab.Parts.Guest, ["--list"]);
        Assert.Equal(0, list.ExitCode);
        string[] known = list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string> named = Scenarios.All.SelectMany(scenario => scenario.Tests).Distinct();
        Assert.Equal(known.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_name_that_the_guest_does_not_know_is_a_failure()
    {
        Lab lab = await SharedLab.ReadyAsync();
        ScenarioResult result = await lab.RunAsync(
            Scenarios.Find("switch-512") with { Name = "unknown-test", Tests = ["There_is_no_such_test"] });
        GuestTestResult test = Assert.Single(result.Tests);
        Assert.Equal(GuestOutcome.Failed, test.Outcome);
        Assert.Equal("the guest has no such test.", test.Message);
    }

    [Fact]
    public async Task A_wrong_seed_fails_the_reads_and_says_where()
    {
        Lab lab = await SharedLab.ReadyAsync();
        ScenarioResult result = await lab.RunAsync(Scenarios.Find("switch-512") with
        {
            Name = "wrong-seed",
            Settings = [($"seed.{DiskImage.Serial}", "1")],
            Tests =
            [
                "Direct_registered_reads_bring_every_byte_of_the_drive",
                "The_driver_ingests_the_whole_drive_with_direct_reads",
                "Passthrough_into_RAM_brings_every_byte",
                "Passthrough_into_registered_RAM_brings_every_byte",
                "One_command_brings_as_much_as_the_namespace_allows_and_not_a_block_more",
                "Regions_of_a_registration_larger_than_a_command_are_read_into",
                "Passthrough_into_the_memory_of_another_controller_brings_every_byte",
                "A_direct_read_into_the_memory_of_another_controller_brings_every_byte",
            ],
        });
        Assert.True(result.IsDone, result.Death);
        Assert.Equal(1, result.Attempts); // what failed is not tried again
        Assert.All(result.Tests, test =>
        {
            Assert.Equal(GuestOutcome.Failed, test.Outcome);
            Assert.StartsWith("byte 0 of what was read from 0: the word is ", test.Message);
        });
    }

    [Fact]
    public async Task A_guest_that_panics_is_dead_and_its_tests_have_failed()
    {
        Lab lab = await SharedLab.ReadyAsync();
        ScenarioResult result = await lab.RunAsync(Scenarios.Find("switch-512") with
        {
            Name = "no-init",
            KernelArguments = "rdinit=/there-is-none",
            Tests = ["Passthrough_into_RAM_brings_every_byte"],
        });
        Assert.False(result.IsDone);
        Assert.Contains("Kernel panic", result.Death);
        Assert.Equal(3, result.Attempts);
        Assert.Equal(GuestOutcome.Failed, Assert.Single(result.Tests).Outcome);
    }

    [Fact]
    public async Task A_guest_that_does_not_come_up_is_killed_when_its_time_is_over()
    {
        Lab lab = await SharedLab.ReadyAsync();
        Scenario scenario = Scenarios.Find("switch-512") with { Name = "no-time" };
        ScenarioResult result = await GuestRun.OnceAsync(
            scenario, lab.Parts, lab.AcceleratorOf(scenario), TimeSpan.FromMilliseconds(300),
            TimeSpan.FromSeconds(1));
        Assert.Contains("did not come up within 0.3 s", result.Death);
        Assert.InRange(result.TotalTime, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
