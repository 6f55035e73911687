using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using NvmeGpu.Analyzers.Flow;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0090, the half about what is missing: a parameter that the method hands on, so that it is still in use
/// when the method returns; <see cref="MemoryLifetime"/> finds it.
/// </summary>
internal static class ContractMissing
{
    public const string Id = "NVG0090";

    /// <summary>The property with the attribute that the fix adds, as it is written.</summary>
    public const string ContractProperty = "Contract";

    private const string Title = "Contract annotation missing or contradictory";

    private const string Message =
        "The method hands '{0}' to '{1}', whose contract holds for the callers of this method as well, and "
            + "nothing tells them: put [{2}] on the parameter";

    private const string Description =
        "The rules see a hand-over only where the parameter says so. A method that hands its parameter on "
            + "carries the same contract, or its callers are not checked.";

    public static readonly DiagnosticDescriptor Missing = new(
        Id,
        Title,
        Message,
        RuleDocumentation.Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: RuleDocumentation.PageOf(Id));

    public static Diagnostic At(Finding finding)
    {
        string contract = finding.Contract ?? $"KernelRetains(Until.{finding.Flight!.Until})";
        return Diagnostic.Create(
            Missing,
            finding.At,
            additionalLocations: null,
            ImmutableDictionary<string, string?>.Empty.Add(ContractProperty, contract),
            finding.Memory.Symbol!.Name,
            finding.Flight!.Target.Name,
            contract);
    }
}
