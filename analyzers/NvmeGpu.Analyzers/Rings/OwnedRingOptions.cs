using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rings;

/// <summary>The flags of a ring that <c>IoUring.Create(options)</c> makes.</summary>
internal static class OwnedRingOptions
{
    private const int StepsMax = 8;

    /// <summary>Null when the value is no such call; bits unknown when its options are not visible.</summary>
    public static FlagBits? FlagsOf(IOperation value)
    {
        if (value is not IInvocationOperation { TargetMethod: { Name: "Create", IsStatic: true } method } call
            || !RingIdentity.IsOwnedRing(method.ContainingType) || call.Arguments.IsEmpty)
        {
            return null;
        }
        // Such a ring checks by itself that one thread uses it, on kernels without the flag, too.
        return FlagBits.Exactly(RingFlags.SingleIssuer) | OfOptions(call.Argument(0), StepsMax);
    }

    private static FlagBits OfOptions(IOperation options, int steps)
    {
        options = options.WithoutConversions();
        if (steps == 0)
        {
            return FlagBits.Unknown;
        }
        switch (options)
        {
            case IDefaultValueOperation:
                return FlagBits.Exactly(0);
            case IObjectCreationOperation { Arguments.IsEmpty: true } creation:
                return Change(FlagBits.Exactly(0), creation.Initializer);
            case IWithOperation with:
                return Change(OfOptions(with.Operand, steps - 1), with.Initializer);
            case ILocalReferenceOperation { Local: var local } when LocalValue.Of(local, options) is { } only:
                return OfOptions(only, steps - 1);
            default:
                return FlagBits.Unknown;
        }
    }

    private static FlagBits Change(FlagBits bits, IObjectOrCollectionInitializerOperation? initializer)
    {
        foreach (IOperation member in initializer?.Initializers ?? [])
        {
            if (member is not ISimpleAssignmentOperation
                {
                    Target: IPropertyReferenceOperation { Property.Name: var name },
                    Value: var value,
                })
            {
                return FlagBits.Unknown;
            }
            uint? flag = name switch
            {
                "UseSubmissionPolling" => RingFlags.SubmissionPolling,
                "BindOnFirstUse" => RingFlags.Disabled,
                "UseBigEntries" => RingFlags.Sqe128 | RingFlags.Cqe32,
                "DepthMax" or "BufferTableEntries" or "FileTableEntries" or "SubmissionPollingIdle"
                    or "DrainTimeout" or "AllowMixedEntries" => 0,
                _ => null, // an option of a later version
            };
            if (flag is not { } bit)
            {
                return FlagBits.Unknown;
            }
            bits = value.ConstantValue switch
            {
                { HasValue: true, Value: true } => new FlagBits(bits.Certain | bit, bits.Possible | bit),
                { HasValue: true, Value: false } => new FlagBits(bits.Certain & ~bit, bits.Possible & ~bit),
                _ => new FlagBits(bits.Certain & ~bit, bits.Possible | bit),
            };
        }
        return bits;
    }
}
