using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.InlineFunctions.Runner;

/// <summary>xorshift64*: the same numbers everywhere and always for the same seed.</summary>
internal struct Random64(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 | 1;

    public ulong Next()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    public int Next(int limit) => (int)((Next() >> 16) % (ulong)limit);
}

/// <summary>
/// The arguments that a function is called with, each as 64 bits. First every edge of every parameter with
/// random others, then every pair of the five main edges of two parameters, then random ones of full width.
/// </summary>
internal sealed class Vectors
{
    private const int MainEdges = 5; // 0, 1, -1, the least, the greatest

    private readonly CFunction _function;
    private readonly ulong[][] _edges;
    private readonly List<ulong>?[] _pools;

    public Vectors(NativeSide native, CFunction function)
    {
        _function = function;
        _pools = [.. function.Parameters.Select(parameter => PoolOf(native, parameter))];
        _edges = [.. function.Parameters.Select((parameter, i) => Edges(parameter, _pools[i]))];
    }

    public IEnumerable<ulong[]> Make(ulong seed, int randomCount)
    {
        var random = new Random64(seed);
        for (int i = 0; i < _edges.Length; i++)
        {
            foreach (ulong edge in _edges[i])
            {
                ulong[] vector = Random(ref random);
                vector[i] = edge;
                yield return vector;
            }
        }
        for (int i = 0; i < _edges.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                foreach (ulong first in _edges[i].Take(MainEdges))
                {
                    foreach (ulong second in _edges[j].Take(MainEdges))
                    {
                        ulong[] vector = Random(ref random);
                        (vector[i], vector[j]) = (first, second);
                        yield return vector;
                    }
                }
            }
        }
        for (int i = 0; i < randomCount; i++)
        {
            yield return Random(ref random);
        }
    }

    // Without a pool for its type, a pointer is never followed: if it is, both sides crash and somebody makes
    // one.
    private static List<ulong>? PoolOf(NativeSide native, CParameter parameter)
    {
        if (parameter.Kind is 's' && parameter.SizeBytes > 8)
        {
            // Passed by the address of an object, so that it has a slot as any other.
            return native.Pools.GetValueOrDefault(parameter.Type + " *")
                ?? throw new InvalidOperationException(
                    $"The arena has no {parameter.Type} to pass by value.");
        }
        if (parameter.Kind is not 'p' || parameter.Restriction is Restriction.Opaque
            || !native.Pools.TryGetValue(parameter.Type, out List<ulong>? pool))
        {
            return null;
        }
        return parameter.Restriction is Restriction.Nullable ? [.. pool, 0, 0] : pool;
    }

    private ulong[] Random(ref Random64 random)
    {
        var vector = new ulong[_edges.Length];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = RandomValue(_function.Parameters[i], _pools[i], _edges[i], ref random);
        }
        return vector;
    }

    private static ulong RandomValue(
        CParameter parameter, List<ulong>? pool, ulong[] edges, ref Random64 random)
    {
        if (pool is not null)
        {
            return pool[random.Next(pool.Count)];
        }
        if (parameter.Restriction is Restriction.Range
            || (parameter.Restriction is Restriction.Often && random.Next(2) == 0))
        {
            // Every other time from the range's beginning, where the small numbers of a large one are.
            ulong width = (ulong)(parameter.Highest - parameter.Lowest) + 1;
            width = width == 0 ? ulong.MaxValue : width;
            width = random.Next(2) == 0 ? Math.Min(width, 32) : width;
            return (ulong)parameter.Lowest + (random.Next() >> 3) % width;
        }
        switch (parameter.Kind)
        {
            case 'b':
                return random.Next() >> 63;
            case 'f':
                double number = random.Next(4) switch
                {
                    0 => random.Next(2001) - 1000,
                    1 => (random.Next(2001) - 1000) / 16.0,
                    2 => ((long)random.Next() >> random.Next(60)) * 0.001,
                    _ => double.NaN,
                };
                return double.IsNaN(number)
                    ? edges[random.Next(edges.Length)] : Bits(number, parameter.SizeBytes);
            default:
                return random.Next(8) switch
                {
                    0 => edges[random.Next(edges.Length)],
                    1 => (ulong)(random.Next(33) - 16),
                    2 => random.Next() >> random.Next(64),
                    _ => random.Next(),
                };
        }
    }

    private static ulong[] Edges(CParameter parameter, List<ulong>? pool)
    {
        if (pool is not null)
        {
            return [.. pool.Distinct()];
        }
        switch (parameter.Kind)
        {
            case 'b':
                return [0, 1];
            case 'f':
                double[] numbers =
                [
                    0, 1, -1, parameter.SizeBytes == 4 ? -float.MaxValue : double.MinValue,
                    parameter.SizeBytes == 4 ? float.MaxValue : double.MaxValue,
                    -0.0, 0.5, -0.5, 1.5, -1.5, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue,
                    uint.MaxValue, double.Epsilon,
                    double.PositiveInfinity, double.NegativeInfinity,
                ];
                return [.. numbers.Select(number => Bits(number, parameter.SizeBytes))];
        }
        int bits = Math.Min(parameter.SizeBytes, 8) * 8;
        ulong all = ulong.MaxValue >> (64 - bits);
        ulong sign = 1UL << (bits - 1);
        bool isSigned = parameter.Kind is 'i';
        IEnumerable<ulong> edges =
        [
            0, 1, all, isSigned ? sign : 2, isSigned ? sign - 1 : all - 1,
            .. Enumerable.Range(0, bits).Select(bit => 1UL << bit),
        ];
        if (parameter.Restriction is Restriction.Range)
        {
            long SignExtended(ulong value) =>
                isSigned ? (long)(value << (64 - bits)) >> (64 - bits) : (long)value;
            edges = new[] { (ulong)parameter.Lowest, (ulong)parameter.Highest }.Concat(edges.Where(
                value => SignExtended(value) >= parameter.Lowest
                    && SignExtended(value) <= parameter.Highest));
        }
        return [.. edges.Distinct()];
    }

    private static ulong Bits(double number, int sizeBytes) => sizeBytes == 4
        ? BitConverter.SingleToUInt32Bits((float)number)
        : BitConverter.DoubleToUInt64Bits(number);
}
