using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class MovableMemoryTests
{
    [Theory]
    [InlineData("var b = new byte[4096]; sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};")]
    [InlineData("var b = new byte[4096]; sqe->addr = {|NVG0007:(ulong)(nint)Unsafe.AsPointer(ref b[n])|} ;")]
    [InlineData("var b = new byte[4096]; (*sqe).addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref b[0]) + 512|};")]
    [InlineData(
        "var b = new byte[4096]; sqe[1].addr = unchecked({|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|});")]
    [InlineData("byte[] b = [1, 2, 3]; sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};")]
    [InlineData("byte[] b = { 1, 2, 3 }; sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};")]
    [InlineData("io_uring_sqe s = default; var b = new byte[n]; s.addr = "
    + "{|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};")]
    public Task A_raw_submission_entry_may_not_point_into_an_array(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("var b = new byte[1]; var v = new iovec { iov_base = {|NVG0007:Unsafe.AsPointer(ref b[0])|}, "
    + "iov_len = 1 };")]
    [InlineData("var b = new byte[1]; iovec v = new() { iov_base = {|NVG0007:(byte*)Unsafe.AsPointer(ref "
    + "b[0]) + 8|} };")]
    [InlineData("var b = new byte[1]; var v = default(iovec) with { iov_base = "
    + "{|NVG0007:Unsafe.AsPointer(ref b[0])|} };")]
    [InlineData("var b = new byte[1]; var v = new iovec[] { new() { iov_base = "
    + "{|NVG0007:Unsafe.AsPointer(ref b[0])|} } };")]
    public Task An_initialiser_is_an_assignment(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("var b = new byte[1]; ring.Read({|NVG0007:Unsafe.AsPointer(ref b[0])|}, 1);")]
    [InlineData(
        "var b = new byte[1]; ring.Read(lengthBytes: 1, address: {|NVG0007:Unsafe.AsPointer(ref b[0])|});")]
    [InlineData("var b = new byte[1]; ring.ReadAt({|NVG0007:(nuint)Unsafe.AsPointer(ref b[0])|});")]
    [InlineData("var b = new byte[1]; ring.Copy({|NVG0007:Unsafe.AsPointer(ref b[0])|});")]
    [InlineData("var b = new byte[1]; ring.ReadSpan({|NVG0007:b|});")]
    [InlineData("var b = new byte[1]; ring.ReadSpan({|NVG0007:b.AsSpan(0, 1)|});")]
    [InlineData("var v = new iovec[2]; ring.ReadList({|NVG0007:(iovec*)Unsafe.AsPointer(ref v[0])|}, 2);")]
    [InlineData("var t = new timespec[1]; ring.Timeout(in {|NVG0007:t[0]|});")]
    [InlineData("var t = new timespec[1]; ring.Timeout({|NVG0007:t[0]|});")]
    public Task A_call_with_a_contract_may_not_be_given_movable_memory(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("MemoryMarshal.GetArrayDataReference(b)")]
    [InlineData("MemoryMarshal.GetReference(b.AsSpan())")]
    [InlineData("MemoryMarshal.GetReference<byte>(b)")]
    [InlineData("MemoryMarshal.GetReference(new Span<byte>(b, 0, 8))")]
    [InlineData("b.AsSpan()[3]")]
    [InlineData("b.AsSpan().Slice(1)[3]")]
    [InlineData("b.AsSpan()[2..][0]")]
    [InlineData("b.AsSpan().GetPinnableReference()")]
    [InlineData("Unsafe.As<byte, int>(ref b[0])")]
    [InlineData("Unsafe.Add(ref b[0], 16)")]
    [InlineData("Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(b), 16)")]
    [InlineData("MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, int>(b.AsSpan()))")]
    [InlineData("CollectionsMarshal.AsSpan(new List<byte>())[0]")]
    [InlineData("Unsafe.Unbox<int>((object)n)")]
    [InlineData("headerByte")]
    [InlineData("this.headerByte")]
    public Task Every_way_to_take_a_reference_without_pinning_is_seen(string location) =>
        RuleTest.Statements<MovableMemory>(
            $"var b = new byte[64]; ring.Read({{|NVG0007:Unsafe.AsPointer(ref {location})|}}, 1); "
            + "User.Look(b);");

    [Theory]
    [InlineData("new byte[n]")]
    [InlineData("GC.AllocateArray<byte>(n)")]
    [InlineData("GC.AllocateUninitializedArray<byte>(n, pinned: false)")]
    [InlineData("ArrayPool<byte>.Shared.Rent(n)")]
    [InlineData("new List<byte>().ToArray()")]
    [InlineData("System.Text.Encoding.UTF8.GetBytes(\"path\")")]
    [InlineData("flag ? new byte[1] : new byte[2]")]
    public Task Every_visible_allocation_of_a_movable_array_is_seen(string array) =>
        RuleTest.Statements<MovableMemory>(
            $"byte[] b = {array}; ring.Read({{|NVG0007:Unsafe.AsPointer(ref b[0])|}}, 1);");

    [Theory]
    [InlineData("ring.Read({|NVG0007:(void*)Marshal.UnsafeAddrOfPinnedArrayElement(b, 0)|}, 1);")]
    [InlineData("ring.Read({|NVG0007:(void*)GCHandle.Alloc(b).AddrOfPinnedObject()|}, 1);")]
    [InlineData(
        "ring.Read({|NVG0007:(void*)GCHandle.Alloc(b, GCHandleType.Weak).AddrOfPinnedObject()|}, 1);")]
    [InlineData("GCHandle h = GCHandle.Alloc(b); ring.Read({|NVG0007:(void*)h.AddrOfPinnedObject()|}, 1);")]
    [InlineData("GCHandle h = GCHandle.Alloc(b); ring.Read({|NVG0007:(void*)GCHandle.ToIntPtr(h)|}, 1);")]
    [InlineData("GCHandle h = GCHandle.Alloc(b); ring.Read({|NVG0007:(void*)(nint)h|}, 1);")]
    [InlineData(
        "GCHandle h = GCHandle.Alloc(b); ring.Read({|NVG0007:GCHandle.ToIntPtr(h).ToPointer()|}, 1);")]
    public Task A_handle_that_does_not_pin_is_no_pin(string statements) =>
        RuleTest.Statements<MovableMemory>("var b = new byte[8];\n" + statements);

    [Theory]
    [InlineData("sqe->user_data = (ulong)GCHandle.ToIntPtr(GCHandle.Alloc(given));")]
    [InlineData("sqe->user_data = (ulong)(nint)GCHandle.Alloc(given);")]
    [InlineData("sqe->user_data = {|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};")]
    public Task What_is_only_given_back_may_be_the_number_of_a_handle_but_no_movable_address(
        string statements) =>
        RuleTest.Statements<MovableMemory>("var b = new byte[8];\n" + statements);

    [Theory]
    [InlineData("byte* p = (byte*)Unsafe.AsPointer(ref b[0]); sqe->addr = {|NVG0007:(ulong)p|};")]
    [InlineData("void* p = Unsafe.AsPointer(ref b[0]); ulong a = (ulong)p; sqe->addr = {|NVG0007:a|};")]
    [InlineData("void* p; p = Unsafe.AsPointer(ref b[0]); sqe->addr = {|NVG0007:(ulong)p|};")]
    [InlineData("ref byte r = ref b[0]; r = 1; sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref r)|};")]
    [InlineData("Span<byte> s = b; sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref s[0])|};")]
    [InlineData("var c = b; c[0] = 1; sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref c[0])|};")]
    [InlineData("Action a = () => { iovec v; v.iov_base = {|NVG0007:Unsafe.AsPointer(ref b[0])|}; };")]
    [InlineData("var keep = new List<byte[]>(); keep.Add(b); sqe->addr = "
    + "{|NVG0007:(ulong)Unsafe.AsPointer(ref b[0])|};")]
    [InlineData("Random.Shared.NextBytes(b); User.Look(b); sqe->addr = {|NVG0007:(ulong)Unsafe.AsPointer(ref "
    + "b[0])|};")]
    public Task The_address_is_followed_through_locals(string statements) =>
        RuleTest.Statements<MovableMemory>("var b = new byte[8];\n" + statements);

    [Theory]
    [InlineData("ring.Read(flag ? {|NVG0007:Unsafe.AsPointer(ref b[0])|} : null, 1);")]
    [InlineData("ring.Read(flag ? NativeMemory.Alloc(8) : {|NVG0007:Unsafe.AsPointer(ref b[0])|}, 1);")]
    [InlineData("sqe->addr = (ulong)(n switch { 0 => {|NVG0007:Unsafe.AsPointer(ref b[0])|}, _ => null });")]
    public Task Of_a_conditional_value_the_wrong_branch_is_marked(string statements) =>
        RuleTest.Statements<MovableMemory>("var b = new byte[8];\n" + statements);

    [Theory]
    [InlineData("private readonly byte[] _b = new byte[64];", "")]
    [InlineData("private byte[] _b;", "_b = new byte[64];")]
    [InlineData("private byte[]? _b;", "_b ??= ArrayPool<byte>.Shared.Rent(64);")]
    [InlineData("private static readonly byte[] _b = new byte[64];", "")]
    public Task A_private_array_is_known_by_all_its_assignments(string field, string statement) =>
        RuleTest.Program<MovableMemory>(
            InClass(field, statement, "{|NVG0007:(ulong)Unsafe.AsPointer(ref _b[0])|}"));

    [Theory]
    [InlineData("private readonly byte[] _b = GC.AllocateArray<byte>(64, pinned: true);", "")]
    [InlineData("private byte[] _b = new byte[64];", "_b = GC.AllocateArray<byte>(64, pinned: true);")]
    [InlineData("private byte[] _b = new byte[64];", "GCHandle.Alloc(_b, GCHandleType.Pinned);")]
    [InlineData("private byte[] _b = new byte[64];", "GCHandle.Alloc(this._b, GCHandleType.Pinned);")]
    [InlineData("private byte[] _b = new byte[64];", "User.Pin(_b);")]
    [InlineData("private byte[] _b = new byte[64];", "Fill(out _b);")]
    [InlineData("internal byte[] _b = new byte[64];", "")]
    [InlineData("private byte[] _b;", "_b = Given();")]
    [InlineData("private byte[] _b = new byte[64];", "var alias = _b; User.Pin(alias);")]
    public Task A_private_array_that_may_be_pinned_somewhere_is_left_alone(string field, string statement) =>
        RuleTest.Program<MovableMemory>(InClass(field, statement, "(ulong)Unsafe.AsPointer(ref _b[0])"));

    [Theory]
    [InlineData(
        "var b = GC.AllocateArray<byte>(n, pinned: true); sqe->addr = (ulong)Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = GC.AllocateArray<byte>(pinned: true, length: n); sqe->addr = "
    + "(ulong)Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = GC.AllocateUninitializedArray<byte>(n, true); sqe->addr = "
    + "(ulong)Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = GC.AllocateArray<byte>(n, flag); sqe->addr = (ulong)Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = GC.AllocateArray<byte>(n, pinned: true); "
    + "ring.Read((void*)Marshal.UnsafeAddrOfPinnedArrayElement(b, 0), 1);")]
    [InlineData("var b = new byte[1]; GCHandle h = GCHandle.Alloc(b, GCHandleType.Pinned); "
    + "ring.Read((void*)h.AddrOfPinnedObject(), 1);")]
    [InlineData("var b = new byte[1]; GCHandle.Alloc(b, GCHandleType.Pinned); ring.Read(Unsafe.AsPointer(ref "
    + "b[0]), 1);")]
    [InlineData("var b = new byte[1]; GCHandle.Alloc(b, flag ? GCHandleType.Pinned : GCHandleType.Weak); "
    + "ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    [InlineData("var b = new byte[1]; using var h = new PinnedGCHandle<byte[]>(b); "
    + "ring.Read((void*)Marshal.UnsafeAddrOfPinnedArrayElement(b, 0), 1);")]
    [InlineData("var b = new byte[1]; using var h = new PinnedGCHandle<byte[]>(b); "
    + "ring.Read(h.GetAddressOfObjectData(), 1);")]
    [InlineData("var b = new byte[1]; object o = b; GCHandle.Alloc(o, GCHandleType.Pinned); "
    + "ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    [InlineData("var b = new byte[1]; using MemoryHandle h = b.AsMemory().Pin(); "
    + "ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    [InlineData("var b = new byte[1]; Memory<byte> m = b; using var h = m.Pin(); "
    + "ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    [InlineData("var b = new byte[1]; User.Pin(b); ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    public Task Pinned_arrays_are_left_alone(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("ring.Read(NativeMemory.Alloc(64), 1);")]
    [InlineData("ring.Read((void*)Marshal.AllocHGlobal(64), 1);")]
    [InlineData("var buffer = Buffer.Allocate(64); ring.Read((void*)buffer.DangerousGetHandle(), 1);")]
    [InlineData("var buffer = Buffer.Allocate(64); ring.Read(buffer.Address, 1);")]
    [InlineData("byte* p = stackalloc byte[64]; ring.Read(p, 1);")]
    [InlineData("Span<byte> s = stackalloc byte[64]; ring.Read(Unsafe.AsPointer(ref s[0]), 1);")]
    [InlineData("int local = 1; ring.Read(&local, 1);")]
    [InlineData("int local = 1; ring.Read(Unsafe.AsPointer(ref local), 1);")]
    [InlineData("timespec t = default; ring.Timeout(in t);")]
    [InlineData("ring.Read(sqe, 1);")]
    [InlineData("ring.Read(Unsafe.AsPointer(ref sqe->len), 1);")]
    [InlineData("ring.Read(null, 0); sqe->addr = 0;")]
    [InlineData("ring.Read(Unsafe.AsPointer(ref MemoryMarshal.GetReference(\"abc\"u8)), 1);")]
    public Task Memory_that_does_not_move_is_not_this_rule_s_business(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("fixed (byte* p = given) { ring.Read(p, 1); }")]
    [InlineData("var b = new byte[1]; fixed (byte* p = &b[0]) { sqe->addr = (ulong)p; }")]
    [InlineData(
        "var b = new byte[1]; fixed (byte* p = b) { sqe->addr = (ulong)Unsafe.AsPointer(ref b[0]); }")]
    [InlineData(
        "var b = new byte[1]; fixed (byte* p = &b[0]) { sqe->addr = (ulong)Unsafe.AsPointer(ref b[0]); }")]
    public Task What_a_fixed_statement_pins_is_left_to_the_rule_for_it(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("ring.Read(Unsafe.AsPointer(ref given[0]), 1);")]
    [InlineData("Span<byte> s = given; ring.Read(Unsafe.AsPointer(ref s[0]), 1);")]
    [InlineData("byte[] b = new byte[1]; if (flag) { b = given; } ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    [InlineData("void* p = NativeMemory.Alloc(1); if (flag) { p = Unsafe.AsPointer(ref (new byte[1])[0]); } "
    + "ring.Read(p, 1);")]
    [InlineData(
        "var m = new System.IO.MemoryStream(given).GetBuffer(); ring.Read(Unsafe.AsPointer(ref m[0]), 1);")]
    [InlineData("ring.Read((void*)new Wrapped((nuint)Unsafe.AsPointer(ref (new byte[1])[0])), 1);")]
    [InlineData("var w = (Wrapped)(nuint)Unsafe.AsPointer(ref (new byte[1])[0]); ring.Read((void*)w, 1);")]
    [InlineData("ring.Read((void*)(Wrapped)(nuint)Unsafe.AsPointer(ref (new byte[1])[0]), 1);")]
    [InlineData("var b = ArrayPool<byte>.Create().Rent(1); ring.Read(Unsafe.AsPointer(ref b[0]), 1);")]
    public Task What_is_not_certain_is_not_said(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Theory]
    [InlineData("var b = new byte[1]; ring.Peek(Unsafe.AsPointer(ref b[0]));")]
    [InlineData("var b = new byte[1]; sqe->len = (uint)Unsafe.AsPointer(ref b[0]);")]
    [InlineData("sqe->user_data = (ulong)GCHandle.ToIntPtr(GCHandle.Alloc(given));")]
    [InlineData("sqe->user_data = 7; sqe->user_data = (ulong)n;")]
    [InlineData("var b = new byte[1]; ulong a = (ulong)Unsafe.AsPointer(ref b[0]); Console.WriteLine(a);")]
    public Task Without_a_contract_nothing_is_said(string statements) =>
        RuleTest.Statements<MovableMemory>(statements);

    [Fact]
    public Task The_message_says_what_keeps_the_address_how_long_and_what_moves() =>
        RuleTest.Messages<MovableMemory>(
        "var list = new iovec[2]; ring.ReadList((iovec*)Unsafe.AsPointer(ref list[0]), 2);",
        "'list' keeps this address until the submission, but the garbage collector may move the array "
            + "'list', and the transfer would then go into other memory: use native or registered memory "
            + "(GpuMappedBuffer), or an array allocated with 'pinned: true'");

    private static string InClass(string field, string statement, string value) => $$"""
        #nullable disable warnings
        #nullable enable annotations
        using System;
        using System.Buffers;
        using System.Runtime.CompilerServices;
        using System.Runtime.InteropServices;

        unsafe class Session
        {
            {{field}}

            public void Start()
            {
                {{statement}}
            }

            public void Read(io_uring_sqe* sqe)
            {
                _b[0] = (byte)_b.Length;
                sqe->addr = {{value}};
            }

            static byte[] Given() => null!;
            static void Fill(out byte[] b) => b = Given();
        }
        """;
}
