using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// What is known at one point of a method: what each symbol (or compiler's temporary) has, the states of the
/// objects, which structs hold addresses, and the facts of the path. What is missing has not come to be on
/// any path to this point.
/// </summary>
internal sealed class FlowState
{
    public SmallMap<object, FlowValue> Values { get; private set; } = SmallMap<object, FlowValue>.Empty;

    public SmallMap<MemoryObject, ObjectState> Objects { get; private set; } =
        SmallMap<MemoryObject, ObjectState>.Empty;

    /// <summary>By the object that holds them, or the temporary.</summary>
    public SmallMap<object, ImmutableArray<HeldAddress>> Held { get; private set; } =
        SmallMap<object, ImmutableArray<HeldAddress>>.Empty;

    public Facts Path { get; private set; } = Facts.None;

    /// <summary>Parameters that were passed on, on every path to here, to one that carries a
    /// contract.</summary>
    public ImmutableHashSet<(
        IParameterSymbol Parameter, SyntaxNode Site, ISymbol Target, string Contract)> Passed
    { get; private set; } = [];

    public void Pass(IParameterSymbol parameter, SyntaxNode site, ISymbol target, string contract) =>
        Passed = Passed.Add((parameter, site, target, contract));

    /// <summary>What was passed on is as it was: a ring that was made anew.</summary>
    public void TakeBack(ISymbol? parameter) => Passed = [.. Passed.Where(
        one => !SymbolEqualityComparer.Default.Equals(one.Parameter, parameter))];

    public FlowState Copy() => (FlowState)MemberwiseClone();

    public ObjectState Of(MemoryObject memory) =>
        Objects.TryGetValue(memory, out ObjectState? state) ? state! : ObjectState.NewlyOwned(Path);

    public void Set(MemoryObject memory, ObjectState state) => Objects = Objects.SetItem(memory, state);

    public void Remove(MemoryObject memory)
    {
        Objects = Objects.Remove(memory);
        Held = Held.Remove(memory);
    }

    public void Bind(object symbol, FlowValue value) => Values = Values.SetItem(symbol, value);

    public void Unbind(object symbol) => Values = Values.Remove(symbol);

    public void Hold(object holder, ImmutableArray<HeldAddress> held) =>
        Held = held.IsEmpty ? Held.Remove(holder) : Held.SetItem(holder, held);

    public ImmutableArray<HeldAddress> HeldBy(object holder) =>
        Held.TryGetValue(holder, out ImmutableArray<HeldAddress> held) ? held : [];

    /// <summary>
    /// The place that makes this object is passed again: whoever still has the last one has something
    /// unknown.
    /// </summary>
    public void MakeAnew(MemoryObject memory)
    {
        if (Objects.ContainsKey(memory))
        {
            foreach (KeyValuePair<object, FlowValue> value in Values)
            {
                FlowValue left = value.Value.Without(memory);
                if (!ReferenceEquals(left, value.Value))
                {
                    Bind(value.Key, left);
                }
            }
            Held = Held.Remove(memory);
        }
        Set(memory, ObjectState.NewlyOwned(Path));
    }

