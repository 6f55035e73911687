using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class FreedBeforeRingTests
{
    private const string Registered =
        "byte* block = (byte*)NativeMemory.Alloc(4096); iovec piece = new() { iov_base = block, iov_len = "
        + "4096 }; "
        + "int error = io_uring_register_buffers(givenRing, &piece, 1); ";

    [Theory]
    [InlineData("{|NVG0018:NativeMemory.Free(block)|}; io_uring_queue_exit(givenRing);")]
    [InlineData("{|NVG0018:NativeMemory.Free(block)|}; n = io_uring_unregister_buffers(givenRing);")]
    [InlineData("io_uring_cqe* c; io_uring_wait_cqe(givenRing, &c); {|NVG0018:NativeMemory.Free(block)|}; "
    + "io_uring_queue_exit(givenRing);")]
    [InlineData(
        "try { n++; } finally { {|NVG0018:NativeMemory.Free(block)|}; io_uring_queue_exit(givenRing); }")]
    [InlineData("try { {|NVG0018:NativeMemory.Free(block)|}; } finally { io_uring_queue_exit(givenRing); }")]
    [InlineData("if (flag) { {|NVG0018:NativeMemory.Free(block)|}; } io_uring_queue_exit(givenRing);")]
    [InlineData("if ({|NVG0018:munmap(block, 4096)|} == 0) { io_uring_queue_exit(givenRing); }")]
    [InlineData("byte* same = block; {|NVG0018:NativeMemory.Free(same)|}; "
    + "io_uring_unregister_buffers(givenRing); io_uring_queue_exit(givenRing);")]
    public Task Registered_memory_is_not_freed_before_its_ring_lets_go(string statements) =>
        RingPrelude.Statements<FreedBeforeRing>(Registered + statements);

    [Theory]
    [InlineData("iovec v; v.iov_base = block; v.iov_len = 1; io_uring_register_buffers(givenRing, &v, 1);")]
    [InlineData(
        "iovec* v = stackalloc iovec[2]; v[0].iov_base = block; io_uring_register_buffers(givenRing, v, 2);")]
    [InlineData(
        "iovec* v = stackalloc iovec[1]; v->iov_base = block; io_uring_register_buffers(givenRing, v, 1);")]
    [InlineData("iovec* v = stackalloc iovec[n]; for (int i = 0; i < n; i++) { v[i] = new iovec { iov_base = "
    + "block + i * 512 }; } io_uring_register_buffers(givenRing, v, 2);")]
    public Task Every_list_of_pieces_is_seen(string registration) => RingPrelude.Statements<FreedBeforeRing>(
        "byte* block = (byte*)NativeMemory.Alloc(4096); " + registration
        + " {|NVG0018:NativeMemory.Free(block)|}; io_uring_queue_exit(givenRing);");

    [Theory]
    [InlineData("byte* _block;", "_block", "{|NVG0018:NativeMemory.Free(_block)|};")]
    [InlineData("nint _block;", "(void*)_block", "{|NVG0018:Marshal.FreeHGlobal(_block)|};")]
    [InlineData("GCHandle _pin;", "(void*)_pin.AddrOfPinnedObject()", "{|NVG0018:_pin.Free()|};")]
    [InlineData("MemoryHandle _pin;", "_pin.Pointer", "{|NVG0018:_pin.Dispose()|};")]
    [InlineData("byte* _block;", "_block + 512", "if (_block != null) { {|NVG0018:munmap(_block, 1)|}; }")]
    [InlineData("byte* _block; byte* _other;", "_block",
        "{|NVG0018:NativeMemory.Free(_block)|}; NativeMemory.Free(_other);")]
    [InlineData("byte* _block;", "_block",
        "try { {|NVG0018:NativeMemory.Free(_block)|}; } finally { io_uring_queue_exit(_ring); }")]
    public Task A_class_does_not_free_before_it_closes_its_ring(
        string fields, string address, string release) =>
        RingPrelude.Members<FreedBeforeRing>(
            Class(fields, address, release + " io_uring_queue_exit(_ring);"));

    [Theory]
    [InlineData("byte* _block;", "_block", "io_uring_queue_exit(_ring); NativeMemory.Free(_block);")]
    [InlineData("byte* _block;", "_block",
        "io_uring_cqe* c; while (_count-- > 0) { io_uring_wait_cqe(_ring, &c); } NativeMemory.Free(_block); "
        + "io_uring_queue_exit(_ring);")]
    [InlineData("byte* _block; void Drain() { }", "_block",
        "Drain(); NativeMemory.Free(_block); io_uring_queue_exit(_ring);")]
    [InlineData("byte* _block; static void Drain(io_uring* r) { }", "_block",
        "Drain(_ring); NativeMemory.Free(_block); io_uring_queue_exit(_ring);")]
    [InlineData("byte* _block; byte* _other;", "_block",
        "NativeMemory.Free(_other); io_uring_queue_exit(_ring); NativeMemory.Free(_block);")]
    [InlineData("byte* _block; io_uring* _second;", "_block",
        "NativeMemory.Free(_block); io_uring_queue_exit(_second);")]
    [InlineData("byte* _block;", "_block", "NativeMemory.Free(_block);")]
    [InlineData("byte* _block;", "_block",
        "if (_count > 0) { io_uring_queue_exit(_ring); } NativeMemory.Free(_block);")]
    [InlineData("byte* _block;", "_block",
        "if (_count == 0) { NativeMemory.Free(_block); } else { io_uring_queue_exit(_ring); }")]
    [InlineData("Owner _owner = new();", "_owner.Address", "_owner.Dispose(); io_uring_queue_exit(_ring);")]
    [InlineData("public byte* _block;", "_block", "NativeMemory.Free(_block); io_uring_queue_exit(_ring);")]
    public Task A_class_that_closes_drains_or_waits_first_is_let_alone(
        string fields, string address, string dispose) =>
        RingPrelude.Members<FreedBeforeRing>(Class(fields, address, dispose));

    [Fact]
    public Task A_class_whose_reads_wait_for_themselves_may_free_in_any_order() =>
        RingPrelude.Members<FreedBeforeRing>("""
            unsafe class Reader : IDisposable
            {
                io_uring* _ring; byte* _block;
                public int Read(int fd)
                {
                    io_uring_cqe* cqe;
                    io_uring_prep_read(io_uring_get_sqe(_ring), fd, _block, 4096, 0);
                    io_uring_submit(_ring);
                    return io_uring_wait_cqe(_ring, &cqe);
                }
                public void Dispose() { NativeMemory.Free(_block); io_uring_queue_exit(_ring); }
            }
            """);

    [Fact]
    public Task A_class_that_registers_once_and_for_all_unregisters_first() =>
        RingPrelude.Members<FreedBeforeRing>("""
            unsafe class Pool : IDisposable
            {
                io_uring* _ring; byte* _block; iovec* _pieces;
                public void Fill() { _pieces[0].iov_base = _block; }
                public int Register() => io_uring_register_buffers(_ring, _pieces, 1);
                public void Dispose()
                {
                    io_uring_cqe* cqe;
                    io_uring_wait_cqe(_ring, &cqe);
                    {|NVG0018:NativeMemory.Free(_block)|};
                    io_uring_unregister_buffers(_ring);
                }
            }
            """);

    [Theory]
    [InlineData(
        "io_uring_unregister_buffers(givenRing); NativeMemory.Free(block); io_uring_queue_exit(givenRing);")]
    [InlineData("io_uring_queue_exit(givenRing); NativeMemory.Free(block);")]
    [InlineData("if (error < 0) { NativeMemory.Free(block); io_uring_queue_exit(givenRing); return error; } "
    + "io_uring_queue_exit(givenRing); NativeMemory.Free(block);")]
    [InlineData("if (error < 0) { goto free; } io_uring_unregister_buffers(givenRing); free: "
    + "NativeMemory.Free(block); io_uring_queue_exit(givenRing);")]
    [InlineData("try { if (error < 0) { return error; } } finally { io_uring_queue_exit(givenRing); "
    + "NativeMemory.Free(block); }")]
    [InlineData("byte* other = (byte*)NativeMemory.Alloc(1); NativeMemory.Free(other); "
    + "io_uring_queue_exit(givenRing); NativeMemory.Free(block);")]
    [InlineData("io_uring second; io_uring_queue_init(8, &second, 0); NativeMemory.Free(block); "
    + "io_uring_queue_exit(&second);")]
    [InlineData("Unregister(givenRing); NativeMemory.Free(block); io_uring_queue_exit(givenRing); static "
    + "void Unregister(io_uring* r) { }")]
    [InlineData("if (flag) { io_uring_queue_exit(givenRing); NativeMemory.Free(block); } else { "
    + "io_uring_unregister_buffers(givenRing); NativeMemory.Free(block); }")]
    [InlineData("NativeMemory.Free(block);")]
    public Task Registered_memory_that_is_freed_last_is_let_alone(string statements) =>
        RingPrelude.Statements<FreedBeforeRing>(Registered + statements);

    [Theory]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(1); io_uring_prep_read(given, fd, p, 1, 0); "
    + "io_uring_submit(givenRing); io_uring_cqe* c; io_uring_wait_cqe(givenRing, &c); NativeMemory.Free(p); "
    + "io_uring_queue_exit(givenRing);")]
    [InlineData("byte* p = (byte*)NativeMemory.Alloc(1); iovec v = new() { iov_base = p }; "
    + "io_uring_prep_readv(given, fd, &v, 1, 0); io_uring_cqe* c; io_uring_wait_cqe(givenRing, &c); "
    + "NativeMemory.Free(p); io_uring_queue_exit(givenRing);")]
    [InlineData("NativeMemory.Free(memory); io_uring_queue_exit(givenRing);")]
    [InlineData("using var b = Owner.Allocate(1); io_uring_prep_read(given, fd, b.Address, 1, 0); "
    + "io_uring_queue_exit(givenRing);")]
    [InlineData(
        "using var owned = IoUring.Create(new()); using var b = Owner.Allocate(1); owned.Register(b);")]
    public Task What_one_operation_has_is_another_rules(string statements) =>
        RingPrelude.Statements<FreedBeforeRing>(statements);

    private static string Class(string fields, string address, string dispose) => $$"""
        unsafe class Reader : IDisposable
        {
            io_uring* _ring;
            int _count;
            {{fields}}
            public int Begin(int fd)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(_ring);
                io_uring_prep_read(sqe, fd, {{address}}, 4096, 0);
                _count++;
                return io_uring_submit(_ring);
            }
            public void Dispose()
            {
                {{dispose}}
            }
        }
        """;
}
