using System.Collections.Generic;
using System.Collections.Immutable;

namespace NvmeGpu.Analyzers.Flow;

/// <summary>
/// An immutable dictionary of a few entries, in one array: a method has a handful of symbols and objects, and
/// a tree per entry and version would be most of what an analysis allocates.
/// </summary>
internal sealed class SmallMap<TKey, TValue>
    where TKey : class
{
    public static readonly SmallMap<TKey, TValue> Empty =
        new(ImmutableArray<KeyValuePair<TKey, TValue>>.Empty);

    private readonly ImmutableArray<KeyValuePair<TKey, TValue>> _entries;

    private SmallMap(ImmutableArray<KeyValuePair<TKey, TValue>> entries) => _entries = entries;

    public int Count => _entries.Length;

    public bool IsEmpty => _entries.IsEmpty;

    public ImmutableArray<KeyValuePair<TKey, TValue>>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    public bool ContainsKey(TKey key) => IndexOf(key) >= 0;

    public bool TryGetValue(TKey key, out TValue value)
    {
        int index = IndexOf(key);
        value = index < 0 ? default! : _entries[index].Value;
        return index >= 0;
    }

    public SmallMap<TKey, TValue> SetItem(TKey key, TValue value)
    {
        var entry = new KeyValuePair<TKey, TValue>(key, value);
        int index = IndexOf(key);
        if (index < 0)
        {
            return new(_entries.Add(entry));
        }
        return ReferenceEquals(_entries[index].Value, value) ? this : new(_entries.SetItem(index, entry));
    }

    public SmallMap<TKey, TValue> Remove(TKey key)
    {
        int index = IndexOf(key);
        return index < 0 ? this : new(_entries.RemoveAt(index));
    }

    private int IndexOf(TKey key)
    {
        ImmutableArray<KeyValuePair<TKey, TValue>> entries = _entries;
        for (int i = 0; i < entries.Length; i++)
        {
            if (ReferenceEquals(entries[i].Key, key))
            {
                return i;
            }
        }
        // Symbols, and the compiler's temporaries in a box, can be equal without being the same object.
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Key.Equals(key))
            {
                return i;
            }
        }
        return -1;
    }
}
