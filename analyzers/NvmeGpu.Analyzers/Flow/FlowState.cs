using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// What is known at one point of a method: what each variable has, the states of the objects, which structs
/// hold addresses, and the facts of the path. What is missing has not come to be on any path to this point.
/// <para>
/// Variables and objects are places in two arrays, which copies share until one of them is written: most
/// copies go on to the next block unchanged.
/// </para>
/// </summary>
internal sealed class FlowState
{
    private readonly FlowContext _context;
    private FlowValue?[] _values = [];
    private ObjectState?[] _objects = [];
    private bool _areValuesShared = true;
    private bool _areObjectsShared = true;

    // By the object that holds them, or the temporary.
    private SmallMap<object, ImmutableArray<HeldAddress>> _held =
        SmallMap<object, ImmutableArray<HeldAddress>>.Empty;

    public FlowState(FlowContext context) => _context = context;

    private FlowState(FlowState other)
    {
        _context = other._context;
        _values = other._values;
        _objects = other._objects;
        _held = other._held;
        Path = other.Path;
        Passed = other.Passed;
        other._areValuesShared = other._areObjectsShared = true;
    }

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

    public FlowState Copy() => new(this);

    /// <summary>Objects have numbers below this.</summary>
    public int ObjectNumbers => _objects.Length;

    /// <summary>The state of an object by its number; null when it has not come to be.</summary>
    public ObjectState? TryOf(int index) => index < _objects.Length ? _objects[index] : null;

    public ObjectState? TryOf(MemoryObject memory) => TryOf(memory.Index);

    public ObjectState Of(MemoryObject memory) => TryOf(memory.Index) ?? ObjectState.NewlyOwned(Path);

    public void Set(MemoryObject memory, ObjectState state)
    {
        if (!ReferenceEquals(TryOf(memory.Index), state))
        {
            OwnObjects(memory.Index)[memory.Index] = state;
        }
    }

    public void Remove(MemoryObject memory)
    {
        if (TryOf(memory.Index) is not null)
        {
            OwnObjects(memory.Index)[memory.Index] = null;
        }
        _held = _held.Remove(memory);
    }

    public FlowValue ValueOf(Variable variable) =>
        (variable.Index < _values.Length ? _values[variable.Index] : null) ?? variable.Initial
        ?? FlowValue.Unknown;

    public void Bind(Variable variable, FlowValue value) => SetValue(variable.Index, value);

    public void Unbind(Variable variable)
    {
        if (variable.Index < _values.Length && _values[variable.Index] is not null)
        {
            SetValue(variable.Index, null);
        }
    }

    public void Hold(object holder, ImmutableArray<HeldAddress> held) =>
        _held = held.IsEmpty ? _held.Remove(holder) : _held.SetItem(holder, held);

    public ImmutableArray<HeldAddress> HeldBy(object holder) =>
        _held.TryGetValue(holder, out ImmutableArray<HeldAddress> held) ? held : [];

    /// <summary>
    /// The place that makes this object is passed again: whoever still has the last one has something
    /// unknown.
    /// </summary>
    public void MakeAnew(MemoryObject memory)
    {
        if (TryOf(memory) is not null)
        {
            for (int i = 0; i < _values.Length; i++)
            {
                if (_values[i] is { } value)
                {
                    SetValue(i, value.Without(memory));
                }
            }
            _held = _held.Remove(memory);
        }
        Set(memory, ObjectState.NewlyOwned(Path));
    }

    public void EndAll()
    {
        for (int i = 0; i < _objects.Length; i++)
        {
            SetState(i, _objects[i]?.End());
        }
    }

    public void EndSubmitted(FlightSet submitted)
    {
        for (int i = 0; i < _objects.Length; i++)
        {
            SetState(i, _objects[i]?.EndSubmitted(submitted));
        }
    }

    /// <summary>The variable has a new value, so what was known by its old one is not known any
    /// more.</summary>
    public void Forget(Variable variable)
    {
        if (variable.Conditions == 0)
        {
            return;
        }
        Path = Path.Without(variable.Conditions);
        for (int i = 0; i < _objects.Length; i++)
        {
            SetState(i, _objects[i]?.Forget(variable.Conditions));
        }
    }

    public void Learn(Condition condition, bool outcome)
    {
        Path = Path.With(condition, outcome);
        for (int i = 0; i < _objects.Length; i++)
        {
            SetState(i, _objects[i]?.Learn(condition, outcome));
        }
    }

