using System.Threading.Tasks;
using Xunit;

namespace NvmeGpu.VmLab.Tests;

/// <summary>What is tested inside guests, one result per guest and test.</summary>
public sealed class GuestTests
{
    public static TheoryData<string, string> Everything()
    {
        var data = new TheoryData<string, string>();
        foreach (Scenario scenario in Scenarios.All)
        {
            foreach (string test in scenario.Tests)
            {
                data.Add(new TheoryDataRow<string, string>(scenario.Name, test)
                {
                    TestDisplayName = $"vm-lab {scenario.Name}: {test}",
                    Label = "", // or the arguments would follow
                });
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task In_the_guest_it_passes(string scenario, string test)
    {
        Assert.SkipWhen(
            Scenarios.Find(scenario).IsFull && !SharedLab.IsFull,
            "takes minutes: only with build/test --full");
        ScenarioResult result = await SharedLab.ResultOfAsync(scenario);
        GuestTestResult found = Assert.Single(result.Tests, one => one.Name == test);
        Assert.SkipWhen(found.Outcome == GuestOutcome.Skipped, found.Message);
        Assert.True(found.Outcome == GuestOutcome.Passed, found.Message);
    }

    [Fact]
    public async Task Every_guest_runs_to_its_end_and_powers_off()
    {
        foreach (Scenario scenario in Scenarios.All)
        {
            if (!scenario.IsFull || SharedLab.IsFull)
            {
                ScenarioResult result = await SharedLab.ResultOfAsync(scenario.Name);
                Assert.True(result.IsDone, $"{scenario.Name}: {result.Death}");
            }
        }
    }
}
