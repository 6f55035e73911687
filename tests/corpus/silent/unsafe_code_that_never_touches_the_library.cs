#nullable enable
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

/// <summary>Pointers, fixed, stackalloc and frees, without a ring anywhere.</summary>
public static unsafe class PlainUnsafe
{
    public static int Sum(byte[] bytes)
    {
        int sum = 0;
        fixed (byte* first = bytes)
        {
            for (byte* p = first; p < first + bytes.Length; p++)
            {
                sum += *p;
            }
        }
        int* squares = stackalloc int[16];
        for (int i = 0; i < 16; i++)
        {
            squares[i] = i * i;
        }
        void* memory = NativeMemory.Alloc(64);
        NativeMemory.Fill(memory, 64, 3);
        sum += squares[15] + ((byte*)memory)[63];
        NativeMemory.Free(memory);
        return sum;
    }

    public static void Swap<T>(ref T a, ref T b)
        where T : unmanaged
    {
        fixed (T* x = &a, y = &b)
        {
            T kept = *x;
            *x = *y;
            *y = kept;
        }
    }

    public static byte* Escapes(byte[] pinned) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
