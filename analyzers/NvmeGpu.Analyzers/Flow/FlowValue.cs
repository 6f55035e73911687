using System.Collections.Immutable;

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

    public bool HasSameObjects(Alternative other)
    {
        if (Objects.Length != other.Objects.Length)
        {
            return false;
        }
        for (int i = 0; i < Objects.Length; i++)
        {
            if (Objects[i] != other.Objects[i])
            {
                return false;
            }
        }
        return true;
    }

    public bool Is(Alternative other) => HasSameObjects(other) && OffsetBytes == other.OffsetBytes
        && Facts.Equals(other.Facts);

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
        ImmutableArray<HeldAddress> right)
    {
        ImmutableArray<HeldAddress> both = left;
        foreach (HeldAddress one in right)
        {
            if (!IsIn(left, one.Flight))
            {
                both = both.Add(one);
            }
        }
        return both;
    }

    private static bool IsIn(ImmutableArray<HeldAddress> held, Flight flight)
    {
        foreach (HeldAddress one in held)
        {
            if (one.Flight == flight)
            {
                return true;
            }
        }
        return false;
    }
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

    public static FlowValue Of(MemoryObject memory) =>
        new([new Alternative([memory], 0, Facts.None)], isPartlyUnknown: false);

    public FlowValue Holding(ImmutableArray<HeldAddress> held) => held.IsEmpty && Held.IsEmpty ? this
        : new FlowValue(Alternatives, IsPartlyUnknown, held);

    /// <summary>The pin of the value: first in line for a release.</summary>
    public FlowValue PinnedBy(MemoryObject pin)
    {
        if (Alternatives.IsEmpty)
        {
            return pin.Value;
        }
        var pinned = ImmutableArray.CreateBuilder<Alternative>(Alternatives.Length);
        foreach (Alternative one in Alternatives)
        {
            pinned.Add(new Alternative(one.Objects.Insert(0, pin), one.OffsetBytes, one.Facts));
        }
        return new FlowValue(pinned.MoveToImmutable(), IsPartlyUnknown);
    }

    /// <summary>Further on in the same memory; null when it is not constant how far.</summary>
    public FlowValue Moved(long? bytes)
    {
        if (bytes == 0 || Alternatives.IsEmpty)
        {
            return this;
        }
        var moved = ImmutableArray.CreateBuilder<Alternative>(Alternatives.Length);
        foreach (Alternative one in Alternatives)
        {
            moved.Add(one.At(one.OffsetBytes + bytes));
        }
        return new FlowValue(moved.MoveToImmutable(), IsPartlyUnknown);
    }

    /// <summary>The same, or something else.</summary>
    public FlowValue Doubted() => IsPartlyUnknown ? this : new(Alternatives, isPartlyUnknown: true, Held);

    public FlowValue Without(MemoryObject memory)
    {
        foreach (Alternative one in Alternatives)
        {
            if (one.Objects.Contains(memory))
            {
                return new FlowValue(
                    Alternatives.RemoveAll(other => other.Objects.Contains(memory)), isPartlyUnknown: true);
            }
        }
        return this;
    }

    public FlowValue Join(FlowValue other, Facts facts, Facts otherFacts)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }
        ImmutableArray<HeldAddress> held = HeldAddress.Union(Held, other.Held);
        bool isPartlyUnknown = IsPartlyUnknown || other.IsPartlyUnknown;
        if (Alternatives.IsEmpty && other.Alternatives.IsEmpty && held.IsEmpty)
        {
            return isPartlyUnknown ? Unknown : Null;
        }
        ImmutableArray<Alternative>.Builder all = ImmutableArray.CreateBuilder<Alternative>(AlternativesMax);
        foreach (Alternative one in Alternatives)
        {
            all.Add(other.TryFind(one) is { } match
                ? new Alternative(
                    one.Objects,
                    one.OffsetBytes == match.OffsetBytes ? one.OffsetBytes : null,
                    one.Facts.Meet(match.Facts))
                : one.When(facts.With(one.Facts)));
        }
        foreach (Alternative one in other.Alternatives)
        {
            if (TryFind(one) is null)
            {
                all.Add(one.When(otherFacts.With(one.Facts)));
            }
        }
        return all.Count > AlternativesMax ? Unknown
            : new FlowValue(all.ToImmutable(), isPartlyUnknown, held);
    }

    public bool Is(FlowValue other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }
        if (IsPartlyUnknown != other.IsPartlyUnknown || Alternatives.Length != other.Alternatives.Length
            || Held.Length != other.Held.Length)
        {
            return false;
        }
        for (int i = 0; i < Alternatives.Length; i++)
        {
            if (!Alternatives[i].Is(other.Alternatives[i]))
            {
                return false;
            }
        }
        return true;
    }

    private Alternative? TryFind(Alternative same)
    {
        foreach (Alternative one in Alternatives)
        {
            if (one.HasSameObjects(same))
            {
                return one;
            }
        }
        return null;
    }
}
