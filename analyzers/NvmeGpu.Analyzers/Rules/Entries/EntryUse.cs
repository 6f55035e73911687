using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Rules.Completions;

namespace NvmeGpu.Analyzers.Rules.Entries;

internal enum EntryUseKind
{
    /// <summary>Read, compared, or assigned to: nothing happens to the entry.</summary>
    None = 0,

    /// <summary>A field is written by hand.</summary>
    Field,

    /// <summary>Written as a whole: assigned, cleared, given out.</summary>
    Whole,

    /// <summary>A prep function of liburing.</summary>
    Prepare,

    /// <summary>A function that sets user_data.</summary>
    SetData,

    /// <summary>Another function that sets a field.</summary>
    Set,

    /// <summary>Given to somebody who may do anything to it.</summary>
    Shared,

    /// <summary>The local itself may get another value.</summary>
    Redefined,
}

/// <summary>What one mention of a pointer to a submission entry does to the entry.</summary>
/// <param name="at">The place to speak about: the target of the write, or the call.</param>
/// <param name="field">For a write by hand: which field.</param>
internal readonly struct EntryUse(EntryUseKind kind, IOperation at, string? field = null)
{
    public EntryUseKind Kind { get; } = kind;

    public IOperation At { get; } = at;

    public string? Field { get; } = field;

    public static EntryUse Of(IOperation entry)
    {
        IOperation use = entry;
        while (use.Parent is IConversionOperation conversion)
        {
            use = conversion;
        }
        return use.Parent switch
        {
            // `sqe->off` and `*sqe`: the pointer indirection has no operation of its own.
            { Kind: OperationKind.None } pointed => OfPointed(pointed),
            IArgumentOperation { Parameter.RefKind: not RefKind.None } =>
                new EntryUse(EntryUseKind.Redefined, use),
            IArgumentOperation { Parent: IInvocationOperation call } => OfCall(call),
            IAddressOfOperation => new EntryUse(EntryUseKind.Redefined, use),
            IBinaryOperation { Type.SpecialType: SpecialType.System_Boolean } => default,
            IIsPatternOperation => default,
            ISimpleAssignmentOperation assignment when assignment.Target == use => default,
            IVariableInitializerOperation => default,
            _ => new EntryUse(EntryUseKind.Shared, use),
        };
    }

    private static EntryUse OfPointed(IOperation pointed)
    {
        IOperation part = pointed;
        string? field = null;
        while (part.Parent is IMemberReferenceOperation member && member is not IMethodReferenceOperation
            && member.Instance == part)
        {
            field ??= member.Member.Name;
            part = member;
        }
        bool isWritten = part.Parent switch
        {
            ISimpleAssignmentOperation assignment => assignment.Target == part,
            ICompoundAssignmentOperation assignment => assignment.Target == part,
            IIncrementOrDecrementOperation => true,
            IArgumentOperation { Parameter.RefKind: RefKind.Out } => true,
            // The place is kept while a choice decides about the value.
            IFlowCaptureOperation => part.Syntax.Parent is AssignmentExpressionSyntax assignment
                && assignment.Left == part.Syntax,
            _ => false,
        };
        if (isWritten)
        {
            return field is null
                ? new EntryUse(EntryUseKind.Whole, part)
                : new EntryUse(EntryUseKind.Field, part, field);
        }
        return part.Parent switch
        {
            IAddressOfOperation or IArgumentOperation { Parameter.RefKind: RefKind.Ref } =>
                new EntryUse(EntryUseKind.Shared, part),
            _ => default,
        };
    }

    private static EntryUse OfCall(IInvocationOperation call)
    {
        string name = call.TargetMethod.Name;
        EntryUseKind kind = name.StartsWith("io_uring_sqe_set_data", StringComparison.Ordinal)
            ? EntryUseKind.SetData
            : NativeNames.OnlySetsFields(call.TargetMethod) ? EntryUseKind.Set
            : name.StartsWith("io_uring_prep_", StringComparison.Ordinal) ? EntryUseKind.Prepare
            : EntryUseKind.Shared;
        return new EntryUse(kind, call);
    }
}
