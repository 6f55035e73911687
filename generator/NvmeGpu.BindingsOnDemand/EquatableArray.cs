using System;
using System.Collections;
using System.Collections.Generic;

namespace NvmeGpu.BindingsOnDemand;

/// <summary>
/// An array that equals another one with the same elements: what passes between the generator's steps, so
/// that a step whose inputs are equal is not run again.
/// </summary>
/// <remarks>
/// A class, and of classes only, as is everything between the steps: the compiler's own code for a step is
/// there for all reference types at once, but would be compiled anew for every struct, which made up most of
/// the first run.
/// </remarks>
internal sealed class EquatableArray<T>(T[] items) : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : class, IEquatable<T>
{
    public static EquatableArray<T> Empty { get; } = new([]);

    public int Count => items.Length;

    public T this[int index] => items[index];

    public bool Equals(EquatableArray<T>? other)
    {
        if (other is null || other.Count != items.Length)
        {
            return false;
        }
        for (int i = 0; i < items.Length; i++)
        {
            if (!items[i].Equals(other[i]))
            {
                return false;
            }
        }
        return true;
    }

    public override bool Equals(object? other) => Equals(other as EquatableArray<T>);

    public override int GetHashCode()
    {
        int hash = items.Length;
        foreach (T item in items)
        {
            hash = unchecked((hash * 31) + item.GetHashCode());
        }
        return hash;
    }

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();
}

internal static class EquatableArray
{
    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items)
        where T : class, IEquatable<T> => new([.. items]);
}
