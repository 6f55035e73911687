#nullable enable
// Museum row 9: https://github.com/Squalr/Squalr-Sharp/issues/89 (C#)
// A memory scanner compared the current with the previous values of a region through pointers that it took
// once and kept in the element; a collection moved the two arrays, and the pointers stayed. The report names
// no code: ported from its two sentences. The pointers are fields, which carry the contract that their use
// implies.
// caught: NVG0007
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
        _currentValues = new byte[lengthBytes];
        _previousValues = new byte[lengthBytes];
    }

    public void InitializePointers(int index)
    {
        _current = {|NVG0007:(byte*)Unsafe.AsPointer(ref _currentValues[index])|};
        _previous = {|NVG0007:(byte*)Unsafe.AsPointer(ref _previousValues[index])|};
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
