#nullable enable
// Museum row 9, fixed (museum/09-cached-pointers-into-a-moving-array.cs):
// https://github.com/Squalr/Squalr-Sharp/issues/89
// The values are on the heap that does not move.
using System;
using System.Runtime.CompilerServices;
using NvmeGpu.Contracts;

internal sealed unsafe class SnapshotElement
{
    private readonly byte[] _currentValues;
    private readonly byte[] _previousValues;

    [KernelRetains(Until.Completion)]
    private byte* _current;

    [KernelRetains(Until.Completion)]
    private byte* _previous;

    public SnapshotElement(int lengthBytes)
    {
        _currentValues = GC.AllocateArray<byte>(lengthBytes, pinned: true);
        _previousValues = GC.AllocateArray<byte>(lengthBytes, pinned: true);
    }

    public void InitializePointers(int index)
    {
        _current = (byte*)Unsafe.AsPointer(ref _currentValues[index]);
        _previous = (byte*)Unsafe.AsPointer(ref _previousValues[index]);
    }

    public bool MoveNextAndHasChanged()
    {
        _current++;
        _previous++;
        return *_current != *_previous;
    }
}

internal static class Scan
{
    public static int CountChanges(SnapshotElement element, int lengthBytes)
    {
        int changes = 0;
        element.InitializePointers(0);
        for (int i = 1; i < lengthBytes; i++)
        {
            changes += element.MoveNextAndHasChanged() ? 1 : 0;
        }
        return changes;
    }
}
