using System.Collections.Generic;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NvmeGpu.Analyzers.Paths;
using NvmeGpu.Analyzers.Provenance;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>
/// Whether an <see cref="EntryFlow"/> over a body could find anything, without a graph. Any submit is taken
/// for one of every entry's ring.
/// </summary>
/// <param name="tracked">As for the flow.</param>
/// <param name="needsData">An entry whose user_data is not set would be spoken about.</param>
internal sealed class EntryScout(List<ILocalSymbol> tracked, bool needsData) : StatementPass
{
    private const int LocalsMax = FactsMax / 3;

    /// <summary>Three bits for each local: submitted, prepared, without user_data of its own.</summary>
    private const ulong Submitted = 1;
    private const ulong Prepared = 1UL << LocalsMax;
    private const ulong NoData = Prepared << LocalsMax;

    protected override bool MayThrowAnywhere => true;

    public bool IsQuiet(IOperation body) => tracked.Count <= LocalsMax && TryRun(body);

    protected override ulong Step(IOperation operation, ulong facts)
    {
        switch (operation)
        {
            case ILocalReferenceOperation { Local: var local } reference:
                return PlaceOf(local) is >= 0 and var used ? Use(EntryUse.Of(reference), used, facts) : facts;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } } written:
                return PlaceOf(local) is >= 0 and var target ? Assign(target, written.Value, facts) : facts;
            case IVariableDeclaratorOperation { Symbol: var local, Initializer: { } initial }:
                return PlaceOf(local) is >= 0 and var place ? Assign(place, initial.Value, facts) : facts;
            case IInvocationOperation call when RingCalls.Submits(call):
                for (int i = 0; i < tracked.Count; i++)
                {
                    EndOf(i, facts);
                    facts |= Submitted << i;
                }
                return facts;
            default:
                return facts;
        }
    }

    private ulong Use(EntryUse use, int place, ulong facts)
    {
        bool isWrite = use.Kind is EntryUseKind.Field or EntryUseKind.SetData or EntryUseKind.Whole
            or EntryUseKind.Prepare or EntryUseKind.Set;
        if ((isWrite && (facts & (Submitted << place)) != 0) || use.Field == "opcode")
        {
            GiveUp();
        }
        return use.Kind switch
        {
            EntryUseKind.Prepare => facts | (Prepared << place),
            EntryUseKind.SetData or EntryUseKind.Whole or EntryUseKind.Shared => facts & ~(NoData << place),
            EntryUseKind.Field when use.Field == "user_data" => facts & ~(NoData << place),
            EntryUseKind.Redefined => Without(place, facts),
            _ => facts,
        };
    }

    private ulong Assign(int place, IOperation value, ulong facts)
    {
        EndOf(place, facts);
        IOperation source = value.WithoutConversions();
        if (source is ILocalReferenceOperation { Local: var other } && PlaceOf(other) >= 0)
        {
            GiveUp(); // two names of one entry
        }
        facts = Without(place, facts);
        return RingCalls.GetsEntry(source) ? facts | (NoData << place) : facts;
    }

    /// <summary>Nothing can be added to the entry any more.</summary>
    private void EndOf(int place, ulong facts)
    {
        ulong both = (Prepared | NoData) << place;
        if (needsData && (facts & both) == both)
        {
            GiveUp();
        }
    }

    private static ulong Without(int place, ulong facts) =>
        facts & ~((Submitted | Prepared | NoData) << place);

    private int PlaceOf(ILocalSymbol local)
    {
        for (int i = 0; i < tracked.Count; i++)
        {
            if (SymbolEqualityComparer.Default.Equals(tracked[i], local))
            {
                return i;
            }
        }
        return -1;
    }
}
