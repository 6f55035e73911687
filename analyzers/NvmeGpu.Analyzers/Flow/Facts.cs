using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The outcomes of conditions that hold on every path to a state. They keep `if (flag) submit; if (flag) wait`
/// from being read as four paths.
/// </summary>
internal sealed class Facts
{
    public static readonly Facts None = new(ImmutableDictionary<Condition, bool>.Empty);

    private readonly ImmutableDictionary<Condition, bool> _outcomes;

    private Facts(ImmutableDictionary<Condition, bool> outcomes) => _outcomes = outcomes;

    public Facts With(Condition condition, bool outcome) => new(_outcomes.SetItem(condition, outcome));

    public Facts With(Facts other) =>
        other._outcomes.IsEmpty ? this : new Facts(_outcomes.SetItems(other._outcomes));

    /// <summary>The local or parameter has a new value.</summary>
    public Facts Without(ISymbol symbol)
    {
        ImmutableDictionary<Condition, bool> left = _outcomes;
        foreach (Condition condition in _outcomes.Keys)
        {
            if (condition.Mentions(symbol))
            {
                left = left.Remove(condition);
            }
        }
        return ReferenceEquals(left, _outcomes) ? this : new Facts(left);
    }

    public bool Contradicts(Condition condition, bool outcome) =>
        _outcomes.TryGetValue(condition, out bool known) && known != outcome;

    public bool Contradicts(Facts other) =>
        _outcomes.Any(fact => other.Contradicts(fact.Key, fact.Value));

    /// <summary>A condition that only the caller decides tells the two apart.</summary>
    public bool IsApartFrom(Facts other) =>
        _outcomes.Any(fact => fact.Key.IsIndependent && other.Contradicts(fact.Key, fact.Value));

    /// <summary>What holds on the paths to both.</summary>
    public Facts Meet(Facts other)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }
        ImmutableDictionary<Condition, bool> both = _outcomes;
        foreach (KeyValuePair<Condition, bool> fact in _outcomes)
        {
            if (!other._outcomes.TryGetValue(fact.Key, out bool outcome) || outcome != fact.Value)
            {
                both = both.Remove(fact.Key);
            }
        }
        return ReferenceEquals(both, _outcomes) ? this : new Facts(both);
    }

    public bool Is(Facts other) => ReferenceEquals(this, other)
        || (_outcomes.Count == other._outcomes.Count
            && _outcomes.All(fact => other._outcomes.TryGetValue(fact.Key, out bool outcome)
                && outcome == fact.Value));
}
