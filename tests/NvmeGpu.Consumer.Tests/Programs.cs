namespace NvmeGpu.Consumer.Tests;

/// <summary>The programs that the consumers are made of.</summary>
internal static class Programs
{
    /// <summary>Prints what it reads back from a contract that was compiled into it.</summary>
    public const string Correct = """
        using System;
        using System.Reflection;
        using System.Runtime.CompilerServices;
        using NvmeGpu.Contracts;

        namespace App;

        internal static class Program
        {
            private static readonly byte[] s_buffer = GC.AllocateArray<byte>(4096, pinned: true);

            private static unsafe void Main()
            {
                Wrapper.Read(Unsafe.AsPointer(ref s_buffer[0]));

                ParameterInfo parameter = typeof(Wrapper).GetMethod(nameof(Wrapper.Read))!.GetParameters()[0];
                Until until = parameter.GetCustomAttribute<KernelRetainsAttribute>()!.Until;
                Console.WriteLine($"{until}, public: {typeof(KernelRetainsAttribute).IsPublic}");
            }
        }
        """;

    public const string Wrapper = """
        using System;
        using NvmeGpu.Contracts;

        namespace App;

        internal static unsafe class Wrapper
        {
            public static void Read([KernelRetains(Until.Completion)] void* address) =>
                ArgumentNullException.ThrowIfNull(address);

            public static void ReadFixed(
                [Registered(Index = nameof(bufferIndex))] void* address,
                ushort bufferIndex) =>
                    ArgumentOutOfRangeException.ThrowIfGreaterThan((nuint)address, bufferIndex);
        }
        """;

    /// <summary>NVG0007 in line 13, NVG0006 in line 14.</summary>
    public const string Misuse = """
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        namespace App;

        internal static class Misuse
        {
            public static unsafe void Run()
            {
                byte[] buffer = new byte[4096];
                void* memory = NativeMemory.AlignedAlloc(4096, 4096);

                Wrapper.Read(Unsafe.AsPointer(ref buffer[0]));
                Wrapper.ReadFixed(memory, 0);
            }
        }
        """;
}
