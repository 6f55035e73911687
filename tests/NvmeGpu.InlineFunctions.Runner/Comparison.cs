using System;
using System.Linq;
using System.Text;
using System.Threading;

namespace NvmeGpu.InlineFunctions.Runner;

/// <summary>
/// Calls C, keeps what it did, puts the memory back, calls C# at the same addresses, and compares: the
/// result, every byte of the arena, and what was asked of external functions.
/// </summary>
internal sealed unsafe class Comparison(NativeSide native, ManagedSide managed, ulong seed, int randomCount)
{
    private const int ResultBytesMax = 256;

    private readonly byte[] _before = new byte[native.ArenaBytes];
    private readonly byte[] _afterC = new byte[native.ArenaBytes];
    private readonly byte[] _resultOfC = new byte[ResultBytesMax];
    private readonly byte[] _result = new byte[ResultBytesMax];

    /// <summary>Calls made so far, those of C and of C# counted as one. For the watchdog, too.</summary>
    public long CallCount => Volatile.Read(ref _callCount);

    private long _callCount;

    /// <summary>The first difference between a function and an item that should be it, or null.</summary>
    public string? FirstDifference(CFunction function, nint call)
    {
        ulong own = seed;
        foreach (char c in function.Name)
        {
            own = (own ^ c) * 0x100000001B3;
        }
        ulong vectorSeed = own;
        foreach (ulong[] vector in new Vectors(native, function).Make(own, randomCount))
        {
            if (Difference(function, call, vector, ++vectorSeed) is { } difference)
            {
                return $"{difference}; called with {Describe(function, vector)}; "
                    + $"vector {vectorSeed - own}, seed {seed}";
            }
        }
        return null;
    }

    private string? Difference(CFunction function, nint call, ulong[] vector, ulong vectorSeed)
    {
        Span<byte> arena = new(native.Arena, native.ArenaBytes);
        native.Shape(vectorSeed, function);
        arena.CopyTo(_before);
        _resultOfC.AsSpan().Clear();
        _result.AsSpan().Clear();

        fixed (ulong* arguments = vector)
        {
            native.Begin(vectorSeed);
            fixed (byte* result = _resultOfC)
            {
                ((delegate* unmanaged<ulong*, byte*, void>)function.Call)(arguments, result);
            }
            arena.CopyTo(_afterC);
            ulong[] logOfC = native.Log.Length == 0 ? [] : native.Log.ToArray();

            _before.CopyTo(arena);
            native.Begin(vectorSeed);
            try
            {
                fixed (byte* result = _result)
                {
                    ((delegate*<ulong*, byte*, void>)call)(arguments, result);
                }
            }
            catch (Exception thrown) when (thrown is NullReferenceException or ArithmeticException)
            {
                return $"C# throws {thrown.GetType().Name}";
            }
            Volatile.Write(ref _callCount, _callCount + 1);

            if (!SameResult(function.Result))
            {
                return $"the result is {Hex(_result, function.Result)}, gcc's is "
                    + $"{Hex(_resultOfC, function.Result)}";
            }
            if (!arena.SequenceEqual(_afterC))
            {
                int offset = arena.CommonPrefixLength(_afterC);
                return $"{Place(offset)} is 0x{arena[offset]:x2}, gcc's is 0x{_afterC[offset]:x2}, before it "
                    + "was "
                    + $"0x{_before[offset]:x2}";
            }
            if (!native.Log.SequenceEqual(logOfC))
            {
                return $"external calls are "
                    + $"[{string.Join(", ", native.Log.ToArray().Select(word => $"{word:x}"))}], "
                    + $"gcc's are [{string.Join(", ", logOfC.Select(word => $"{word:x}"))}] (number, "
                    + "arguments)";
            }
        }
        return null;
    }

    private bool SameResult(CParameter result)
    {
        if (_result.AsSpan().SequenceEqual(_resultOfC))
        {
            return true;
        }
        // Which NaN an operation gives depends on the order of its operands, which C leaves open.
        return result.Kind is 'f' && (result.SizeBytes == 4
            ? float.IsNaN(BitConverter.ToSingle(_result)) && float.IsNaN(BitConverter.ToSingle(_resultOfC))
            : double.IsNaN(BitConverter.ToDouble(_result))
                && double.IsNaN(BitConverter.ToDouble(_resultOfC)));
    }

    private static string Hex(byte[] bytes, CParameter type)
    {
        int size = Math.Max(type.SizeBytes, 1);
        // Bytes beyond the type's are zero unless a wrapper is wrong.
        return "0x" + Convert.ToHexStringLower([.. bytes.Take(size).Reverse()]);
    }

    private string Place(int offset)
    {
        ulong address = (ulong)native.Arena + (ulong)offset;
        foreach ((ulong start, ulong size, string type) in native.Objects.OrderBy(place => place.SizeBytes))
        {
            if (address >= start && address < start + size)
            {
                string field = managed.FieldAt(type, (int)(address - start));
                return $"{type[..^1].TrimEnd()} at arena+0x{start - (ulong)native.Arena:x}, .{field}";
            }
        }
        return $"arena+0x{offset:x}";
    }

    private static string Describe(CFunction function, ulong[] vector)
    {
        var text = new StringBuilder();
        foreach ((CParameter parameter, ulong value) in function.Parameters.Zip(vector))
        {
            ulong seen = parameter.SizeBytes is > 0 and < 8
                ? value & (ulong.MaxValue >> (64 - parameter.SizeBytes * 8))
                : value;
            text.Append(text.Length > 0 ? ", " : "").Append($"{parameter.Name}=0x{seen:x}");
        }
        return text.Length > 0 ? text.ToString() : "no arguments";
    }
}
