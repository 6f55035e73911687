using System;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>A set of the hand-overs of one run, by their numbers.</summary>
internal readonly struct FlightSet : IEquatable<FlightSet>
{
    public const int FlightsMax = 2 * BitsPerWord;

    private const int BitsPerWord = 64;

    private readonly ulong _low;
    private readonly ulong _high;

    private FlightSet(ulong low, ulong high)
    {
        _low = low;
        _high = high;
    }

    public bool IsEmpty => (_low | _high) == 0;

    public static FlightSet Of(Flight flight) => flight.Number < BitsPerWord
        ? new FlightSet(1UL << flight.Number, 0)
        : new FlightSet(0, 1UL << (flight.Number - BitsPerWord));

    public bool Contains(Flight flight) => !Intersect(Of(flight)).IsEmpty;

    public FlightSet Union(FlightSet other) => new(_low | other._low, _high | other._high);

    public FlightSet Intersect(FlightSet other) => new(_low & other._low, _high & other._high);

    public FlightSet Except(FlightSet other) => new(_low & ~other._low, _high & ~other._high);

    public bool Equals(FlightSet other) => _low == other._low && _high == other._high;

    public override bool Equals(object? other) => other is FlightSet set && Equals(set);

    public override int GetHashCode() => unchecked((int)(_low * 31 + _high));
}
