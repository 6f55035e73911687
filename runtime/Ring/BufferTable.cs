#nullable enable
using System;

namespace NvmeGpu;

/// <summary>Which entries of a ring's buffer table hold which memory.</summary>
sealed partial class BufferTable
{
    private readonly RegisteredMemory?[] _owners;
    private readonly bool[] _isTaken;
    private readonly uint[] _generations;

    public BufferTable(int entries)
    {
        _owners = new RegisteredMemory?[entries];
        _isTaken = new bool[entries];
        _generations = new uint[entries];
    }

    public int Count => _owners.Length;

    /// <summary>Takes the first run of free entries of that length.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int Take(int count)
    {
        int run = 0;
        for (int i = 0; i < _isTaken.Length; i++)
        {
            run = _isTaken[i] ? 0 : run + 1;
            if (run == count)
            {
                int first = i - count + 1;
                for (int taken = first; taken <= i; taken++)
                {
                    _isTaken[taken] = true;
                    _generations[taken] = unchecked(_generations[taken] + 1);
                }
                return first;
            }
        }
        throw new InvalidOperationException(
            $"The ring's buffer table of {_owners.Length} entries has no {count} free in a row: release "
            + "memory first, or raise BufferTableEntries.");
    }

    public void SetOwner(int first, int count, RegisteredMemory owner) =>
        _owners.AsSpan(first, count).Fill(owner);

    public uint GenerationOf(int index) => _generations[index];

    public RegisteredMemory? OwnerOf(int index) => _owners[index];

    public void Return(int index)
    {
        _owners[index] = null;
        _isTaken[index] = false;
    }
}
