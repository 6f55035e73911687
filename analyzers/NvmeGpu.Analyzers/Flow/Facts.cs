using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// The outcomes of conditions that hold on every path to a state. They keep `if (flag) submit; if (flag)
/// wait` from being read as four paths.
/// </summary>
internal sealed class Facts
{
    public static readonly Facts None = new(SmallMap<Condition, bool>.Empty);

    private readonly SmallMap<Condition, bool> _outcomes;

    private Facts(SmallMap<Condition, bool> outcomes) => _outcomes = outcomes;

    public Facts With(Condition condition, bool outcome) =>
        _outcomes.TryGetValue(condition, out bool known) && known == outcome
            ? this
            : new(_outcomes.SetItem(condition, outcome));

    public Facts With(Facts other)
    {
        Facts both = this;
        foreach (KeyValuePair<Condition, bool> fact in other._outcomes)
        {
            both = both.With(fact.Key, fact.Value);
        }
        return both;
    }

    /// <summary>The local or parameter has a new value.</summary>
    public Facts Without(ISymbol symbol)
    {
        SmallMap<Condition, bool> left = _outcomes;
        foreach (KeyValuePair<Condition, bool> fact in _outcomes)
        {
            if (fact.Key.Mentions(symbol))
            {
                left = left.Remove(fact.Key);
            }
        }
        return ReferenceEquals(left, _outcomes) ? this : new Facts(left);
    }

    public bool Contradicts(Condition condition, bool outcome) =>
        _outcomes.TryGetValue(condition, out bool known) && known != outcome;

    public bool Contradicts(Facts other)
    {
        foreach (KeyValuePair<Condition, bool> fact in _outcomes)
        {
            if (other.Contradicts(fact.Key, fact.Value))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A condition that only the caller decides tells the two apart.</summary>
    public bool IsApartFrom(Facts other)
    {
        foreach (KeyValuePair<Condition, bool> fact in _outcomes)
        {
            if (fact.Key.IsIndependent && other.Contradicts(fact.Key, fact.Value))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>What holds on the paths to both.</summary>
    public Facts Meet(Facts other)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }
        SmallMap<Condition, bool> both = _outcomes;
        foreach (KeyValuePair<Condition, bool> fact in _outcomes)
        {
            if (!other._outcomes.TryGetValue(fact.Key, out bool outcome) || outcome != fact.Value)
            {
                both = both.Remove(fact.Key);
            }
        }
        return ReferenceEquals(both, _outcomes) ? this : new Facts(both);
    }

    public bool Is(Facts other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }
        if (_outcomes.Count != other._outcomes.Count)
        {
            return false;
        }
        foreach (KeyValuePair<Condition, bool> fact in _outcomes)
        {
            if (!other._outcomes.TryGetValue(fact.Key, out bool outcome) || outcome != fact.Value)
            {
                return false;
            }
        }
        return true;
    }
}
