using System;
using System.Collections.Generic;

namespace NvmeGpu.VmLab;

internal enum GuestOutcome
{
    Passed,
    Failed,
    Skipped,
}

/// <summary>How one test in one guest ended.</summary>
internal sealed record GuestTestResult(string Name, GuestOutcome Outcome, int Milliseconds, string Message);

/// <summary>How one guest ended.</summary>
internal sealed record ScenarioResult(Scenario Scenario, Accelerator Accelerator)
{
    /// <summary>One for each test of the scenario, in its order.</summary>
    public required IReadOnlyList<GuestTestResult> Tests { get; init; }

    /// <summary>What guest tests report for tests of the host.</summary>
    public required IReadOnlyDictionary<string, string> Facts { get; init; }

    /// <summary>The bus addresses that drives read and wrote during each trace, by its name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<DmaRange>> Traces { get; init; }

    /// <summary>The guest ran to its end; otherwise it died, and <see cref="Death"/> says how.</summary>
    public bool IsDone => Death is null;

    public required string? Death { get; init; }

    /// <summary>From the start of QEMU until process 1; null when the guest never came so far.</summary>
    public required TimeSpan? BootTime { get; init; }

    /// <summary>From the start of QEMU until its end.</summary>
    public required TimeSpan TotalTime { get; init; }

    /// <summary>How many guests it took: more than one only when the others died.</summary>
    public int Attempts { get; init; } = 1;
}
