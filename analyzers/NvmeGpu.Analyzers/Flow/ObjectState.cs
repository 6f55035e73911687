using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>How sure a finding is.</summary>
internal enum Certainty
{
    No = 0,

    /// <summary>On some path, told from the others by a condition that the caller decides.</summary>
    May,

    /// <summary>On every path.</summary>
    Must,
}

/// <summary>
/// The set of states that one object can be in: owned, in flight, ended (ours again), released. Each state
/// that is possible has the facts of the paths that lead to it; null says that it is not. Immutable.
/// </summary>
internal sealed class ObjectState
{
    private ObjectState(
        Facts? owned,
        Facts? inFlight,
        Facts? ended,
        Facts? released,
        bool isEscaped,
        FlightSet flights,
        FlightSet endedFlights,
        SyntaxNode? releaseSite,
        bool isBranched = false,
        Round? round = null)
    {
        IsBranched = isBranched;
        Round = round;
        Owned = owned;
        InFlight = inFlight;
        Ended = ended;
        Released = released;
        IsEscaped = isEscaped;
        Flights = flights;
        EndedFlights = endedFlights;
        ReleaseSite = releaseSite;
    }

    public Facts? Owned { get; }

    public Facts? InFlight { get; }

    public Facts? Ended { get; }

    public Facts? Released { get; }

    /// <summary>Somebody else knows it, so nothing is said about it any more.</summary>
    public bool IsEscaped { get; }

    public FlightSet Flights { get; }

    public FlightSet EndedFlights { get; }

    public bool HasFlights => !Flights.IsEmpty || !EndedFlights.IsEmpty;

    public SyntaxNode? ReleaseSite { get; }

    /// <summary>
    /// A branch was taken since different states met. As long as none was, each of them leads on from here.
    /// </summary>
    public bool IsBranched { get; }

    /// <summary>
    /// The loop each of whose rounds releases it, as long as this round has done nothing with it.
    /// </summary>
    public Round? Round { get; }

    public bool IsPossible => (Owned ?? InFlight ?? Ended ?? Released) is not null;

    public static ObjectState NewlyOwned(Facts facts) =>
        new(facts, null, null, null, false, default, default, null);

    public ObjectState Begin(Flight flight, Facts facts) =>
        new(null, facts, null, null, IsEscaped, Flights.Union(FlightSet.Of(flight)), EndedFlights, null);

    public ObjectState End() => InFlight is null ? this : new ObjectState(
        Owned, null, Either(InFlight, Ended), Released, IsEscaped, default, EndedFlights.Union(Flights),
        ReleaseSite, IsBranched, Round);

    /// <summary>The hand-overs that the kernel is done with once it has read the entry.</summary>
    /// <param name="submitted">All such hand-overs of the run.</param>
    public ObjectState EndSubmitted(FlightSet submitted)
    {
        FlightSet ended = Flights.Intersect(submitted);
        FlightSet left = Flights.Except(submitted);
        return ended.IsEmpty ? this : left.IsEmpty ? End() : new ObjectState(
            Owned, InFlight, Ended, Released, IsEscaped, left, EndedFlights.Union(ended), ReleaseSite,
            IsBranched, Round);
    }

    public ObjectState Release(SyntaxNode site, Facts facts) =>
        new(null, null, null, facts, IsEscaped, default, EndedFlights.Union(Flights), site);

    public ObjectState Escape() => IsEscaped ? this : new ObjectState(
        Owned, InFlight, Ended, Released, true, Flights, EndedFlights, ReleaseSite, IsBranched, Round);

    /// <summary>Leaves out the states whose paths took the other branch.</summary>
    public ObjectState Restrict(Condition condition, bool outcome) => When(
        Restricted(Owned, condition, outcome),
        Restricted(InFlight, condition, outcome),
        Restricted(Ended, condition, outcome),
        Restricted(Released, condition, outcome));

    /// <param name="conditions">Those that mention what has a new value.</param>
    public ObjectState Forget(ulong conditions) => When(
        Owned?.Without(conditions),
        InFlight?.Without(conditions),
        Ended?.Without(conditions),
        Released?.Without(conditions));

    public ObjectState Learn(Condition condition, bool outcome) => When(
        Owned?.With(condition, outcome),
        InFlight?.With(condition, outcome),
        Ended?.With(condition, outcome),
        Released?.With(condition, outcome));

