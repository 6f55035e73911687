using System;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The outcomes of conditions that hold on every path to a state. They keep `if (flag) submit; if (flag)
/// wait` from being read as four paths. Two bits per condition, so that a state costs nothing to copy.
/// </summary>
internal readonly struct Facts : IEquatable<Facts>
{
    private readonly ulong _known;
    private readonly ulong _outcomes; // those of the known ones

    private Facts(ulong known, ulong outcomes)
    {
        _known = known;
        _outcomes = outcomes;
    }

    public static Facts None => default;

    public Facts With(Condition condition, bool outcome) => new(
        _known | condition.Bit, outcome ? _outcomes | condition.Bit : _outcomes & ~condition.Bit);

    public Facts With(Facts other) =>
        new(_known | other._known, (_outcomes & ~other._known) | other._outcomes);

    /// <summary>A local or parameter has a new value: without the conditions that mention it.</summary>
    public Facts Without(ulong conditions) => new(_known & ~conditions, _outcomes & ~conditions);

    public bool Contradicts(Condition condition, bool outcome) =>
        (_known & condition.Bit) != 0 && ((_outcomes & condition.Bit) != 0) != outcome;

    /// <summary>A condition that only the caller decides tells the two apart.</summary>
    public bool IsApartFrom(Facts other) =>
        (_known & other._known & (_outcomes ^ other._outcomes) & Condition.IndependentBits) != 0;

    /// <summary>What holds on the paths to both.</summary>
    public Facts Meet(Facts other)
    {
        ulong same = _known & other._known & ~(_outcomes ^ other._outcomes);
        return new Facts(same, _outcomes & same);
    }

    public bool Equals(Facts other) => _known == other._known && _outcomes == other._outcomes;

    public override bool Equals(object? other) => other is Facts facts && Equals(facts);

    public override int GetHashCode() => unchecked((int)(_known * 31 + _outcomes));
}
