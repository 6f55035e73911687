using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Contracts;
using NvmeGpu.Analyzers.Paths;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>
/// What one method does with rings, from one walk over its operations: what it begins, what it reaps, and
/// where it reads results.
/// </summary>
internal sealed class RingWork
{
    private readonly ContractSymbols _contracts;

    /// <summary>Blocks that make the entry of this name a passthrough command.</summary>
    private readonly HashSet<(BlockSyntax? Block, string Entry)> _commands = [];

    // Two rules ask for the same method.
    private static readonly ConditionalWeakTable<IOperation, RingWork> s_works = new();

    private RingWork(ContractSymbols contracts) => _contracts = contracts;

    public List<Reap> Reaps { get; } = [];

    /// <summary>Expressions that read a result, or a part of it (<c>IsSuccess</c>).</summary>
    public List<IOperation> Reads { get; } = [];

    /// <summary>Operations that move a number of bytes which may be smaller than asked for.</summary>
    public int TransferCount { get; private set; }

    /// <summary>
    /// Begins something else, or something unknown: a result may mean anything.
    /// </summary>
    public bool HasOtherOperations { get; private set; }

    /// <summary>Fills an NVMe command: a positive result is a status.</summary>
    public bool HasPassthrough { get; private set; }

    /// <summary>A completion goes where it may be looked at, or comes from where it was.</summary>
    public bool IsEntryShared { get; private set; }

    public static RingWork Of(IOperation method, ContractSymbols contracts) =>
        s_works.GetValue(method, one => Read(one, contracts));

    private static RingWork Read(IOperation method, ContractSymbols contracts)
    {
        var work = new RingWork(contracts);
        foreach (IOperation operation in method.Givings())
        {
            work.AddCommand(operation);
        }
        foreach (IOperation operation in method.Parts())
        {
            if (operation.Kind is OperationKind.Invocation or OperationKind.SimpleAssignment
                or OperationKind.FieldReference or OperationKind.PropertyReference
                or OperationKind.LocalReference or OperationKind.ParameterReference)
            {
                work.Add(operation);
            }
        }
        return work;
    }

    private void Add(IOperation operation)
    {
        switch (operation)
        {
            case IInvocationOperation call:
                AddCall(call);
                break;
            case ISimpleAssignmentOperation { Target: IFieldReferenceOperation field } assignment:
                AddWrite(field, assignment.Value);
                break;
            case IFieldReferenceOperation { Field.IsConst: true } constant:
                HasPassthrough |= (_contracts.RequiredRing(constant.Field) & RingShape.Sqe128) != 0
                    && constant.Parent is not (IBinaryOperation or IConstantPatternOperation);
                break;
            case IFieldReferenceOperation
            {
                Field:
                {
                    Name: "res",
                    ContainingType.Name: NativeNames.CompletionEntry
                }
            } read:
                Reads.Add(read);
                IsEntryShared |= !IsOfLocal(read.Instance);
                break;
            case IPropertyReferenceOperation { Instance: { } instance } property
                when Reap.IsCompletion(instance.Type, _contracts) && property.Property.Name != "Token":
                Reads.Add(property);
                IsEntryShared |= !IsOfLocal(instance);
                break;
            case ILocalReferenceOperation local:
                IsEntryShared |= IsEntry(local.Type) && CompletionUse.IsShared(local);
                break;
            case IParameterReferenceOperation parameter:
                IsEntryShared |= IsEntry(parameter.Type);
                break;
        }
    }

    private void AddCommand(IOperation operation)
    {
        if (operation is ISimpleAssignmentOperation
            {
                Target: IFieldReferenceOperation { Field.Name: "cmd_op" } target,
            } assignment
            && assignment.Value.DescendantsAndSelf().Any(value =>
                value is IFieldReferenceOperation constant
                && (_contracts.RequiredRing(constant.Field) & RingShape.Sqe128) != 0))
        {
            _ = _commands.Add((BlockOf(target.Syntax), EntryOf(target)));
        }
    }

    /// <summary>
    /// What the same block turns into a passthrough command is none of the operation that it was prepared as.
    /// </summary>
    private bool BecomesCommand(SyntaxNode place, string entry) =>
        _commands.Contains((BlockOf(place), entry));

    private static BlockSyntax? BlockOf(SyntaxNode place) => place.FirstAncestorOrSelf<BlockSyntax>();

    private static string EntryOf(IFieldReferenceOperation field) =>
        field.Syntax is MemberAccessExpressionSyntax member ? member.Expression.ToString() : "";

    private void AddCall(IInvocationOperation call)
    {
        if (Reap.TryFrom(call, _contracts, out Reap reap))
        {
            Reaps.Add(reap);
            return;
        }
        if (_commands.Count > 0
            && call.Arguments.Any(argument => BecomesCommand(call.Syntax, argument.Value.Syntax.ToString())))
        {
            return;
        }
        switch (BegunOperation.Of(call, _contracts))
        {
            case OperationKindBegun.Transfer:
                TransferCount++;
                break;
            case OperationKindBegun.Other:
                HasOtherOperations = true;
                break;
        }
    }

    private void AddWrite(IFieldReferenceOperation target, IOperation value)
    {
        IFieldSymbol field = target.Field;
        if (field.ContainingType.Name == NativeNames.PassthroughCommand)
        {
            HasPassthrough = true;
        }
        else if (field is { Name: "opcode", ContainingType.Name: NativeNames.SubmissionEntry }
            && !BecomesCommand(target.Syntax, EntryOf(target)))
        {
            switch (LengthNames.ConstantOf(value))
            {
                case { } opcode when NativeNames.IsTransfer((int)opcode):
                    TransferCount++;
                    break;
                case NativeNames.PassthroughOpcode:
                    break;
                default:
                    HasOtherOperations = true;
                    break;
            }
        }
    }

    private bool IsEntry(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol { PointedAtType: IPointerTypeSymbol inner } => IsEntry(inner),
        IPointerTypeSymbol => NativeNames.IsPointerTo(type, NativeNames.CompletionEntry),
        { Name: NativeNames.CompletionEntry } => true,
        _ => Reap.IsCompletion(type, _contracts),
    };

    private static bool IsOfLocal(IOperation? instance)
    {
        bool hasLocal = false;
        foreach (IOperation part in instance.DescendantsAndSelf())
        {
            switch (part.Kind)
            {
                case OperationKind.LocalReference:
                    hasLocal = true;
                    break;
                case OperationKind.ParameterReference or OperationKind.Invocation
                    or OperationKind.FieldReference:
                    return false;
            }
        }
        return hasLocal;
    }
}