    /// <summary>The same on other paths; itself where they are the same.</summary>
    private ObjectState When(Facts? owned, Facts? inFlight, Facts? ended, Facts? released) =>
        Same(owned, Owned) && Same(inFlight, InFlight) && Same(ended, Ended) && Same(released, Released)
            ? this
            : new(owned, inFlight, ended, released, IsEscaped, Flights, EndedFlights, ReleaseSite, IsBranched,
                Round);

    public ObjectState Join(ObjectState other) => Is(other) ? this : new(
        Either(Owned, other.Owned),
        Either(InFlight, other.InFlight),
        Either(Ended, other.Ended),
        Either(Released, other.Released),
        IsEscaped || other.IsEscaped,
        Flights.Union(other.Flights),
        EndedFlights.Union(other.EndedFlights),
        ReleaseSite ?? other.ReleaseSite,
        IsBranched || other.IsBranched,
        ReferenceEquals(Round, other.Round) ? Round : null);

    public bool Is(ObjectState other) =>
        ReferenceEquals(this, other)
        || (Same(Owned, other.Owned) && Same(InFlight, other.InFlight) && Same(Ended, other.Ended)
            && Same(Released, other.Released) && IsEscaped == other.IsEscaped
            && IsBranched == other.IsBranched
            && ReferenceEquals(Round, other.Round)
            && Flights.Equals(other.Flights) && EndedFlights.Equals(other.EndedFlights));

    public ObjectState Branch() => IsBranched || StateCount < 2 ? this : new ObjectState(
        Owned, InFlight, Ended, Released, IsEscaped, Flights, EndedFlights, ReleaseSite, isBranched: true,
        Round);

    public ObjectState In(Round round) => new(
        Owned, InFlight, Ended, Released, IsEscaped, Flights, EndedFlights, ReleaseSite, IsBranched, round);

    public Certainty IsInFlight() => Judge(InFlight, leadsHere: Ended is null, Owned, Ended, Released);

    public Certainty IsReleased() => Judge(Released, leadsHere: true, Owned, InFlight, Ended);

    /// <param name="block">Where it is asked for.</param>
    public Certainty IsReleasedAt(int block)
    {
        Certainty certainty = IsReleased();
        return certainty == Certainty.No && Released is not null && !IsEscaped
            && Round is { } round && round.AlwaysPasses(block) ? Certainty.May : certainty;
    }

    /// <summary>Released on every way to here, and nobody else knows it.</summary>
    public bool IsOnlyReleased => Released is not null && (Owned ?? InFlight ?? Ended) is null && !IsEscaped;

    private int StateCount => (Owned is null ? 0 : 1) + (InFlight is null ? 0 : 1) + (Ended is null ? 0 : 1)
        + (Released is null ? 0 : 1);

    /// <param name="asked">The paths of the state in question.</param>
    /// <param name="leadsHere">Whether the paths of that state are certain to be taken when they meet others
    /// here. A wait that a path leaves out may have been left out for a reason.</param>
    /// <param name="one">The paths of the other states.</param>
    /// <param name="two">Likewise.</param>
    /// <param name="three">Likewise.</param>
    private Certainty Judge(Facts? asked, bool leadsHere, Facts? one, Facts? two, Facts? three)
    {
        if (IsEscaped || asked is not { } paths)
        {
            return Certainty.No;
        }
        if (one is null && two is null && three is null)
        {
            return Certainty.Must;
        }
        return (leadsHere && !IsBranched)
            || (IsApart(paths, one) && IsApart(paths, two) && IsApart(paths, three))
            ? Certainty.May : Certainty.No;
    }

    private static bool IsApart(Facts paths, Facts? others) =>
        others is not { } them || paths.IsApartFrom(them);

    private static Facts? Restricted(Facts? facts, Condition condition, bool outcome) =>
        facts is not { } paths || paths.Contradicts(condition, outcome)
            ? null : paths.With(condition, outcome);

    private static Facts? Either(Facts? left, Facts? right) =>
        left is not { } one ? right : right is not { } two ? left : one.Meet(two);

    private static bool Same(Facts? left, Facts? right) =>
        left is not { } one ? right is null : right is { } two && one.Equals(two);
}
