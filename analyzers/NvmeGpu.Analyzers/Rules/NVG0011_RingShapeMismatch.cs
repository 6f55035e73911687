using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;
using NvmeGpu.Analyzers.Rings;

namespace NvmeGpu.Analyzers.Rules;

/// <summary>
/// NVG0011: an operation needs larger entries, or a polled ring, and the ring that it is used with was made
/// without them in the same method.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RingShapeMismatch : DiagnosticAnalyzer
{
    public const string Id = "NVG0011";

    private static readonly DiagnosticDescriptor s_rule = new(
        Id,
        "Ring shape does not fit the operation",
        "'{0}' needs a ring with {1}, but '{2}' is made without: the kernel refuses the operation, or reads "
            + "and writes beyond the entry; add the flags where the ring is made",
        RuleDocumentation.Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "NVMe passthrough puts a 72-byte command into a 128-byte submission entry and gets its "
            + "result in a 32-byte completion entry; polled operations need a ring that polls. Which entries "
            + "a ring has is decided when it is made.",
        helpLinkUri: RuleDocumentation.PageOf(Id));

    // What satisfies each need; a mixed ring has entries of both sizes.
    private static readonly ImmutableArray<(RingShape Need, uint AnyOf, string Name)> s_needs =
    [
        (RingShape.Sqe128, RingFlags.Sqe128 | RingFlags.SqeMixed, "IORING_SETUP_SQE128"),
        (RingShape.Cqe32, RingFlags.Cqe32 | RingFlags.CqeMixed, "IORING_SETUP_CQE32"),
        (RingShape.IoPoll, RingFlags.IoPoll, "IORING_SETUP_IOPOLL"),
    ];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(s_rule);

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
            start.RegisterBlocks(contracts, block => Check(block, contracts));
        });
    }

    private static void Check(OperationBlockAnalysisContext context, ContractSymbols contracts)
    {
        foreach (IOperation body in context.OperationBlocks)
        {
            foreach (IOperation operation in body.Parts())
            {
                switch (operation.Kind)
                {
                    case OperationKind.FieldReference:
                        CheckConstant(context, (IFieldReferenceOperation)operation, contracts);
                        break;
                    case OperationKind.Invocation:
                        CheckCall(context, (IInvocationOperation)operation, contracts);
                        break;
                }
            }
        }
    }

    private static void CheckConstant(
        OperationBlockAnalysisContext context, IFieldReferenceOperation reference, ContractSymbols contracts)
    {
        RingShape needed = reference.Field.IsConst ? contracts.RequiredRing(reference.Field) : RingShape.None;
        if (needed != RingShape.None && EntryGivenWith(reference) is { } entry)
        {
            Report(context, reference, needed, reference.Field.Name, EntryRing.Of(entry));
        }
    }

    private static void CheckCall(
        OperationBlockAnalysisContext context, IInvocationOperation call, ContractSymbols contracts)
    {
        RingShape needed = contracts.RequiredRing(call.TargetMethod);
        if (needed == RingShape.None)
        {
            return;
        }
        ISymbol? ring = RingIdentity.IsOwnedRing(call.Instance?.Type) ? RingIdentity.Of(call.Instance) : null;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            ITypeSymbol? given = argument.Value.Type;
            if (ring is null && (RingCall.IsRing(given) || RingIdentity.IsOwnedRing(given)))
            {
                ring = RingIdentity.Of(argument.Value);
            }
            else if (ring is null && IsEntry(argument.Value.Type))
            {
                ring = EntryRing.Of(argument.Value);
            }
        }
        Report(context, call, needed, call.TargetMethod.Name, ring);
    }

    private static void Report(
        OperationBlockAnalysisContext context, IOperation use, RingShape needed, string user, ISymbol? ring)
    {
        if (ring is null || RingMaking.FlagsOf(ring, use) is not { } flags)
        {
            return;
        }
        string lacking = "";
        foreach ((RingShape need, uint anyOf, string name) in s_needs)
        {
            if ((needed & need) != 0 && (flags.Possible & anyOf) == 0)
            {
                lacking += (lacking.Length == 0 ? "" : " and ") + name;
            }
        }
        if (lacking.Length > 0)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule, use.Syntax.GetLocation(), user, lacking, ring.Name));
        }
    }

    /// <summary>
    /// The entry that the constant is written to (<c>sqe->cmd_op = ...</c>), or that a call is given
    /// together with it; through one local, too.
    /// </summary>
    private static IOperation? EntryGivenWith(IOperation constant)
    {
        IOperation value = Outermost(constant);
        if (value.Parent is not IVariableInitializerOperation
            {
                Parent: IVariableDeclaratorOperation { Symbol: var local },
            })
        {
            return EntryGiven(value);
        }
        if (LocalValue.Of(local, constant) is not null)
        {
            foreach (IOperation operation in LocalValue.Root(constant).Parts())
            {
                if (operation is ILocalReferenceOperation reference
                    && SymbolEqualityComparer.Default.Equals(reference.Local, local)
                    && EntryGiven(Outermost(reference)) is { } entry)
                {
                    return entry;
                }
            }
        }
        return null;
    }

    private static IOperation? EntryGiven(IOperation value)
    {
        switch (value.Parent)
        {
            case ISimpleAssignmentOperation
            {
                Target: IFieldReferenceOperation { Instance: { } entry },
            } assignment when assignment.Value == value && IsEntry(entry.Type):
                return Pointer(entry);
            case IArgumentOperation { Parent: IInvocationOperation call }:
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (IsEntry(argument.Value.Type))
                    {
                        return argument.Value;
                    }
                }
                return null;
            default:
                return null;
        }
    }

    /// <summary>The pointer in <c>sqe->field</c>, <c>(*sqe).field</c> and <c>sqe[0].field</c>.</summary>
    private static IOperation? Pointer(IOperation entry)
    {
        foreach (IOperation part in entry.DescendantsAndSelf())
        {
            if (part is ILocalReferenceOperation or IParameterReferenceOperation or IInvocationOperation)
            {
                return part;
            }
        }
        return null;
    }

    private static IOperation Outermost(IOperation value)
    {
        while (value.Parent is IConversionOperation or IConditionalOperation or ISwitchExpressionArmOperation
            or ISwitchExpressionOperation)
        {
            value = value.Parent;
        }
        return value;
    }

    private static bool IsEntry(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol { PointedAtType: { Name: "io_uring_sqe" } } => true,
        { Name: "io_uring_sqe" } => true,
        _ => false,
    };
}
