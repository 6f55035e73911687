#nullable enable
using System;

namespace NvmeGpu;

/// <summary>Which entries of a ring's file table are taken, and by which generation of files.</summary>
sealed partial class FileTable
{
    private readonly uint[] _generations; // odd: taken
    private readonly int[] _free;
    private int _freeCount;

    public FileTable(int entries)
    {
        _generations = new uint[entries];
        _free = new int[entries];
        for (int i = 0; i < entries; i++)
        {
            _free[i] = entries - 1 - i;
        }
        _freeCount = entries;
    }

    public int FreeCount => _freeCount;

    /// <summary>Takes an entry.</summary>
    /// <exception cref="InvalidOperationException">All are taken.</exception>
    public (int Index, uint Generation) Take()
    {
        if (_freeCount == 0)
        {
            throw new InvalidOperationException(
                $"All {_generations.Length} entries of the ring's file table are taken: unregister a file "
                + "first, or raise FileTableEntries.");
        }
        int index = _free[--_freeCount];
        return (index, unchecked(++_generations[index]));
    }

    public void Return(int index)
    {
        unchecked
        {
            _generations[index]++;
        }
        _free[_freeCount++] = index;
    }

    public bool IsCurrent(int index, uint generation) =>
        index >= 0 && index < _generations.Length && _generations[index] == generation
            && (generation & 1) != 0;
}
