using System.Collections.Immutable;
using System.Linq;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// One thing that a value can be: an address (or a handle, an array, an owner) of all of
/// <paramref name="objects"/> at once. The first is the one that a release of the value releases: a pin
/// before the array that it pins.
/// </summary>
internal sealed class Alternative(ImmutableArray<MemoryObject> objects, long? offsetBytes, Facts facts)
{
    public ImmutableArray<MemoryObject> Objects { get; } = objects;

    public MemoryObject Front => Objects[0];

    /// <summary>From the start of the object; null when it is not constant.</summary>
    public long? OffsetBytes { get; } = offsetBytes;

    /// <summary>When the value is this one.</summary>
    public Facts Facts { get; } = facts;

    public bool HasSameObjects(Alternative other) => Objects.SequenceEqual(other.Objects);

    public Alternative At(long? offsetBytes) => new(Objects, offsetBytes, Facts);

    public Alternative When(Facts facts) => new(Objects, OffsetBytes, facts);
}

/// <summary>A struct that holds an address, and lends it when its own address is handed on.</summary>
internal sealed class HeldAddress(FlowValue value, Flight flight)
{
    public FlowValue Value { get; } = value;

    public Flight Flight { get; } = flight;

    public static ImmutableArray<HeldAddress> Union(
        ImmutableArray<HeldAddress> left,
        ImmutableArray<HeldAddress> right) =>
        left.AddRange(right.Where(one => !left.Any(present => present.Flight == one.Flight)));
}

/// <summary>What is known about a value.</summary>
internal sealed class FlowValue
{
    public const int AlternativesMax = 4;

    public static readonly FlowValue Unknown = new([], isPartlyUnknown: true);

    /// <summary>The null address: no memory at all.</summary>
    public static readonly FlowValue Null = new([], isPartlyUnknown: false);

    private FlowValue(ImmutableArray<Alternative> alternatives, bool isPartlyUnknown)
        : this(alternatives, isPartlyUnknown, [])
    {
    }

    private FlowValue(
        ImmutableArray<Alternative> alternatives, bool isPartlyUnknown, ImmutableArray<HeldAddress> held)
    {
        Alternatives = alternatives;
        IsPartlyUnknown = isPartlyUnknown;
        Held = held;
    }

    public ImmutableArray<Alternative> Alternatives { get; }

    public bool IsPartlyUnknown { get; }

    public ImmutableArray<HeldAddress> Held { get; }

    /// <summary>It is this and nothing else.</summary>
    public bool IsCertain => Alternatives.Length == 1 && !IsPartlyUnknown;

    public static FlowValue Of(MemoryObject memory, long? offsetBytes = 0) =>
        new([new Alternative([memory], offsetBytes, Facts.None)], isPartlyUnknown: false);

    public FlowValue Holding(ImmutableArray<HeldAddress> held) => held.IsEmpty ? this
        : new FlowValue(Alternatives, IsPartlyUnknown, held);

    /// <summary>The pin of the value: first in line for a release.</summary>
    public FlowValue PinnedBy(MemoryObject pin) => Alternatives.IsEmpty ? Of(pin) : new FlowValue(
        [.. Alternatives.Select(one =>
            new Alternative(one.Objects.Insert(0, pin), one.OffsetBytes, one.Facts))],
        IsPartlyUnknown);

    /// <summary>Further on in the same memory; null when it is not constant how far.</summary>
    public FlowValue Moved(long? bytes) => bytes == 0 || Alternatives.IsEmpty ? this : new FlowValue(
        [.. Alternatives.Select(one => one.At(one.OffsetBytes + bytes))], IsPartlyUnknown);

    /// <summary>The same, or something else.</summary>
    public FlowValue Doubted() => new(Alternatives, isPartlyUnknown: true, Held);

    public FlowValue Without(MemoryObject memory) =>
        Alternatives.Any(one => one.Objects.Contains(memory))
            ? new FlowValue(
                Alternatives.RemoveAll(one => one.Objects.Contains(memory)), isPartlyUnknown: true)
            : this;

    public FlowValue Join(FlowValue other, Facts facts, Facts otherFacts)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }
        ImmutableArray<Alternative>.Builder all = ImmutableArray.CreateBuilder<Alternative>();
        foreach (Alternative one in Alternatives)
        {
            Alternative? match = other.Alternatives.FirstOrDefault(one.HasSameObjects);
            all.Add(match is null ? one.When(facts.With(one.Facts)) : new Alternative(
                one.Objects,
                one.OffsetBytes == match.OffsetBytes ? one.OffsetBytes : null,
                one.Facts.Meet(match.Facts)));
        }
        all.AddRange(other.Alternatives.Where(one => !Alternatives.Any(one.HasSameObjects))
            .Select(one => one.When(otherFacts.With(one.Facts))));
        if (all.Count > AlternativesMax)
        {
            return Unknown;
        }
        return new FlowValue(
            all.ToImmutable(),
            IsPartlyUnknown || other.IsPartlyUnknown,
            HeldAddress.Union(Held, other.Held));
    }

    public bool Is(FlowValue other) => ReferenceEquals(this, other)
        || (IsPartlyUnknown == other.IsPartlyUnknown
            && Alternatives.Length == other.Alternatives.Length
            && Held.Length == other.Held.Length
            && Alternatives.Zip(other.Alternatives, (one, two) =>
                one.HasSameObjects(two) && one.OffsetBytes == two.OffsetBytes && one.Facts.Is(two.Facts))
                .All(same => same));
}
