using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class OwnerLostTests
{
    [Theory]
    [InlineData("var b = Owner.Allocate(4096); given->addr = (ulong){|NVG0016:b.Address|};")]
    [InlineData("var b = new Owner(); given->addr = (ulong)({|NVG0016:b.Address|} + 512); "
    + "io_uring_submit(givenRing);")]
    [InlineData("var b = Owner.Allocate(4096); io_uring_prep_read(given, fd, {|NVG0016:b.Address|}, 4096, "
    + "0); io_uring_submit(givenRing);")]
    [InlineData("Owner b = Owner.Allocate(4096); byte* q = {|NVG0016:b.Address|}; io_uring_prep_read(given, "
    + "fd, q, 4096, 0); n += q[0];")]
    [InlineData("var b = Owner.Allocate(4096); nint a = (nint){|NVG0016:b.Address|}; "
    + "io_uring_prep_read(given, fd, (void*)a, 4096, 0);")]
    [InlineData(
        "var b = Owner.Allocate(4096); iovec v = new() { iov_base = {|NVG0016:b.Address|}, iov_len = 1 };")]
    [InlineData("var b = Owner.Allocate(4096); n = (int)b.LengthBytes; n += (int)write(fd, "
    + "{|NVG0016:b.Address|}, (nuint)n);")]
    [InlineData("var h = File.OpenHandle(\"x\"); fsync((int){|NVG0016:h.DangerousGetHandle()|});")]
    [InlineData(
        "var h = File.OpenHandle(\"x\"); int f = (int){|NVG0016:h.DangerousGetHandle()|}; return fsync(f);")]
    [InlineData(
        "var f = new Finalized(); io_uring_prep_read(given, fd, (void*){|NVG0016:f.Address|}, 1, 0);")]
    [InlineData("var f = new Finalized(); io_uring_prep_read(given, fd, {|NVG0016:f.GetPointer()|}, 1, 0);")]
    [InlineData("var b = Owner.Allocate(4096); if (b.IsInvalid) { return -1; } if (flag) { write(fd, "
    + "{|NVG0016:b.Address|}, 1); }")]
    [InlineData("var b = Owner.Allocate(4096); io_uring_prep_read(given, fd, {|NVG0016:b.Address|}, "
    + "(uint)b.LengthBytes, 0);")]
    [InlineData("var b = Owner.Allocate(4096); var v = new iovec { iov_base = {|NVG0016:b.Address|}, iov_len "
    + "= (nuint)b.LengthBytes };")]
    [InlineData("var b = Owner.Allocate(4096); byte* q = {|NVG0016:b.Address|}; write(fd, q, 1); write(fd, q "
    + "+ 1, 1);")]
    [InlineData(
        "var b = Owner.Allocate(4096); byte* q = {|NVG0016:b.Address|}; GC.KeepAlive(b); write(fd, q, 1);")]
    [InlineData("while (flag) { var b = Owner.Allocate(1); write(fd, {|NVG0016:b.Address|}, 1); }")]
    public Task An_owner_that_nobody_refers_to_any_more_may_be_finalized(string statements) =>
        RingPrelude.Statements<OwnerLost>(statements);

    [Theory]
    [InlineData("using var b = Owner.Allocate(4096); write(fd, b.Address, 1);")]
    [InlineData("using (var b = Owner.Allocate(4096)) { write(fd, b.Address, 1); }")]
    [InlineData("var b = Owner.Allocate(4096); write(fd, b.Address, 1); GC.KeepAlive(b);")]
    [InlineData("var b = Owner.Allocate(4096); write(fd, b.Address, 1); b.Dispose();")]
    [InlineData("var b = Owner.Allocate(4096); try { write(fd, b.Address, 1); } finally { b.Dispose(); }")]
    [InlineData("Owner? b = null; try { b = Owner.Allocate(4096); write(fd, b.Address, 1); } finally { "
    + "b?.Dispose(); }")]
    [InlineData("var b = Owner.Allocate(4096); for (int i = 0; i < n; i++) { write(fd, b.Address, 1); }")]
    [InlineData("var b = Owner.Allocate(4096); write(fd, b.Address, 1); n = b.Address[0];")]
    [InlineData(
        "var b = Owner.Allocate(4096); write(fd, b.Address, 1); if (flag) { n = (int)b.LengthBytes; }")]
    [InlineData("var b = Owner.Allocate(4096); var owned = IoUring.Create(new()); owned.Register(b); "
    + "given->addr = (ulong)b.Address;")]
    [InlineData(
        "var b = Owner.Allocate(4096); var list = new List<Owner> { b }; given->addr = (ulong)b.Address;")]
    [InlineData(
        "var b = Owner.Allocate(4096); Action later = () => b.Dispose(); given->addr = (ulong)b.Address;")]
    [InlineData("var b = Owner.Allocate(4096); s_kept = b; given->addr = (ulong)b.Address;")]
    [InlineData("var b = new Owner(new object()); given->addr = (ulong)b.Address;")]
    [InlineData("Owner b = Rent(); given->addr = (ulong)b.Address;")]
    [InlineData("given->addr = (ulong)s_kept.Address;")]
    [InlineData("var f = new NotFinalized(); io_uring_prep_read(given, fd, (void*)f.Address, 1, 0);")]
    [InlineData("var b = Owner.Allocate(4096); byte* q = b.Address; q[0] = 1;")]
    [InlineData("var b = Owner.Allocate(4096); munlock(b.Address, 1);")]
    [InlineData("var h = File.OpenHandle(\"x\"); io_uring_prep_read(given, (int)h.DangerousGetHandle(), "
    + "memory, 1, 0);")]
    [InlineData("bool added = false; var h = File.OpenHandle(\"x\"); h.DangerousAddRef(ref added); "
    + "fsync((int)h.DangerousGetHandle()); h.DangerousRelease();")]
    [InlineData("var b = Owner.Allocate(4096); io_uring_prep_read(given, fd, b.Address, 1, 0); "
    + "io_uring_submit(givenRing); ReadOnlySpan<byte> s = new(b.Address, 4);")]
    [InlineData("var b = flag ? s_kept : Owner.Allocate(1); write(fd, b.Address, 1);")]
    public Task An_owner_that_is_kept_is_let_alone(string statements) => RingPrelude.Members<OwnerLost>($$"""
        static Owner s_kept = null!;
        static Owner Rent() => s_kept;
        unsafe int Run(io_uring_sqe* given, io_uring* givenRing, int fd, byte* memory, int n, bool flag)
        {
            {{statements}}
            return 0;
        }
        """);

    [Fact]
    public Task Owners_of_somebody_else_are_let_alone() => RingPrelude.Members<OwnerLost>("""
        readonly Owner _field = Owner.Allocate(1);
        Owner Property { get; } = Owner.Allocate(1);
        unsafe void Parameter(Owner b, int fd) { write(fd, b.Address, 1); }
        unsafe void Field(int fd) { write(fd, _field.Address, 1); write(fd, Property.Address, 1); }
        unsafe Owner Returned(io_uring_sqe* sqe) { var b = Owner.Allocate(1); sqe->addr = (ulong)b.Address; return b; }
        unsafe void Out(io_uring_sqe* sqe, out Owner b) { b = Owner.Allocate(1); sqe->addr = (ulong)b.Address; }
        unsafe void Array(io_uring_sqe* sqe, Owner[] all)
        {
            for (int i = 0; i < all.Length; i++) { all[i] = Owner.Allocate(1); sqe->addr = (ulong)all[i].Address; }
        }
        """);
}
