namespace NvmeGpu.Analyzers.Tests;

/// <summary>
/// What the bindings and the runtime look like to a rule: contracts on fields, parameters and properties.
/// </summary>
internal static class Prelude
{
    public const string Text = """
        #nullable enable
        using System;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe struct io_uring_sqe
        {
            [KernelRetains(Until.Completion)] public ulong addr;
            public uint len;
            [KernelRetains(Until.Completion, Opaque = true)] public ulong user_data;
            public ushort buf_index;
        }

        unsafe struct iovec
        {
            [KernelRetains(Until.Completion)] public void* iov_base;
            public nuint iov_len;
        }

        struct timespec
        {
            public long tv_sec;
        }

        sealed unsafe class Buffer : SafeHandle
        {
            Buffer() : base(0, true) { }
            public override bool IsInvalid => false;
            protected override bool ReleaseHandle() => true;
            public static Buffer Allocate(long lengthBytes) => new();
            public static Buffer AllocateFor(Ring ring, long lengthBytes) => new();
            [Stable] public void* Address => null;
            public long LengthBytes => 0;
            public void Clear(int from) { }
        }

        sealed class RegisteredMemory
        {
            public RegisteredRegion Region(long offsetBytes, int lengthBytes) => default;
        }

        unsafe struct RegisteredRegion
        {
            [Registered(Index = "BufferIndex", Length = "LengthBytes")] public byte* Address => null;
            public ushort BufferIndex => 0;
            public int LengthBytes { get; set; }
            public RegisteredRegion Slice(long offsetBytes, int lengthBytes) => default;
        }

        sealed unsafe class Ring
        {
            public RegisteredMemory Register(Buffer buffer) => new();

            public void Read([KernelRetains(Until.Completion)] void* address, int lengthBytes) { }
            public void ReadAt([KernelRetains(Until.Completion)] nuint address) { }
            public void ReadSpan([KernelRetains(Until.Completion)] Span<byte> into) { }
            public void ReadList([KernelRetains(Until.Submit)] iovec* list, int count) { }
            public void Timeout([KernelRetains(Until.Submit)] in timespec time) { }
            public void Copy([KernelRetains(Until.Event)] void* host) { }
            public void Peek(void* address) { }

            public static void ReadFixed(
                out io_uring_sqe sqe,
                int fd,
                [Registered(Index = "bufferIndex", Length = "lengthBytes")] void* address,
                uint lengthBytes,
                ulong offsetBytes,
                ushort bufferIndex) => sqe = default;
        }

        struct FixedRead
        {
            [Registered(Index = "buf_index", Length = "len")] public ulong addr;
            public uint len;
            public ushort buf_index;
        }

        readonly unsafe struct Wrapped(nuint value)
        {
            public static explicit operator Wrapped(nuint address) => new(Translate(address));
            public static explicit operator void*(Wrapped wrapped) => (void*)Translate(wrapped.Value);
            nuint Value { get; } = value;
            static nuint Translate(nuint address) => address ^ 0x1000;
        }

        static class User
        {
            public static void Pin(object value) { }
            public static void Look(ReadOnlySpan<byte> value) { }
            public static unsafe void Register(void* address) { }
        }
        """;
}
