using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>The same rule one step lower, for what happens on some of the paths only.</summary>
internal static class MilderRule
{
    public static DiagnosticDescriptor Of(DiagnosticDescriptor rule) => new(
        rule.Id,
        rule.Title,
        rule.MessageFormat,
        rule.Category,
        rule.DefaultSeverity == DiagnosticSeverity.Error
            ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        rule.Description,
        rule.HelpLinkUri);
}
