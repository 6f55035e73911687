using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class IgnoredResultTests
{
    private const string ReadOne =
        "io_uring_prep_read(io_uring_get_sqe(ring), fd, buffer, 4096, 0); io_uring_submit(ring);\n";

    private const string WaitOne =
        "io_uring_cqe* cqe; if (io_uring_wait_cqe(ring, &cqe) != 0) { return -1; }\n";

    private const string OwnedRead = "ReadToken token = owned.Read(region, fd, 0); owned.Wait(1, default);\n";

    [Theory]
    [InlineData("io_uring_cqe* cqe; {|NVG0009:io_uring_wait_cqe(ring, &cqe)|}; return cqe->res;")]
    [InlineData("{|NVG0009:owned.Submit()|};")]
    [InlineData("int taken = {|NVG0009:owned.Submit()|};")]
    [InlineData("int taken = {|NVG0009:owned.Submit()|}; taken = owned.Submit(); return taken;")]
    [InlineData("{|NVG0009:io_uring_queue_init(8, ring, 0)|};")]
    [InlineData("owned.TryReap(out Completion done); int count = {|NVG0009:done.ByteCount|};")]
    [InlineData("try { {|NVG0009:owned.Submit()|}; } finally { owned.Dispose(); }")]
    public Task A_result_that_must_be_looked_at_is_not(string statements) =>
        RingPrograms.Statements<IgnoredResult>(statements);

    [Theory]
    [InlineData("_ = owned.Submit();")]
    [InlineData("int taken = owned.Submit(); if (taken < 1) { return -1; }")]
    [InlineData("return owned.Submit();")]
    [InlineData("int left = n; while (left > 0) { left -= owned.Submit(); }")]
    [InlineData(
        "int error; do { io_uring_cqe* cqe; error = io_uring_wait_cqe(ring, &cqe); } while (error == -4);")]
    [InlineData("int error; io_uring_cqe* cqe; while ((error = io_uring_peek_cqe(ring, &cqe)) == 0) { "
    + "io_uring_cqe_seen(ring, cqe); }")]
    [InlineData("int error = flag ? io_uring_queue_init(8, ring, 0) : 0; return error;")]
    [InlineData("User.ThrowIfFailed(io_uring_queue_init(8, ring, 0));")]
    [InlineData("Func<int> submit = () => owned.Submit(); Action throwing = () => owned.Submit(); submit(); "
    + "throwing();")]
    [InlineData("int error = 0; try { error = io_uring_queue_init(8, ring, 0); } finally { "
    + "Console.WriteLine(error); }")]
    [InlineData("int error = io_uring_queue_init(8, ring, 0); Console.WriteLine($\"{-error}\");")]
    [InlineData("owned.Wait(1, default); owned.Nop();")]
    public Task A_result_that_somebody_looks_at_is_fine(string statements) =>
        RingPrograms.Statements<IgnoredResult>(statements);

    [Theory]
    [InlineData(ReadOne
        + "io_uring_cqe* cqe; if ({|NVG0009:io_uring_wait_cqe(ring, &cqe)|} != 0) { return 1; } "
        + "io_uring_cqe_seen(ring, cqe);")]
    [InlineData(ReadOne
        + "io_uring_cqe* cqe; while ({|NVG0009:io_uring_peek_cqe(ring, &cqe)|} != 0) { } if (cqe->user_data "
        + "== 1) { io_uring_cqe_seen(ring, cqe); }")]
    [InlineData(OwnedRead + "if (!{|NVG0009:owned.TryReap(out Completion done)|}) { return 1; }")]
    [InlineData(
        OwnedRead + "if ({|NVG0009:owned.TryReap(out var done)|} && done.Token == token) { return 1; }")]
    public Task The_completion_of_a_transfer_is_taken_and_its_result_never_read(string statements) =>
        RingPrograms.Statements<IgnoredResult>(statements);

    [Theory]
    [InlineData(OwnedRead + "while (owned.TryReap(out Completion _)) { }")]
    [InlineData(OwnedRead + "owned.TryReap(out _);")]
    [InlineData(OwnedRead + "owned.TryReap(out Completion done); User.Handle(done);")]
    [InlineData(OwnedRead
        + "var all = new List<Completion>(); while (owned.TryReap(out Completion done)) { all.Add(done); }")]
    [InlineData(OwnedRead
        + "owned.TryReap(out Completion done); if (done.IsShort) { return 1; } if (owned.TryReap(out "
        + "Completion more)) { return 2; }")]
    [InlineData(ReadOne + WaitOne + "User.Handle(cqe);")]
    [InlineData(ReadOne
        + "try { User.Fill(null); } catch (Exception) { io_uring_cqe* cqe; if (io_uring_wait_cqe(ring, &cqe) "
        + "== 0) { io_uring_cqe_seen(ring, cqe); } throw; }")]
    [InlineData("if (owned.TryReap(out Completion done)) { return done.Token.Index; }")]
    [InlineData("io_uring_prep_nop(io_uring_get_sqe(ring)); io_uring_submit(ring); " + WaitOne
        + "io_uring_cqe_seen(ring, cqe);")]
    [InlineData("ulong one = 0; io_uring_prep_read(io_uring_get_sqe(ring), fd, &one, sizeof(ulong), 0); "
        + WaitOne + "io_uring_cqe_seen(ring, cqe);")]
    [InlineData(ReadOne
        + "var cqes = stackalloc io_uring_cqe*[8]; uint count = io_uring_peek_batch_cqe(ring, cqes, 8); for "
        + "(uint i = 0; i < count; i++) { User.Handle(cqes[i]); }")]
    public Task A_completion_that_is_passed_on_or_dropped_on_purpose_is_fine(string statements) =>
        RingPrograms.Statements<IgnoredResult>(statements);

    [Theory]
    [InlineData(ReadOne + WaitOne + "if ({|NVG0009:cqe->res|} < 0) { return -1; }")]
    [InlineData(ReadOne + WaitOne + "return {|NVG0009:cqe->res|} >= 0 ? 1 : 0;")]
    [InlineData(
        ReadOne + WaitOne + "if ({|NVG0009:cqe->res|} < 0) { throw new Exception($\"errno {-cqe->res}\"); }")]
    [InlineData(ReadOne + WaitOne + "if ({|NVG0009:cqe->res|} < 0) { User.Handle(1, cqe->res); }")]
    [InlineData(ReadOne + WaitOne
        + "int result = {|NVG0009:cqe->res|}; io_uring_cqe_seen(ring, cqe); if (result < 0) { return result; "
        + "}")]
    [InlineData(ReadOne + WaitOne
        + "int result = {|NVG0009:cqe->res|}; if (result is < 0) { throw new Exception(); }")]
    [InlineData(ReadOne
        + "int error; io_uring_cqe* cqe; error = io_uring_wait_cqe(ring, &cqe); if (error < 0) { return "
        + "error; } error = {|NVG0009:cqe->res|}; return error < 0 ? -1 : 0;")]
    [InlineData(ReadOne + WaitOne + "if (0 > {|NVG0009:cqe->res|}) { return -1; }")]
    [InlineData(OwnedRead
        + "owned.TryReap(out Completion done); if (!{|NVG0009:done.IsSuccess|}) { throw new "
        + "Exception($\"{done.Errno}\"); }")]
    [InlineData("io_uring_sqe* sqe = io_uring_get_sqe(ring); *sqe = default; sqe->opcode = "
    + "(byte)IORING_OP_READ; " + WaitOne + "if ({|NVG0009:cqe->res|} < 0) { return 1; }")]
    public Task A_transfer_that_may_be_short_is_only_tested_for_failure(string statements) =>
        RingPrograms.Statements<IgnoredResult>(statements);

    [Theory]
    [InlineData(ReadOne + WaitOne + "if (cqe->res != 4096) { return -1; }")]
    [InlineData(ReadOne + WaitOne + "if (cqe->res < 0) { return -1; } return cqe->res;")]
    [InlineData(ReadOne + WaitOne
        + "int count = cqe->res; if (count < 0) { return -1; } var data = new Span<byte>(buffer, count);")]
    [InlineData(ReadOne + WaitOne + "int count = cqe->res; if (count < 0) { return -1; } n += count;")]
    [InlineData("int done = 0; while (done < n) { " + ReadOne + WaitOne
        + "if (cqe->res <= 0) { break; } done += cqe->res; io_uring_cqe_seen(ring, cqe); }")]
    [InlineData(ReadOne + WaitOne + "User.Handle(cqe->user_data, cqe->res);")]
    [InlineData(ReadOne + "io_uring_prep_fsync(io_uring_get_sqe(ring), fd, 0); " + WaitOne
        + "if (cqe->res < 0) { return -1; }")]
    [InlineData(
        ReadOne + "User.Fill(io_uring_get_sqe(ring)); " + WaitOne + "if (cqe->res < 0) { return -1; }")]
    [InlineData("ulong one = 0; io_uring_prep_read(io_uring_get_sqe(ring), fd, &one, 8, 0); " + WaitOne
        + "if (cqe->res < 0) { return -1; }")]
    [InlineData(WaitOne + "if (cqe->res < 0) { return -1; }")]
    [InlineData(ReadOne + WaitOne + "if (cqe->res < 0) { return -1; } User.Handle(cqe);")]
    [InlineData(ReadOne + WaitOne + "Console.WriteLine(cqe->res < 0 ? \"failed\" : $\"{cqe->res} bytes\");")]
    [InlineData(OwnedRead
        + "owned.TryReap(out Completion done); if (!done.IsSuccess || done.ByteCount != 4096) { return 1; }")]
    [InlineData(
        OwnedRead + "owned.TryReap(out Completion done); if (!done.IsSuccess || done.IsShort) { return 1; }")]
    [InlineData(OwnedRead
        + "if (owned.TryReap(out Completion done) && done is { IsSuccess: true, ByteCount: 4096 }) { return "
        + "1; }")]
    [InlineData(OwnedRead
        + "owned.TryReap(out Completion done); if (!done.IsSuccess) { return 1; } User.Handle(done);")]
    [InlineData("_ = owned.Nop(); owned.TryReap(out Completion done); if (!done.IsSuccess) { return 1; }")]
    [InlineData("_ = owned.Nop();" + OwnedRead
        + "owned.TryReap(out Completion done); if (!done.IsSuccess) { return 1; }")]
    public Task A_transfer_whose_length_is_considered_is_fine(string statements) =>
        RingPrograms.Statements<IgnoredResult>(statements);

    [Fact]
    public Task A_completion_that_comes_from_the_caller_may_have_been_looked_at_there() =>
        RingPrograms.Members<IgnoredResult>("""
            void Next(IoUring ring, Region region, in Completion done)
            {
                if (!done.IsSuccess) { throw new Exception(); }
                _ = ring.Read(region, 3, 0);
                ring.TryReap(out Completion _);
            }
            """);
}
