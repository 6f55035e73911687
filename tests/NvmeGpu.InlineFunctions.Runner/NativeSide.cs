using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace NvmeGpu.InlineFunctions.Runner;

/// <summary>
/// The library that gcc made of a header, our arena and the generated wrappers (see differential.h, which
/// declares the same structs).
/// </summary>
internal sealed unsafe class NativeSide
{
    private readonly nint _library;
    private readonly delegate* unmanaged<ulong, byte*, void> _shape;
    private readonly delegate* unmanaged<ulong, void> _begin;
    private readonly ulong* _logLength;

    public NativeSide(string path)
    {
        _library = NativeLibrary.Load(path);
        nint Export(string name) => NativeLibrary.GetExport(_library, name);

        var setUp = (delegate* unmanaged<byte*>)Export("nvg_set_up");
        Arena = setUp();
        if (Arena is null)
        {
            throw new InvalidOperationException(
                "The arena's address is taken by something else in this process: "
                + "choose another one in differential.h.");
        }
        ArenaBytes = (int)*(ulong*)Export("nvg_arena_bytes");
        _shape = (delegate* unmanaged<ulong, byte*, void>)Export("nvg_shape");
        _begin = (delegate* unmanaged<ulong, void>)Export("nvg_begin");
        _logLength = (ulong*)Export("nvg_log_length");
        LogWords = (ulong*)Export("nvg_log");
        External = Export("nvg_external");

        var function = (NativeFunction*)Export("nvg_functions");
        for (; function->Name is not null; function++)
        {
            CFunction read = new(
                Text(function->Name), (nint)function->Name, function->Call, new(*function->Result), []);
            for (int i = 0; i < (int)function->ParameterCount; i++)
            {
                read.Parameters.Add(new(function->Parameters[i]));
            }
            Functions.Add(read.Name, read);
        }
        ReadPools((NativePool*)Export("nvg_pools"));
        ReadDomains((NativeDomain*)Export("nvg_domains"));
    }

    public byte* Arena { get; }

    public int ArenaBytes { get; }

    /// <summary>What the stubs of the external functions wrote since the last <see cref="Begin"/>.</summary>
    public ReadOnlySpan<ulong> Log => new(LogWords, checked((int)*_logLength));

    /// <summary>The C function that the stubs of both sides call.</summary>
    public nint External { get; }

    public Dictionary<string, CFunction> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>By pointer type: the pointers that may be given for a parameter of it.</summary>
    public Dictionary<string, List<ulong>> Pools { get; } = new(StringComparer.Ordinal);

    /// <summary>What lies where in the arena: address, size, C type.</summary>
    public List<(ulong Address, ulong SizeBytes, string Type)> Objects { get; } = [];

    private ulong* LogWords { get; }

    /// <summary>A stub by the name of its function, or 0 where no translated function calls it.</summary>
    public nint Find(string external) =>
        NativeLibrary.TryGetExport(_library, external, out nint address) ? address : 0;

    /// <summary>Fills the arena with contents that are valid for the function and depend on the seed
    /// alone.</summary>
    public void Shape(ulong seed, CFunction function) => _shape(seed, (byte*)function.NameAddress);

    /// <summary>Empties the log and starts the script by which external functions answer.</summary>
    public void Begin(ulong seed) => _begin(seed);

    private static string Text(byte* address) => Marshal.PtrToStringUTF8((nint)address)!;

    private void ReadPools(NativePool* pool)
    {
        for (; pool->Type is not null; pool++)
        {
            string type = Text(pool->Type);
            if (!Pools.TryGetValue(type, out List<ulong>? values))
            {
                Pools.Add(type, values = []);
            }
            values.Add(pool->Value);
            if (pool->SizeBytes > 0)
            {
                Objects.Add((pool->Value, pool->SizeBytes, type));
            }
        }
    }

    private void ReadDomains(NativeDomain* domain)
    {
        for (; domain->Function is not null; domain++)
        {
            string function = Text(domain->Function);
            string name = Text(domain->Parameter);
            // A domain that names nothing would silently stop to hold.
            CParameter parameter = Functions[function].Parameters.Find(parameter => parameter.Name == name)
                ?? throw new InvalidOperationException(
                    $"The arena restricts {function}'s {name}: there is no such parameter.");
            parameter.Restriction = (Restriction)domain->Kind;
            parameter.Lowest = domain->Lowest;
            parameter.Highest = domain->Highest;
        }
    }

#pragma warning disable CS0649 // C writes these
    internal struct NativeType
    {
        public byte* Name;
        public byte* Text;
        public uint SizeBytes;
        public byte Kind;
    }

    private struct NativeFunction
    {
        public byte* Name;
        public nint Call;
        public NativeType* Result;
        public NativeType* Parameters;
        public ulong ParameterCount;
    }

    private struct NativePool
    {
        public byte* Type;
        public ulong Value;
        public ulong SizeBytes;
    }

    private struct NativeDomain
    {
        public byte* Function;
        public byte* Parameter;
        public ulong Kind;
        public long Lowest;
        public long Highest;
    }
#pragma warning restore CS0649
}

internal enum Restriction
{
    None,

    /// <summary>An integer of this range only.</summary>
    Range,

    /// <summary>A pointer that the function never follows: any 64 bits.</summary>
    Opaque,

    /// <summary>A pointer that may also be null.</summary>
    Nullable,

    /// <summary>An integer of full width, every other time of this range.</summary>
    Often,
}

/// <param name="NameAddress">The name as a C string.</param>
/// <param name="Call">void (uint64_t *arguments, void *result)</param>
internal sealed record CFunction(
    string Name, nint NameAddress, nint Call, CParameter Result, List<CParameter> Parameters);

/// <summary>A parameter or a result as gcc sees it.</summary>
internal sealed unsafe class CParameter(NativeSide.NativeType native)
{
    public string Name { get; } = Marshal.PtrToStringUTF8((nint)native.Name)!;

    /// <summary>The C type without const and volatile.</summary>
    public string Type { get; } = Marshal.PtrToStringUTF8((nint)native.Text)!;

    public int SizeBytes { get; } = (int)native.SizeBytes;

    /// <summary>
    /// b: _Bool, i: signed integer, u: unsigned integer, f: floating point, p: pointer, s: struct or union,
    /// v: void.
    /// </summary>
    public char Kind { get; } = (char)native.Kind;

    public Restriction Restriction { get; set; }

    public long Lowest { get; set; }

    public long Highest { get; set; }
}