    public void Branch()
    {
        for (int i = 0; i < _objects.Length; i++)
        {
            SetState(i, _objects[i]?.Branch());
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
        for (int i = 0; i < _objects.Length; i++)
        {
            if (_objects[i]?.Restrict(condition, outcome) is { } left)
            {
                if (left.IsPossible)
                {
                    SetState(i, left);
                }
                else
                {
                    Remove(_context.ObjectAt(i));
                }
            }
        }
        return true;
    }

    /// <summary>Methods of the same object may have done anything to its fields.</summary>
    public void ForgetFields()
    {
        for (int i = 0; i < _values.Length; i++)
        {
            if (_values[i] is not null && _context.VariableAt(i).Symbol is IFieldSymbol)
            {
                SetValue(i, null);
            }
        }
        for (int i = 0; i < _objects.Length; i++)
        {
            if (_objects[i] is not null && _context.ObjectAt(i) is { Kind: MemoryObjectKind.Field } field)
            {
                Remove(field);
            }
        }
    }

    public FlowState Join(FlowState other)
    {
        FlowState joined = Copy();
        joined.Path = Path.Meet(other.Path);
        if (!ReferenceEquals(Passed, other.Passed))
        {
            joined.Passed = Passed.Intersect(other.Passed);
        }
        JoinValues(joined, other);
        JoinObjects(joined, other);
        foreach (KeyValuePair<object, ImmutableArray<HeldAddress>> one in other._held)
        {
            joined.Hold(one.Key, HeldAddress.Union(HeldBy(one.Key), one.Value));
        }
        return joined;
    }

    private void JoinValues(FlowState joined, FlowState other)
    {
        if (ReferenceEquals(_values, other._values))
        {
            return;
        }
        int count = Math.Max(_values.Length, other._values.Length);
        for (int i = 0; i < count; i++)
        {
            FlowValue? mine = i < _values.Length ? _values[i] : null;
            FlowValue? theirs = i < other._values.Length ? other._values[i] : null;
            if (ReferenceEquals(mine, theirs))
            {
                continue;
            }
            FlowValue? initial = mine is null || theirs is null ? _context.VariableAt(i).Initial : null;
            FlowValue? left = mine ?? initial;
            FlowValue? right = theirs ?? initial;
            joined.SetValue(
                i, left is null ? right : right is null ? left : JoinOf(left, right, other));
        }
    }

    private FlowValue JoinOf(FlowValue left, FlowValue right, FlowState other)
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
                if (TryOf(memory) is { } here && other.TryOf(memory) is { } there && !here.Is(there))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private void JoinObjects(FlowState joined, FlowState other)
    {
        if (ReferenceEquals(_objects, other._objects))
        {
            return;
        }
        int count = Math.Max(_objects.Length, other._objects.Length);
        for (int i = 0; i < count; i++)
        {
            ObjectState? mine = TryOf(i);
            ObjectState? theirs = other.TryOf(i);
            if (ReferenceEquals(mine, theirs))
            {
                continue;
            }
            if ((mine is null || theirs is null) && _context.ObjectAt(i).WasThereBefore)
            {
                mine ??= ObjectState.NewlyOwned(Path);
                theirs ??= ObjectState.NewlyOwned(other.Path);
            }
            joined.SetState(i, mine is null ? theirs : theirs is null ? mine : mine.Join(theirs));
        }
    }

    public bool Is(FlowState other)
    {
        if (!Path.Equals(other.Path) || Passed.Count != other.Passed.Count)
        {
            return false;
        }
        for (int i = 0; i < Math.Max(_values.Length, other._values.Length); i++)
        {
            FlowValue? mine = i < _values.Length ? _values[i] : null;
            FlowValue? theirs = i < other._values.Length ? other._values[i] : null;
            if (!ReferenceEquals(mine, theirs) && (mine is null || theirs is null || !mine.Is(theirs)))
            {
                return false;
            }
        }
        for (int i = 0; i < Math.Max(_objects.Length, other._objects.Length); i++)
        {
            ObjectState? mine = TryOf(i);
            ObjectState? theirs = other.TryOf(i);
            if (!ReferenceEquals(mine, theirs) && (mine is null || theirs is null || !mine.Is(theirs)))
            {
                return false;
            }
        }
        foreach (KeyValuePair<object, ImmutableArray<HeldAddress>> one in _held)
        {
            if (other.HeldBy(one.Key).Length != one.Value.Length)
            {
                return false;
            }
        }
        return true;
    }

    private void SetState(int index, ObjectState? state)
    {
        if (!ReferenceEquals(TryOf(index), state))
        {
            OwnObjects(index)[index] = state;
        }
    }

    private void SetValue(int index, FlowValue? value)
    {
        if (index < _values.Length && ReferenceEquals(_values[index], value))
        {
            return;
        }
        if (_areValuesShared || index >= _values.Length)
        {
            _values = CopyOf(_values, _context.VariableCount);
            _areValuesShared = false;
        }
        _values[index] = value;
    }

    private ObjectState?[] OwnObjects(int index)
    {
        if (_areObjectsShared || index >= _objects.Length)
        {
            _objects = CopyOf(_objects, _context.ObjectCount);
            _areObjectsShared = false;
        }
        return _objects;
    }

    private static T[] CopyOf<T>(T[] places, int count)
    {
        var copy = new T[count];
        Array.Copy(places, copy, places.Length);
        return copy;
    }
}
