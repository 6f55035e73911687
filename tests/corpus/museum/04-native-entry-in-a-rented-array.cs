#nullable enable
// Museum row 4: https://github.com/dotnet/corefx/pull/28692 (C#)
// A directory enumerator rented an array for readdir_r. The entry that the native call fills in points to a
// name in the middle of that array, and was used after the call, so a collection in between left it pointing
// at anything. Array and entry were fields, the call a reference to the array's first byte.
// caught: NVG0007
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using NvmeGpu.Contracts;

internal unsafe struct DirectoryEntry
{
    public byte* Name;
    public int NameLengthBytes;
}

internal sealed unsafe class FileEnumerator(nint directory)
{
    private readonly byte[] _entryBuffer = ArrayPool<byte>.Shared.Rent(4096);
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
        ReadDirR(directory, ref {|NVG0007:_entryBuffer[0]|}, _entryBuffer.Length, ref _entry) == 0;

    [DllImport("native")]
    private static extern int ReadDirR(
        nint directory, [KernelRetains(Until.Completion)] ref byte buffer, int bufferBytes,
        ref DirectoryEntry entry);
}
