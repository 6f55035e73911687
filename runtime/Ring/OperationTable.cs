#nullable enable
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NvmeGpu;

/// <summary>
/// The operations in flight: a table of fixed size and a stack of free places, so that a submission and a
/// completion cost a few instructions and no allocation. What travels through the kernel as user data is
/// place and generation.
/// </summary>
partial struct OperationTable
{
    private struct Operation
    {
        /// <summary>Keeps the memory alive, and counts its operations. At most one of the two.</summary>
        public RegisteredMemory? Registered;
        public AttachedMemory? Attached;
        public int AskedBytes;
        public uint Generation;
        public bool IsInFlight;

        /// <summary>An NVMe command: its result is 0, an errno or a status, and never a count.</summary>
        public bool IsCommand;
    }

    private readonly Operation[] _operations;
    private readonly int[] _free;
    private int _freeCount;

    public OperationTable(int depthMax)
    {
        _operations = new Operation[depthMax];
        _free = new int[depthMax];
        for (int i = 0; i < depthMax; i++)
        {
            _free[i] = depthMax - 1 - i; // place 0 is taken first
        }
        _freeCount = depthMax;
    }

    public readonly int InFlightCount => _operations.Length - _freeCount;

    /// <summary>Begins an operation; false when as many as the ring's depth are in flight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBegin(RegisteredMemory? memory, int askedBytes, bool isCommand, out ReadToken token)
    {
        if (_freeCount == 0)
        {
            token = default;
            return false;
        }
        ref Operation operation = ref Take(askedBytes, isCommand, out token);
        if (memory is not null)
        {
            operation.Registered = memory;
            memory.InFlightCount++;
        }
        return true;
    }

    /// <summary>The same with memory that is not registered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBeginAttached(AttachedMemory memory, int askedBytes, bool isCommand, out ReadToken token)
    {
        if (_freeCount == 0)
        {
            token = default;
            return false;
        }
        Take(askedBytes, isCommand, out token).Attached = memory;
        memory.InFlightCount++;
        return true;
    }

    /// <summary>Ends the operation whose completion entry was seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Completion End(ulong userData, int result)
    {
        int index = UserData.IndexOf(userData);
        ref Operation operation = ref _operations[index];
        Debug.Assert(operation.IsInFlight && operation.Generation == UserData.GenerationOf(userData));
        var completion = new Completion(
            new ReadToken(index, operation.Generation), result, operation.AskedBytes, operation.IsCommand);
        operation.IsInFlight = false;
        if (operation.Registered is { } registered)
        {
            operation.Registered = null;
            registered.OnOperationEnded();
        }
        else if (operation.Attached is { } attached)
        {
            operation.Attached = null;
            attached.OnOperationEnded();
        }
        _free[_freeCount++] = index;
        return completion;
    }

    /// <summary>The operation is still in flight.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "Reads the table.")]
    public readonly bool IsInFlight(ReadToken token) =>
        (uint)token.Index < (uint)_operations.Length
        && _operations[token.Index].IsInFlight
        && _operations[token.Index].Generation == token.Generation;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Operation Take(int askedBytes, bool isCommand, out ReadToken token)
    {
        int index = _free[--_freeCount];
        ref Operation operation = ref _operations[index];
        Debug.Assert(!operation.IsInFlight && operation.Registered is null && operation.Attached is null);
        operation.AskedBytes = askedBytes;
        operation.Generation = (operation.Generation + 1) & UserData.GenerationMask;
        operation.IsInFlight = true;
        operation.IsCommand = isCommand;
        token = new ReadToken(index, operation.Generation);
        return ref operation;
    }
}

/// <summary>What the 64 bits that travel with an operation mean.</summary>
/// <remarks>
/// <code>
///   63        62       61..32        31..0
///   internal  release  generation    index
/// </code>
/// Internal: a request of the ring's own (a cancel), not seen by the user. Release with it: the kernel says
/// that it has let go of a registered buffer (a resource tag), whose table entry is the index.
/// </remarks>
static partial class UserData
{
    public const uint GenerationMask = (1u << 30) - 1;
    public const ulong Internal = 1ul << 63;

    /// <summary>Of the NOPs that fill a place; they complete without an entry.</summary>
    public const ulong Filler = Internal | 1;

    private const ulong Release = 1ul << 62;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadToken token) => ((ulong)token.Generation << 32) | (uint)token.Index;

    public static ulong OfRelease(int tableIndex, uint generation) =>
        Internal | Release | ((ulong)(generation & GenerationMask) << 32) | (uint)tableIndex;

    public static bool IsInternal(ulong userData) => (userData & Internal) != 0;

    public static bool IsRelease(ulong userData) => (userData & Release) != 0;

    public static int IndexOf(ulong userData) => unchecked((int)(uint)userData);

    public static uint GenerationOf(ulong userData) => (uint)(userData >> 32) & GenerationMask;
}
