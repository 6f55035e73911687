using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class UnregisteredMemoryTests
{
    [Theory]
    [InlineData("NativeMemory.Alloc(4096)")]
    [InlineData("NativeMemory.AllocZeroed(4096)")]
    [InlineData("NativeMemory.AlignedAlloc(4096, 4096)")]
    [InlineData("(void*)Marshal.AllocHGlobal(4096)")]
    [InlineData("Unsafe.AsPointer(ref (new byte[4096])[0])")]
    [InlineData("Unsafe.AsPointer(ref GC.AllocateArray<byte>(4096, pinned: true)[0])")]
    [InlineData("&n")]
    [InlineData("(byte*)NativeMemory.Alloc(4096) + 512")]
    public Task Memory_made_on_the_spot_is_not_registered(string memory) =>
        RuleTest.Statements<UnregisteredMemory>(
        $"Ring.ReadFixed(out *sqe, 3, {{|NVG0006:{memory}|}}, 4096, 0, 0);");

    [Theory]
    [InlineData("void* p = NativeMemory.Alloc(4096);")]
    [InlineData("byte* p = stackalloc byte[4096];")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(4096); p[0] = 1; *p = 2; if (p == null) { return; }")]
    [InlineData("void* q = NativeMemory.Alloc(4096); byte* p = (byte*)q + 16; NativeMemory.Free(q);")]
    [InlineData("var b = GC.AllocateArray<byte>(64, pinned: true); b[0] = (byte)b.Length; void* p = "
    + "Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = new byte[64]; GCHandle h = GCHandle.Alloc(b, GCHandleType.Pinned); var p = "
    + "(void*)h.AddrOfPinnedObject(); h.Free();")]
    [InlineData("var b = new byte[64]; User.Look(b); void* p = Unsafe.AsPointer(ref b[0]);")]
    [InlineData("using var o = Buffer.Allocate(64); void* p = o.Address; o.Clear(0); "
    + "Console.WriteLine(o.LengthBytes);")]
    [InlineData("var o = Buffer.Allocate(64); void* p = (void*)o.DangerousGetHandle(); o.Dispose();")]
    public Task Memory_that_never_left_the_method_is_not_registered(string statements) =>
        RuleTest.Statements<UnregisteredMemory>(
            statements + "\nRing.ReadFixed(out *sqe, 3, {|NVG0006:p|}, 64, 0, 0);");

    [Theory]
    [InlineData("void* p = NativeMemory.Alloc(4096); User.Register(p);")]
    [InlineData("void* p = NativeMemory.Alloc(4096); var v = new iovec { iov_base = p };")]
    [InlineData(
        "byte* q = (byte*)NativeMemory.Alloc(4096); byte* p = q; var v = new iovec { iov_base = q + 1 };")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(4096); byte* q = &p[1]; User.Register(q);")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(4096); User.Register(p + 1);")]
    [InlineData("byte* p = stackalloc byte[4096]; var s = new Span<byte>(p, 4096);")]
    [InlineData("var b = GC.AllocateArray<byte>(64, pinned: true); User.Pin(b); void* p = "
    + "Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = GC.AllocateArray<byte>(64, pinned: true); ref byte r = ref b[0]; "
    + "User.Register(Unsafe.AsPointer(ref r)); void* p = Unsafe.AsPointer(ref b[0]);")]
    [InlineData("var b = new byte[64]; GCHandle h = GCHandle.Alloc(b, GCHandleType.Pinned); "
    + "User.Register((void*)h.AddrOfPinnedObject()); var p = (void*)h.AddrOfPinnedObject();")]
    [InlineData("var o = Buffer.Allocate(64); ring.Register(o); void* p = o.Address;")]
    [InlineData("var o = Buffer.Allocate(64); void* p = o.Address; User.Register(o.Address);")]
    [InlineData("var o = Buffer.AllocateFor(ring, 64); void* p = o.Address;")]
    [InlineData("var o = Buffer.Allocate(64); Action later = () => ring.Register(o); void* p = o.Address;")]
    [InlineData("void* p = NativeMemory.Alloc(4096); if (flag) { p = null; }")]
    [InlineData("fixed (byte* q = given) { } void* p = Unsafe.AsPointer(ref given[0]);")]
    public Task Memory_that_somebody_may_have_registered_is_left_alone(string statements) =>
        RuleTest.Statements<UnregisteredMemory>(statements + "\nRing.ReadFixed(out *sqe, 3, p, 64, 0, 0);");

    [Theory]
    [InlineData("var m = ring.Register(Buffer.Allocate(1)); var r = m.Region(0, 64);")]
    [InlineData("RegisteredRegion r = default;")]
    [InlineData("var whole = ring.Register(Buffer.Allocate(1)).Region(0, 4096); var r = whole.Slice(0, 64);")]
    [InlineData("var r = flag ? default(RegisteredRegion) : new RegisteredRegion { LengthBytes = 1 };")]
    public Task A_region_s_own_address_index_and_length_are_right(string statements) =>
        RuleTest.Statements<UnregisteredMemory>(
            statements + "\nRing.ReadFixed(out *sqe, 3, r.Address, (uint)r.LengthBytes, 0, r.BufferIndex);");

    [Theory]
    [InlineData("a.Address", "b.BufferIndex")]
    [InlineData("a.Address + 512", "b.BufferIndex")]
    [InlineData("(void*)(nuint)a.Address", "(ushort)(int)b.BufferIndex")]
    public Task The_index_of_another_registration_is_wrong(string address, string index) =>
        RuleTest.Statements<UnregisteredMemory>($$"""
            Buffer one = Buffer.Allocate(4096), two = Buffer.Allocate(4096);
            RegisteredMemory first = ring.Register(one), second = ring.Register(two);
            RegisteredRegion a = first.Region(0, 64), b = second.Region(0, 64);
            Ring.ReadFixed(out *sqe, 3, {{address}}, 64, 0, {|NVG0006:{{index}}|});
            """);

    [Fact]
    public Task The_index_of_another_region_is_followed_through_locals() =>
        RuleTest.Program<UnregisteredMemory>("""
            unsafe class Program
            {
                void Copy(RegisteredRegion source, RegisteredRegion target, out io_uring_sqe sqe)
                {
                    byte* address = source.Address;
                    ushort index = target.BufferIndex;
                    Ring.ReadFixed(out sqe, 3, address, 64, 0, {|NVG0006:index|});
                    Ring.ReadFixed(out sqe, 3, address, 64, 0, bufferIndex: {|NVG0006:target.BufferIndex|});
                    Ring.ReadFixed(out sqe, 3, address, 64, 0, source.BufferIndex);
                }
            }
            """);

    [Theory]
    [InlineData("var m = ring.Register(Buffer.Allocate(1)); RegisteredRegion a = m.Region(0, 64), b = "
    + "m.Region(64, 64);")]
    [InlineData("var a = ring.Register(Buffer.Allocate(1)).Region(0, 4096); var b = a.Slice(0, 64);")]
    [InlineData("var a = default(RegisteredRegion); var b = a;")]
    [InlineData("var list = new RegisteredRegion[2]; var a = list[0]; var b = list[n];")]
    [InlineData("RegisteredRegion a = default, b = default; if (flag) { b = a; }")]
    public Task Regions_that_may_share_an_index_are_left_alone(string statements) =>
        RuleTest.Statements<UnregisteredMemory>(
            statements + "\nRing.ReadFixed(out *sqe, 3, a.Address, 64, 0, b.BufferIndex);");

    [Theory]
    [InlineData("var r = ring.Register(Buffer.Allocate(1)).Region(0, 4096);", "8192")]
    [InlineData(
        "var r = ring.Register(Buffer.Allocate(1)).Region(lengthBytes: 4096, offsetBytes: 0);", "4097u")]
    [InlineData("var r = ring.Register(Buffer.Allocate(1)).Region(0, 8192).Slice(0, 4096);", "8192")]
    [InlineData("var r = new RegisteredRegion { LengthBytes = 4096 };", "8192")]
    [InlineData("const int Slot = 4096; const uint Two = 2 * Slot; var r = "
    + "ring.Register(Buffer.Allocate(1)).Region(0, Slot);", "Two")]
    public Task A_constant_length_beyond_the_region_is_wrong(string statements, string length) =>
        RuleTest.Statements<UnregisteredMemory>(
            statements
                + $"\nRing.ReadFixed(out *sqe, 3, r.Address, {{|NVG0006:{length}|}}, 0, r.BufferIndex);");

    [Theory]
    [InlineData("var r = ring.Register(Buffer.Allocate(1)).Region(0, 4096);", "4096")]
    [InlineData("var r = ring.Register(Buffer.Allocate(1)).Region(0, 4096);", "(uint)n")]
    [InlineData("var r = ring.Register(Buffer.Allocate(1)).Region(0, n);", "8192")]
    [InlineData("var r = ring.Register(Buffer.Allocate(1)).Region(0, 64); r = "
    + "ring.Register(Buffer.Allocate(1)).Region(0, 8192);", "8192")]
    [InlineData("RegisteredRegion r = default; r.LengthBytes = 8192;", "8192")]
    public Task A_length_that_may_fit_is_left_alone(string statements, string length) =>
        RuleTest.Statements<UnregisteredMemory>(
            statements + $"\nRing.ReadFixed(out *sqe, 3, r.Address, {length}, 0, r.BufferIndex);");

    [Theory]
    [InlineData(
        "_ = new FixedRead { addr = {|NVG0006:(ulong)NativeMemory.Alloc(64)|}, len = 64, buf_index = 0 };")]
    [InlineData("FixedRead f; f.addr = {|NVG0006:(ulong)NativeMemory.Alloc(64)|};")]
    [InlineData("var r = new RegisteredRegion { LengthBytes = 64 }; _ = new FixedRead { addr = "
    + "(ulong)r.Address, len = {|NVG0006:65|} };")]
    [InlineData("var r = new RegisteredRegion { LengthBytes = 64 }; _ = new FixedRead { addr = "
    + "(ulong)r.Address, len = 64, buf_index = r.BufferIndex };")]
    [InlineData("Ring.ReadFixed(out *sqe, 3, flag ? {|NVG0006:NativeMemory.Alloc(1)|} : sqe, 64, 0, 0);")]
    public Task Fields_and_branches_are_checked_as_arguments_are(string statements) =>
        RuleTest.Statements<UnregisteredMemory>(statements);

    [Theory]
    [InlineData("ring.Read(NativeMemory.Alloc(64), 64);")]
    [InlineData("ring.Peek(NativeMemory.Alloc(64));")]
    [InlineData("Ring.ReadFixed(out *sqe, 3, sqe, 64, 0, 0);")]
    [InlineData("Ring.ReadFixed(out *sqe, 3, null, 0, 0, 0);")]
    public Task Unknown_memory_and_operations_without_the_contract_are_left_alone(string statements) =>
        RuleTest.Statements<UnregisteredMemory>(statements);

    [Fact]
    public Task A_forwarded_parameter_with_the_contract_is_registered() =>
        RuleTest.Program<UnregisteredMemory>("""
        using NvmeGpu.Contracts;

        unsafe class Program
        {
            void Read([Registered(Index = nameof(index))] void* address, ushort index, out io_uring_sqe sqe) =>
                Ring.ReadFixed(out sqe, 3, address, 64, 0, index);
        }
        """);

    [Fact]
    public Task The_messages_name_the_memory_the_regions_and_the_lengths() =>
        RuleTest.Messages<UnregisteredMemory>(
        """
        var b = ring.Register(Buffer.Allocate(1)).Region(0, 4096);
        Ring.ReadFixed(out *sqe, 3, NativeMemory.Alloc(64), 64, 0, 0);
        Ring.ReadFixed(out *sqe, 3, b.Address, 8192, 0, b.BufferIndex);
        Buffer one = Buffer.Allocate(4096), two = Buffer.Allocate(4096);
        RegisteredRegion c = ring.Register(one).Region(0, 64), d = ring.Register(two).Region(0, 64);
        Ring.ReadFixed(out *sqe, 3, c.Address, 64, 0, d.BufferIndex);
        """,
        "'address' needs memory from the ring's buffer table, but memory from NativeMemory.Alloc is "
            + "registered with no ring, so the kernel refuses the operation or uses whatever buffer has "
            + "that index: register the memory and pass the region's own address",
        "The operation asks for 8192 bytes, but the region 'b' has 4096, so the kernel would write over "
            + "what lies behind it: ask for no more than the region's length",
        "'bufferIndex' is the index of 'd', but the address is that of 'c', so the kernel refuses the "
            + "operation or uses the wrong buffer: take the address and the index from the same region");
}
