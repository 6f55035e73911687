using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Rules.Entries;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0012: a submission entry is written after it was submitted, or is used with fields of its last use.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaleEntry : DiagnosticAnalyzer
{
    public const string Id = "NVG0012";

    /// <summary>Property of a diagnostic that clearing the entry removes.</summary>
    public const string IsNotCleared = nameof(IsNotCleared);

    /// <summary>
    /// A program that writes so many different fields by hand writes all that its operation reads.
    /// </summary>
    private const int FieldsOfWholeEntry = 11;

    private const string Title = "Submission entry is written after submit, or has fields of its last use";

    private const string Description =
        "The entries of a ring are used again and again. After a submit an entry "
        + "is the kernel's, and what is written into it comes too late or changes the next operation; and an "
        + "entry that is not cleared still has flags, indices and user_data of the operation before.";

    private static readonly string s_page = RuleDocumentation.PageOf(Id);

    private static readonly DiagnosticDescriptor s_late = new(
        Id,
        Title,
        "'{0}' is written after its ring was submitted, when the kernel may have read the entry already or "
            + "still uses it: write it before the submit, or get a new entry",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    /// <summary>On some of the paths only.</summary>
    private static readonly DiagnosticDescriptor s_maybeLate = MilderRule.Of(s_late);

    private static readonly DiagnosticDescriptor s_notCleared = new(
        Id,
        Title,
        "'{0}' is written into an entry that was not cleared, so all fields that are not written keep the "
            + "values of the operation before: clear the entry first, or use a prep function",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly DiagnosticDescriptor s_noData = new(
        Id,
        Title,
        "'{0}' prepares an entry whose user_data is never set, so its completion has that of an operation "
            + "before and is taken for another one's: set user_data of every entry",
        RuleDocumentation.Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: Description,
        helpLinkUri: s_page);

    private static readonly ImmutableDictionary<string, string?> s_clearing =
        ImmutableDictionary<string, string?>.Empty.Add(IsNotCleared, null);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_late, s_maybeLate, s_notCleared, s_noData);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (ContractSymbols.TryFind(start.Compilation, start.CancellationToken) is { } contracts)
            {
                BlockGate.Register(start, contracts, RingCalls.GetsEntry, Check);
            }
        });
    }

    private static void Check(OperationBlockAnalysisContext context)
    {
        foreach (IOperation method in context.OperationBlocks)
        {
            CheckMethod(context, method);
        }
    }

    private static void CheckMethod(OperationBlockAnalysisContext context, IOperation method)
    {
        ImmutableArray<IOperation> all = method.Parts();
        if (!method.Calls().Any(RingCalls.GetsEntry))
        {
            return;
        }
        List<ILocalSymbol> tracked = TrackedLocals.Of(method);
        bool needsData = TellsCompletionsApart(all);
        if (new EntryScout(tracked, needsData).IsQuiet(method))
        {
            return;
        }
        var findings = new EntryFindings();
        foreach (ControlFlowGraph graph
            in FlowGraphs.AllOf(context.GetControlFlowGraph(method)))
        {
            new EntryFlow(graph, tracked, findings).Run();
        }
        if (findings.LateWrites.Count > 0)
        {
            ReportLateWrites(context, findings, SubmitResults.Of(all));
        }
        foreach (SyntaxNode opcode in findings.RawOpcodes)
        {
            if (!IsWholeEntry(opcode, all))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_notCleared, opcode.GetLocation(), s_clearing, opcode.ToString()));
            }
        }
        if (findings.HasData && needsData)
        {
            foreach (SyntaxNode call in findings.WithoutData)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_noData,
                    call.GetLocation(),
                    call is InvocationExpressionSyntax { Expression: { } name }
                        ? name.ToString() : call.ToString()));
            }
        }
    }

    private static void ReportLateWrites(
        OperationBlockAnalysisContext context,
        EntryFindings findings,
        SubmitResults results)
    {
        foreach (KeyValuePair<SyntaxNode, bool> write in findings.LateWrites)
        {
            // An entry that a failed submit has left in the queue is still ours.
            if (!results.Decide(write.Key))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    write.Value ? s_maybeLate : s_late,
                    write.Key.GetLocation(),
                    write.Key.ToString()));
            }
        }
    }

    private static bool IsWholeEntry(SyntaxNode opcode, ImmutableArray<IOperation> all)
    {
        string entry = opcode is MemberAccessExpressionSyntax member ? member.Expression.ToString() : "";
        return all.OfType<ISimpleAssignmentOperation>()
            .Select(assignment => assignment.Target.Syntax)
            .OfType<MemberAccessExpressionSyntax>()
            .Where(target => target.Expression.ToString() == entry)
            .Select(target => target.Name.Identifier.Text)
            .Distinct()
            .Count() >= FieldsOfWholeEntry;
    }

    /// <summary>
    /// The method reads user_data, and each of its operations gives a completion.
    /// </summary>
    private static bool TellsCompletionsApart(ImmutableArray<IOperation> all) =>
        all.Any(RingCalls.ReadsUserData)
        && !all.Any(operation =>
            operation is IFieldReferenceOperation { Field.Name: "IOSQE_CQE_SKIP_SUCCESS" });
}
