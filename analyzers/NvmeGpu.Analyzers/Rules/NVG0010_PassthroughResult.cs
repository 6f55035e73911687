using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Rules.Completions;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0010: the result of an NVMe passthrough command is read as if it were that of a read: as a number of
/// bytes, or as success because it is not negative.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PassthroughResult : DiagnosticAnalyzer
{
    public const string Id = "NVG0010";

    private const string Title = "Passthrough result is read as a byte count or only tested for its sign";

    private const string Description =
        "The result of IORING_OP_URING_CMD on an NVMe device is 0 for success, "
        + "a negative errno when the command did not reach the device, and a positive NVMe status when the "
        + "device refused it. It is never a number of bytes.";

    private static readonly string s_page = RuleDocumentation.PageOf(Id);

    private static readonly DiagnosticDescriptor s_sign = new(
        Id,
        Title,
        "'{0}' takes a command that the device has failed for one that succeeded, because an NVMe status is "
            + "positive: compare the result with 0, or decode it",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_count = new(
        Id,
        Title,
        "'{0}' is 0 or an NVMe status, never a number of bytes: a command that succeeds has moved all that "
        + "it "
            + "asked for",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_sign, s_count);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                BlockGate.Register(
                    start,
                    contracts,
                    call => Reap.Is(call, contracts),
                    method => Check(method, contracts));
            }
        });
    }

    private static void Check(OperationBlockAnalysisContext context, ContractSymbols contracts)
    {
        foreach (IOperation method in context.OperationBlocks)
        {
            if (RingWork.Of(method, contracts) is
                {
                    HasPassthrough: true,
                    HasOtherOperations: false,
                    TransferCount: 0,
                    IsEntryShared: false,
                } work)
            {
                CheckReads(context, work, () => context.GetControlFlowGraph(method));
            }
        }
    }

    private static void CheckReads(
        OperationBlockAnalysisContext context,
        RingWork work,
        Func<ControlFlowGraph?> graph)
    {
        List<ResultReading> uses =
        [
            .. work.Reads.OfType<IFieldReferenceOperation>()
                .SelectMany(read => ResultReader.UsesOf(read, graph)),
        ];
        ResultUse all = uses.Aggregate(ResultUse.None, (sum, use) => sum | use.Use);
        if ((all & ResultUse.Other) != 0)
        {
            return;
        }
        bool isOnlySign = (all & ~(ResultUse.Sign | ResultUse.Error)) == 0;
        foreach (ResultReading use in uses)
        {
            if (use.Use == ResultUse.Count)
            {
                Report(context, s_count, use.Read);
            }
            else if (use.Use == ResultUse.Sign && isOnlySign)
            {
                Report(context, s_sign, use.Comparison);
            }
        }
    }

    private static void Report(
        OperationBlockAnalysisContext context, DiagnosticDescriptor rule, IOperation at) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, at.Syntax.GetLocation(), at.Syntax.ToString()));
}
