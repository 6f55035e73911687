#nullable enable
// Museum row 4, fixed (museum/04-native-entry-in-a-rented-array.cs):
// https://github.com/dotnet/corefx/pull/28692
// The array is pinned for as long as entries point into it; here by making it on the pinned heap.
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal unsafe struct DirectoryEntry
{
    public byte* Name;
    public int NameLengthBytes;
}

internal sealed unsafe class FileEnumerator(nint directory)
{
    private readonly byte[] _entryBuffer = GC.AllocateArray<byte>(4096, pinned: true);
    private DirectoryEntry _entry;

    public string? Current { get; private set; }

    public bool MoveNext()
    {
        do
        {
            if (!FindNextEntry())
            {
                return false;
            }
            Current = new string((sbyte*)_entry.Name, 0, _entry.NameLengthBytes);
        }
        while (Current is "." or "..");
        return true;
    }

    private bool FindNextEntry() =>
        ReadDirR(directory, ref _entryBuffer[0], _entryBuffer.Length, ref _entry) == 0;

    [DllImport("native")]
    private static extern int ReadDirR(
        nint directory, [KernelRetains(Until.Completion)] ref byte buffer, int bufferBytes,
        ref DirectoryEntry entry);
}
