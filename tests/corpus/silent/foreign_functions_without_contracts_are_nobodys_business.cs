#nullable enable
using System;
using System.Runtime.InteropServices;

/// <summary>
/// P/Invokes of the program's own, with types that the rules would mind in contracted calls.
/// </summary>
public static unsafe partial class Foreign
{
    [DllImport("c", EntryPoint = "strlen")]
    [SuppressGCTransition]
    private static extern nuint StringLength(byte* text);

    [DllImport("c", EntryPoint = "getenv")]
    private static extern byte* GetEnvironment(char* name);

    [StructLayout(LayoutKind.Auto)]
    private struct Anything
    {
        public bool Flag;
        public char Letter;
    }

    [DllImport("other")]
    private static extern int TakeAnything(Anything* value);

    public static nuint Use(ReadOnlySpan<byte> text)
    {
        Anything value = default;
        if (text.Length > 1000 && TakeAnything(&value) == 0 && GetEnvironment(&value.Letter) == null)
        {
            return 0;
        }
        fixed (byte* first = text)
        {
            return StringLength(first);
        }
    }
}
