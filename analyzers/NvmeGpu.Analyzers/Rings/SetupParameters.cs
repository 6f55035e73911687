using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>The flags in an <c>io_uring_params</c> that is filled in in this method.</summary>
internal static class SetupParameters
{
    /// <param name="pointer">What is given to io_uring_queue_init_params: <c>&amp;parameters</c>.</param>
    public static FlagBits FlagsOf(IOperation pointer)
    {
        IOperation value = pointer.WithoutConversions();
        if (value is ILocalReferenceOperation { Local: var alias })
        {
            value = LocalValue.Of(alias, value)?.WithoutConversions() ?? value;
        }
        return value is IAddressOfOperation { Reference: ILocalReferenceOperation { Local: var parameters } }
            ? OfLocal(parameters, pointer)
            : FlagBits.Unknown;
    }

    private static FlagBits OfLocal(ILocalSymbol parameters, IOperation anywhereInMethod)
    {
        // A struct that is not assigned as a whole begins with what its fields are given.
        FlagBits? whole = null;
        FlagBits? field = null;
        uint added = 0;
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            switch (operation)
            {
                case IVariableDeclaratorOperation declarator when Same(declarator.Symbol, parameters):
                    if (declarator.GetVariableInitializer()?.Value is { } initial)
                    {
                        whole = Join(whole, OfStruct(initial));
                    }
                    break;
                case ILocalReferenceOperation reference when Same(reference.Local, parameters):
                    switch (reference.Parent)
                    {
                        case ISimpleAssignmentOperation set when set.Target == reference:
                            whole = Join(whole, OfStruct(set.Value));
                            break;
                        case IFieldReferenceOperation { Field.Name: "flags", Parent: var use } flags:
                            switch (use)
                            {
                                case ISimpleAssignmentOperation set when set.Target == flags:
                                    field = Join(field, FlagReader.Read(set.Value));
                                    break;
                                case ICompoundAssignmentOperation
                                {
                                    OperatorKind: BinaryOperatorKind.Or,
                                } add when add.Target == flags:
                                    added |= FlagReader.Read(add.Value).Possible;
                                    break;
                                case ICompoundAssignmentOperation or IAddressOfOperation
                                    or IArgumentOperation { Parameter.RefKind: not RefKind.None }:
                                    return FlagBits.Unknown;
                            }
                            break;
                        case IAddressOfOperation address when !IsGivenToSetup(address):
                            return FlagBits.Unknown;
                        case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }:
                            return FlagBits.Unknown;
                    }
                    break;
            }
        }
        FlagBits bits = field is { } assigned
            ? new FlagBits(assigned.Certain, assigned.Possible | (whole ?? FlagBits.Exactly(0)).Possible)
            : whole ?? FlagBits.Exactly(0);
        return new FlagBits(bits.Certain, bits.Possible | added);
    }

    private static bool IsGivenToSetup(IOperation address)
    {
        IOperation use = address;
        while (use.Parent is IConversionOperation conversion)
        {
            use = conversion;
        }
        return use.Parent switch
        {
            IArgumentOperation { Parent: { } call } => RingCall.TryFrom(call, out _),
            // Another name: `io_uring_params* p = &parameters;`, through which nothing may be written here.
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var alias } } =>
                OnlyGivenToSetup(alias, address),
            _ => false,
        };
    }

    private static bool OnlyGivenToSetup(ILocalSymbol alias, IOperation anywhereInMethod)
    {
        foreach (IOperation operation in LocalValue.Root(anywhereInMethod).Parts())
        {
            if (operation is ILocalReferenceOperation reference && Same(reference.Local, alias)
                && !(reference.Parent is IArgumentOperation { Parent: { } call }
                    && RingCall.TryFrom(call, out _)))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Of <c>default</c> or <c>new io_uring_params { flags = ... }</c>.</summary>
    private static FlagBits OfStruct(IOperation value)
    {
        switch (value.WithoutConversions())
        {
            case IDefaultValueOperation:
                return FlagBits.Exactly(0);
            case IObjectCreationOperation { Arguments.IsEmpty: true } creation:
                foreach (IOperation member in creation.Initializer?.Initializers ?? [])
                {
                    if (member is ISimpleAssignmentOperation
                        {
                            Target: IMemberReferenceOperation { Member.Name: "flags" },
                        } set)
                    {
                        return FlagReader.Read(set.Value);
                    }
                }
                return FlagBits.Exactly(0);
            default:
                return FlagBits.Unknown;
        }
    }

    private static FlagBits Join(FlagBits? left, FlagBits right) => left is { } bits ? bits.Or(right) : right;

    private static bool Same(ISymbol left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
