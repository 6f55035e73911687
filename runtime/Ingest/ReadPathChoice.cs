#nullable enable
using System;

namespace NvmeGpu;

/// <summary>Which path a driver takes.</summary>
static partial class ReadPathChoice
{
    public static (NativeReadPath Path, string Reason) Choose(NativeReadPath? asked) => asked switch
    {
        null => (NativeReadPath.RegisteredMappedRead,
            "auto: the slots are host memory, which registered reads serve on every filesystem; no peer memory was given"),
        NativeReadPath.RegisteredMappedRead => (NativeReadPath.RegisteredMappedRead, "as asked"),
        _ => throw new NotSupportedException($"{asked}: not here."),
    };
}
