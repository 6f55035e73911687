using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Flow;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Rules.Completions;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0009: the result of a call or of a completion is not looked at, or only for its sign although a
/// transfer may end early.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class IgnoredResult : DiagnosticAnalyzer
{
    public const string Id = "NVG0009";

    private const string Title = "Completion result is ignored";

    private const string Description = "An operation may fail, and a transfer may end early, at the end of a "
        + "file, at a signal, at the limit of a device. Memory that was not filled still has what was there "
        + "before.";

    private static readonly string s_page = RuleDocumentation.PageOf(Id);

    private static readonly DiagnosticDescriptor s_ignored = new(
        Id,
        Title,
        "The result of '{0}' is not looked at, so a failure goes unnoticed: compare it, throw on it, or "
        + "assign "
            + "it to '_' if it does not matter",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_unread = new(
        Id,
        Title,
        "'{0}' gives the completion of a transfer, but its result is never read, so a failed or short "
            + "transfer goes unnoticed: look at the result before the memory is used",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_short = new(
        Id,
        Title,
        "'{0}' is only tested for failure, but a transfer may end early, and the rest of the memory then has "
            + "what was there before: compare the number of bytes with what was asked for, or continue",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_ignored, s_unread, s_short);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                start.RegisterBlocks(contracts, block => CheckValues(block, contracts));
                BlockGate.Register(
                    start,
                    contracts,
                    call => Reap.Is(call, contracts),
                    method => CheckMethod(method, contracts));
            }
        });
    }

    private static void CheckValues(OperationBlockAnalysisContext context, ContractSymbols contracts)
    {
        foreach (IOperation body in context.OperationBlocks)
        {
            foreach (IOperation operation in body.Parts())
            {
                switch (operation.Kind)
                {
                    case OperationKind.Invocation:
                        CheckCall(context, body, (IInvocationOperation)operation, contracts);
                        break;
                    case OperationKind.PropertyReference:
                        CheckProperty(context, body, (IPropertyReferenceOperation)operation, contracts);
                        break;
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
        if (ResultTypes.GivesResult(call, contracts)
            && IsDropped(call, () => context.GetControlFlowGraph(body)))
        {
            context.ReportDiagnostic(At(s_ignored, call, call.TargetMethod.Name));
        }
    }

    private static void CheckProperty(
        OperationBlockAnalysisContext context,
        IOperation body,
        IPropertyReferenceOperation property,
        ContractSymbols contracts)
    {
        if (ResultUses.LocalOf(ResultUses.Outermost(property)) is not null
            && contracts.MustObserve(property.Property)
            && IsDropped(property, () => context.GetControlFlowGraph(body)))
        {
            context.ReportDiagnostic(At(s_ignored, property, property.Property.Name));
        }
    }

    private static bool IsDropped(IOperation value, Func<ControlFlowGraph?> graph) =>
        ResultUses.FateOf(value, graph) is ResultFate.Statement or ResultFate.Unread;

    private static void CheckMethod(OperationBlockAnalysisContext context, ContractSymbols contracts)
    {
        foreach (IOperation method in context.OperationBlocks)
        {
            if (RingWork.Of(method, contracts) is { TransferCount: > 0, IsEntryShared: false } work)
            {
                CheckTransfers(context, work, contracts, () => context.GetControlFlowGraph(method));
            }
        }
    }

    private static void CheckTransfers(
        OperationBlockAnalysisContext context,
        RingWork work,
        ContractSymbols contracts,
        Func<ControlFlowGraph?> graph)
    {
        if (work.Reads.Count == 0)
        {
            foreach (Reap reap in work.Reaps)
            {
                // A completion that is taken for the sake of order, and said so, or while cleaning up.
                if (reap.Entry is { Name: not "_" }
                    && !IsInHandler(reap.Call)
                    && !(ResultTypes.GivesResult(reap.Call, contracts) && IsDropped(reap.Call, graph)))
                {
                    context.ReportDiagnostic(At(s_unread, reap.Call, reap.Call.TargetMethod.Name));
                }
            }
        }
        else if (!work.HasOtherOperations && !work.HasPassthrough)
        {
            CheckShort(context, work, graph);
        }
    }

    private static void CheckShort(
        OperationBlockAnalysisContext context,
        RingWork work,
        Func<ControlFlowGraph?> graph)
    {
        var tests = new List<IOperation>();
        foreach (IOperation read in work.Reads)
        {
            IEnumerable<ResultUse> uses = read is IPropertyReferenceOperation property
                ? [OfProperty(property.Property.Name)]
                : ResultReader.UsesOf(read, graph).Select(use => use.Use);
            foreach (ResultUse use in uses)
            {
                // `> 0` knows of the end of the file: who reads no further than one byte needs no more.
                if (use is ResultUse.Sign)
                {
                    tests.Add(read);
                }
                else if (use != ResultUse.Error)
                {
                    return;
                }
            }
        }
        foreach (IOperation test in tests.Distinct())
        {
            context.ReportDiagnostic(At(s_short, test, test.Syntax.ToString()));
        }
    }

    private static ResultUse OfProperty(string name) => name switch
    {
        "IsSuccess" => ResultUse.Sign,
        "Errno" => ResultUse.Error,
        _ => ResultUse.Count,
    };

    private static bool IsInHandler(IOperation operation)
    {
        IOperation inner = operation;
        for (IOperation? outer = operation.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation
                || (outer is ITryOperation attempt && attempt.Finally == inner))
            {
                return true;
            }
        }
        return false;
    }

    private static Diagnostic At(DiagnosticDescriptor rule, IOperation at, string name) =>
        Diagnostic.Create(rule, at.Syntax.GetLocation(), name);
}