    public void EndAll()
    {
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            Set(one.Key, one.Value.End());
        }
    }

    public void EndSubmitted()
    {
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            Set(one.Key, one.Value.EndSubmitted());
        }
    }

    /// <summary>The symbol has a new value, so what was known by its old one is not known any more.</summary>
    public void Forget(ISymbol symbol)
    {
        Path = Path.Without(symbol);
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            Set(one.Key, one.Value.Forget(symbol));
        }
    }

    public void Learn(Condition condition, bool outcome)
    {
        Path = Path.With(condition, outcome);
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            Set(one.Key, one.Value.Learn(condition, outcome));
        }
    }

    public void Branch()
    {
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            Set(one.Key, one.Value.Branch());
        }
    }

    /// <summary>A branch was taken; false when no path leads there.</summary>
    public bool TryTake(Condition condition, bool outcome)
    {
        if (Path.Contradicts(condition, outcome))
        {
            return false;
        }
        Path = Path.With(condition, outcome);
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            ObjectState left = one.Value.Restrict(condition, outcome);
            if (left.IsPossible)
            {
                Set(one.Key, left);
            }
            else
            {
                Remove(one.Key);
            }
        }
        return true;
    }

    public FlowState Join(FlowState other, IInitialValues initial)
    {
        FlowState joined = Copy();
        joined.Path = Path.Meet(other.Path);
        if (!ReferenceEquals(Passed, other.Passed))
        {
            joined.Passed = Passed.Intersect(other.Passed);
        }
        foreach (KeyValuePair<object, FlowValue> mine in Values)
        {
            FlowValue? right = other.Values.TryGetValue(mine.Key, out FlowValue? two)
                ? two : initial.Of(mine.Key);
            if (right is not null && !ReferenceEquals(mine.Value, right))
            {
                joined.Bind(mine.Key, JoinValues(mine.Value, right, other));
            }
        }
        foreach (KeyValuePair<object, FlowValue> others in other.Values)
        {
            if (!Values.ContainsKey(others.Key))
            {
                FlowValue? left = initial.Of(others.Key);
                joined.Bind(others.Key, left is null ? others.Value : JoinValues(left, others.Value, other));
            }
        }
        foreach (KeyValuePair<MemoryObject, ObjectState> one in other.Objects)
        {
            ObjectState? mine = Objects.TryGetValue(one.Key, out ObjectState? present) ? present
                : one.Key.WasThereBefore ? ObjectState.NewlyOwned(Path) : null;
            joined.Set(one.Key, mine is null ? one.Value : mine.Join(one.Value));
        }
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            if (one.Key.WasThereBefore && !other.Objects.ContainsKey(one.Key))
            {
                joined.Set(one.Key, one.Value.Join(ObjectState.NewlyOwned(other.Path)));
            }
        }
        foreach (KeyValuePair<object, ImmutableArray<HeldAddress>> one in other.Held)
        {
            ImmutableArray<HeldAddress> mine = HeldBy(one.Key);
            joined.Hold(one.Key, HeldAddress.Union(mine, one.Value));
        }
        return joined;
    }

    private FlowValue JoinValues(FlowValue left, FlowValue right, FlowState other)
    {
        FlowValue joined = left.Join(right, Path, other.Path);
        return Apart(left, right, other) ? joined.Doubted() : joined;
    }

    /// <summary>
    /// One way has null where the other has memory, and that memory is in another state there: the state that
    /// the memory is in says which of both the value is.
    /// </summary>
    private bool Apart(FlowValue left, FlowValue right, FlowState other)
    {
        foreach (Alternative one in left.Alternatives.IsEmpty ? right.Alternatives
            : right.Alternatives.IsEmpty ? left.Alternatives : [])
        {
            foreach (MemoryObject memory in one.Objects)
            {
                if (Objects.TryGetValue(memory, out ObjectState? here)
                    && other.Objects.TryGetValue(memory, out ObjectState? there)
                    && !here.Is(there))
                {
                    return true;
                }
            }
        }
        return false;
    }

    public bool Is(FlowState other)
    {
        if (!Path.Is(other.Path) || Values.Count != other.Values.Count || Objects.Count != other.Objects.Count
            || Passed.Count != other.Passed.Count)
        {
            return false;
        }
        foreach (KeyValuePair<object, FlowValue> one in Values)
        {
            if (!other.Values.TryGetValue(one.Key, out FlowValue? value) || !value!.Is(one.Value))
            {
                return false;
            }
        }
        foreach (KeyValuePair<MemoryObject, ObjectState> one in Objects)
        {
            if (!other.Objects.TryGetValue(one.Key, out ObjectState? state) || !state!.Is(one.Value))
            {
                return false;
            }
        }
        foreach (KeyValuePair<object, ImmutableArray<HeldAddress>> one in Held)
        {
            if (other.HeldBy(one.Key).Length != one.Value.Length)
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>What a symbol has before the method wrote it; null when it has nothing then.</summary>
internal interface IInitialValues
{
    FlowValue? Of(object symbol);
}
