using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Rules.Pinning;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0005: a submission was begun and what stands for it is dropped: its token, its task, or the handle that
/// pins its memory.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedToken : DiagnosticAnalyzer
{
    public const string Id = "NVG0005";

    /// <summary>Property of a diagnostic whose value can be awaited.</summary>
    public const string IsTask = nameof(IsTask);

    private const string Title = "Submission token is dropped";

    private const string Description = "The memory of an operation belongs to the kernel until its own "
        + "completion was seen. Who drops what stands for the operation cannot know when that is.";

    private static readonly string s_page = RuleDocumentation.PageOf(Id);

    private static readonly DiagnosticDescriptor s_token = new(
        Id,
        Title,
        "The token that '{0}' gives is dropped, so nobody can tell when the memory of the operation may be "
            + "used again: keep it until its completion was reaped, or assign it to '_' if completions are "
            + "told apart in another way",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_task = new(
        Id,
        Title,
        "The task that '{0}' gives is dropped, so nobody waits for the operation or sees its failure, and "
            + "its memory stays the kernel's for an unknown time: await it",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_pin = new(
        Id,
        Title,
        "The handle that '{0}' gives is lost while its address is in use, so the memory can never be "
            + "unpinned, or is at any time: keep the handle, and dispose it after the completion",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly ImmutableDictionary<string, string?> s_awaitable =
        ImmutableDictionary<string, string?>.Empty.Add(IsTask, null);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_token, s_task, s_pin);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is not { } contracts)
            {
                return;
            }
            var pins = new PinHandles(contracts, start.Compilation);
            start.RegisterBlocks(contracts, block => Check(block, contracts, pins));
            ContractSites.Register(start, contracts, (block, _, site) =>
            {
                if (contracts.RetentionOf(site.Target) is not null
                    && pins.NamelessPinOf(site.Value) is { } pin)
                {
                    Report(block, s_pin, pin);
                }
            });
        });
    }

    private static void Check(
        OperationBlockAnalysisContext context, ContractSymbols contracts, PinHandles pins)
    {
        foreach (IOperation body in context.OperationBlocks)
        {
            foreach (IOperation operation in body.Parts())
            {
                if (operation.Kind == OperationKind.Invocation)
                {
                    CheckCall(context, body, (IInvocationOperation)operation, contracts);
                }
                if (operation.Kind is OperationKind.Invocation or OperationKind.ObjectCreation
                    && pins.IsOverwritten(operation, () => context.GetControlFlowGraph(body)))
                {
                    Report(context, s_pin, operation);
                }
            }
        }
    }

    private static void CheckCall(
        OperationBlockAnalysisContext context,
        IOperation body,
        IInvocationOperation call,
        ContractSymbols contracts)
    {
        if (ResultTypes.GivesToken(call, context.OwningSymbol, contracts))
        {
            ResultFate fate = ResultUses.FateOf(call, () => context.GetControlFlowGraph(body));
            if (fate is ResultFate.Statement or ResultFate.Unread)
            {
                Report(context, s_token, call);
            }
        }
        else if (ResultTypes.GivesTask(call, contracts)
            && ResultUses.FateOf(ResultTypes.WholeTask(call), () => context.GetControlFlowGraph(body))
                is not ResultFate.Used)
        {
            Report(context, s_task, call);
        }
    }

    private static void Report(
        OperationBlockAnalysisContext context, DiagnosticDescriptor rule, IOperation made) =>
        context.ReportDiagnostic(Diagnostic.Create(
            rule,
            (made.Parent is IConditionalAccessOperation access && access.WhenNotNull == made ? access : made)
                .Syntax.GetLocation(),
            rule == s_task ? s_awaitable : null,
            made is IInvocationOperation call ? call.TargetMethod.Name : made.Type?.Name));
}
