using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class PageLockedCopiesTests
{
    [Theory]
    [InlineData("cuda.CopyAsync(1, {|NVG0019:NativeMemory.Alloc(64)|}, 64);")]
    [InlineData("void* p = NativeMemory.AlignedAlloc(4096, 4096); cuda.CopyAsync(1, {|NVG0019:p|}, 64); "
    + "NativeMemory.AlignedFree(p);")]
    [InlineData(
        "byte* p = (byte*)Marshal.AllocHGlobal(64); p[0] = 1; cuda.CopyAsync(1, {|NVG0019:p + 16|}, 32);")]
    [InlineData("void* p = NativeMemory.Alloc(64); ring.Read(p, 64); cuda.CopyAsync(1, {|NVG0019:p|}, 64); "
    + "cuda.CopyAsync(2, {|NVG0019:p|}, 64);")]
    [InlineData("byte* p = stackalloc byte[64]; cuda.CopyAsync(1, {|NVG0019:p|}, 64);")]
    [InlineData("int value = 1; cuda.CopyAsync(1, {|NVG0019:&value|}, 4);")]
    [InlineData("var b = new byte[64]; cuda.CopyAsync(1, {|NVG0019:Unsafe.AsPointer(ref b[0])|}, 64);")]
    [InlineData("var b = GC.AllocateArray<byte>(64, pinned: true); cuda.CopyAsync(1, "
    + "{|NVG0019:Unsafe.AsPointer(ref b[0])|}, 64);")]
    [InlineData("var h = GCHandle.Alloc(given, GCHandleType.Pinned); cuda.CopyAsync(1, "
    + "{|NVG0019:(void*)h.AddrOfPinnedObject()|}, 64); h.Free();")]
    [InlineData("cuda.CopyAsync(1, flag ? {|NVG0019:NativeMemory.Alloc(64)|} : null, 64);")]
    public Task Memory_that_is_visibly_pageable_is_named(string statements) => InMethod(statements);

    [Theory]
    [InlineData("fixed (byte* p = given) { cuda.CopyAsync(1, {|NVG0019:p|}, 64); }")]
    [InlineData("fixed (byte* p = &given[n]) { cuda.CopyAsync(1, {|NVG0019:p + 1|}, 64); }")]
    [InlineData(
        "var b = new byte[64]; fixed (byte* p = b) { void* q = p; cuda.CopyAsync(1, {|NVG0019:q|}, 64); }")]
    [InlineData("fixed (byte* p = _array) { cuda.CopyAsync(1, {|NVG0019:p|}, 64); }")]
    public Task Pinned_is_not_page_locked(string statements) => InMethod(statements);

    [Theory]
    [InlineData(
        "void* p = NativeMemory.Alloc(64); cuda.cuMemHostRegister_v2(p, 64, 0); cuda.CopyAsync(1, p, 64);")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(64); void* q = p; cuda.cuMemHostRegister_v2(q, 64, 0); "
    + "cuda.CopyAsync(1, p + 8, 64);")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(64); if (flag) { cuda.cuMemHostRegister_v2(p, 64, 0); } "
    + "cuda.CopyAsync(1, p, 64);")]
    [InlineData("fixed (byte* p = given) { cuda.cuMemHostRegister_v2(p, 64, 0); cuda.CopyAsync(1, p, 64); }")]
    [InlineData("fixed (byte* p = given) fixed (byte* q = given) { cuda.cuMemHostRegister_v2(q, 64, 0); "
    + "cuda.CopyAsync(1, p, 64); }")]
    [InlineData("var b = GC.AllocateArray<byte>(64, pinned: true); "
    + "cuda.cuMemHostRegister_v2(Unsafe.AsPointer(ref b[0]), 64, 0); cuda.CopyAsync(1, Unsafe.AsPointer(ref "
    + "b[0]), 64);")]
    [InlineData("void* p = NativeMemory.Alloc(64); for (int i = 0; i < 2; i++) { if (i > 0) { "
    + "cuda.CopyAsync(1, p, 64); } else { cuda.cuMemHostRegister_v2(p, 64, 0); } }")]
    [InlineData("void* p = NativeMemory.Alloc(64); for (int i = 0; i < 2; i++) { if (i > 0) { "
    + "cuda.CopyAsync(1, p, 64); continue; } cuda.cuMemHostRegister_v2(p, 64, 0); }")]
    [InlineData("void* p = NativeMemory.Alloc(64); void Register() => cuda.cuMemHostRegister_v2(p, 64, 0); "
    + "Register(); cuda.CopyAsync(1, p, 64);")]
    [InlineData("void* p = NativeMemory.Alloc(64); cuda.cuMemHostRegister_v2(Own.Same(p), 64, 0); "
    + "cuda.CopyAsync(1, p, 64);")]
    public Task Memory_that_the_method_may_have_registered_is_left_alone(string statements) =>
        InMethod(statements);

    [Theory]
    [InlineData("void* p = NativeMemory.Alloc(64), q = NativeMemory.Alloc(64); cuda.cuMemHostRegister_v2(q, "
    + "64, 0); cuda.CopyAsync(1, {|NVG0019:p|}, 64);")]
    [InlineData("fixed (byte* p = given) { cuda.CopyAsync(1, {|NVG0019:p|}, 64); "
    + "cuda.cuMemHostRegister_v2(p, 64, 0); }")]
    [InlineData("fixed (byte* p = given) fixed (byte* q = _array) { cuda.cuMemHostRegister_v2(q, 64, 0); "
    + "cuda.CopyAsync(1, {|NVG0019:p|}, 64); }")]
    public Task Registering_other_memory_or_too_late_does_not_help(string statements) => InMethod(statements);

    [Theory]
    [InlineData("cuda.CopyAsync(1, pointer, 64);")]
    [InlineData("cuda.CopyAsync(1, null, 0);")]
    [InlineData("void* p; cuda.cuMemHostAlloc(&p, 64, 0); cuda.CopyAsync(1, p, 64);")]
    [InlineData("void* p = NativeMemory.Alloc(64); User.Register(p); cuda.CopyAsync(1, p, 64);")]
    [InlineData("void* p = NativeMemory.Alloc(64); _kept = p; cuda.CopyAsync(1, p, 64);")]
    [InlineData("var h = GCHandle.Alloc(given, GCHandleType.Pinned); "
    + "User.Register((void*)h.AddrOfPinnedObject()); cuda.CopyAsync(1, (void*)h.AddrOfPinnedObject(), 64);")]
    [InlineData("using var o = Buffer.Allocate(64); cuda.CopyAsync(1, o.Address, 64);")]
    [InlineData("Span<byte> s = given; fixed (byte* p = s) { cuda.CopyAsync(1, p, 64); }")]
    [InlineData("fixed (byte* p = _shared) { cuda.CopyAsync(1, p, 64); }")]
    [InlineData("fixed (byte* p = _registered) { cuda.CopyAsync(1, p, 64); }")]
    [InlineData("cuda.CopyAsync(1, cuda.Allocate(), 64);")]
    [InlineData("cuda.Copy(1, NativeMemory.Alloc(64), 64); ring.Copy(NativeMemory.Alloc(64));")]
    public Task What_may_be_page_locked_elsewhere_is_left_alone(string statements) => InMethod(statements);

    [Fact]
    public Task A_type_that_registers_an_array_of_its_own_is_left_alone() =>
        RuleTest.Program<PageLockedCopies>("""
        unsafe class Staging
        {
            private readonly byte[] _array = System.GC.AllocateArray<byte>(64, pinned: true);
            public delegate* unmanaged<void*, nuint, uint, int> cuMemHostRegister_v2;
            Staging() { fixed (byte* p = _array) { cuMemHostRegister_v2(p, 64, 0); } }
            void Upload() { fixed (byte* p = _array) { CopyAsync(p); } }
            static void CopyAsync([NvmeGpu.Contracts.PageLocked] void* from) { }
        }
        """);

    private static Task InMethod(string statements) => RuleTest.Program<PageLockedCopies>($$"""
        using System;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;
        using NvmeGpu.Contracts;

        unsafe class Program
        {
            private readonly byte[] _array = new byte[64];
            private readonly byte[] _registered = new byte[64];
            internal byte[] _shared = new byte[64];
            private void* _kept;

            Program() => User.Pin(_registered);

            void Run(Cuda cuda, Ring ring, bool flag, int n, byte[] given, byte* pointer)
            {
                {{statements}}
            }
        }

        sealed unsafe class Cuda
        {
            public delegate* unmanaged<void*, nuint, uint, int> cuMemHostRegister_v2;
            public delegate* unmanaged<void**, nuint, uint, int> cuMemHostAlloc;
            public void CopyAsync(ulong to, [KernelRetains(Until.Event)] [PageLocked] void* from, nuint length) { }
            public void Copy(ulong to, void* from, nuint length) { }
            [return: PageLocked] public void* Allocate() => null;
        }

        static unsafe class Own
        {
            public static void* Same(void* p) => p;
        }
        """);
}
