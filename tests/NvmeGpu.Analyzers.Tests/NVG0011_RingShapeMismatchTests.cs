using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class RingShapeMismatchTests
{
    private const string Ring = "io_uring ring; ";
    private const string Use =
        " io_uring_sqe* sqe = io_uring_get_sqe(&ring); sqe->cmd_op = {|NVG0011:NVME_URING_CMD_IO|};";

    [Theory]
    [InlineData("0")]
    [InlineData("IORING_SETUP_CQE32")]
    [InlineData("IORING_SETUP_SQE128")]
    [InlineData("IORING_SETUP_SQE128 | IORING_SETUP_SQPOLL")]
    [InlineData("IORING_SETUP_SQE_MIXED")]
    [InlineData("flag ? IORING_SETUP_CQE32 : IORING_SETUP_IOPOLL")]
    [InlineData("(uint)n & IORING_SETUP_SQE128")]
    public Task Passthrough_needs_large_entries(string flags) =>
        RingPrelude.Statements<RingShapeMismatch>(Ring + $"io_uring_queue_init(8, &ring, {flags});" + Use);

    [Theory]
    [InlineData("io_uring_sqe* e = io_uring_get_sqe(&ring); (*e).cmd_op = {|NVG0011:NVME_URING_CMD_ADMIN|};")]
    [InlineData("io_uring_sqe* e; e = io_uring_get_sqe(&ring); e->cmd_op = flag ? "
    + "{|NVG0011:NVME_URING_CMD_IO|} : {|NVG0011:NVME_URING_CMD_ADMIN|};")]
    [InlineData("io_uring_sqe* e = io_uring_get_sqe(&ring); io_uring_prep_uring_cmd(e, "
    + "{|NVG0011:NVME_URING_CMD_IO|}, fd);")]
    [InlineData("io_uring_get_sqe(&ring)->cmd_op = {|NVG0011:NVME_URING_CMD_IO|};")]
    [InlineData("uint op = {|NVG0011:NVME_URING_CMD_IO|}; io_uring_sqe* e = io_uring_get_sqe(&ring); "
    + "e->cmd_op = op;")]
    [InlineData("io_uring* r = &ring; io_uring_sqe* e = io_uring_get_sqe(r); e->cmd_op = "
    + "{|NVG0011:NVME_URING_CMD_IO|};")]
    [InlineData("io_uring_sqe* e = Next(&ring); e->cmd_op = {|NVG0011:NVME_URING_CMD_IO|}; static "
    + "io_uring_sqe* Next(io_uring* r) => io_uring_get_sqe(r);")]
    [InlineData("for (int i = 0; i < n; i++) { var e = io_uring_get_sqe(&ring); if (e == null) { "
    + "io_uring_submit(&ring); e = io_uring_get_sqe(&ring); } e->cmd_op = {|NVG0011:NVME_URING_CMD_IO|}; }")]
    public Task Every_way_to_the_entry_is_seen(string use) =>
        RingPrelude.Statements<RingShapeMismatch>(
            Ring + "io_uring_queue_init(8, &ring, IORING_SETUP_CQE32); " + use);

    [Theory]
    [InlineData("io_uring_params p = default; p.flags = IORING_SETUP_CQE32; io_uring_queue_init_params(8, "
    + "&ring, &p);")]
    [InlineData("var p = new io_uring_params { flags = IORING_SETUP_SQE128, sq_thread_idle = 10 }; "
    + "io_uring_queue_init_params(8, &ring, &p);")]
    [InlineData("var p = new io_uring_params(); p.flags |= IORING_SETUP_CQE32; io_uring_queue_init_params(8, "
    + "&ring, &p);")]
    [InlineData("io_uring_params p = default; io_uring_queue_init_params(8, &ring, &p);")]
    [InlineData("uint flags = IORING_SETUP_SQPOLL; if (flag) { flags |= IORING_SETUP_SQE128; } "
    + "io_uring_queue_init(8, &ring, flags);")]
    [InlineData(
        "if (io_uring_queue_init(8, &ring, IORING_SETUP_CQE32) < 0) { io_uring_queue_init(8, &ring, 0); }")]
    [InlineData("io_uring_queue_init(8, &ring, 0); if (Prepare(&ring) < 0) { return -1; } static int "
    + "Prepare(io_uring* r) => 0;")]
    [InlineData("delegate*<uint, io_uring*, uint, int> other = null; io_uring_queue_init(8, &ring, 0);")]
    public Task Every_way_to_make_a_ring_is_seen(string making) =>
        RingPrelude.Statements<RingShapeMismatch>(Ring + making + Use);

    [Theory]
    [InlineData("var ring = IoUring.Create(new() { DepthMax = 8 }); {|NVG0011:ring.Passthrough()|};")]
    [InlineData("var ring = IoUring.Create(new() { UseBigEntries = false, AllowMixedEntries = true }); "
        + "{|NVG0011:ring.Passthrough()|};")]
    [InlineData("io_uring_queue_init(8, givenRing, 0); n = {|NVG0011:Polled(givenRing)|} ? 1 : 0; "
    + "[RequiresRing(RingShape.IoPoll)] static bool Polled(io_uring* r) => true;")]
    [InlineData("using var ring = IoUring.Create(default); _ = {|NVG0011:ring.Polled()|};")]
    public Task A_method_says_what_ring_it_needs(string statements) =>
        RingPrelude.Statements<RingShapeMismatch>(statements);

    [Theory]
    [InlineData("IORING_SETUP_SQE128 | IORING_SETUP_CQE32")]
    [InlineData("IORING_SETUP_SQE_MIXED | IORING_SETUP_CQE_MIXED")]
    [InlineData("IORING_SETUP_SQE128 | IORING_SETUP_CQE_MIXED | IORING_SETUP_IOPOLL")]
    [InlineData("(uint)n")]
    [InlineData("flag ? IORING_SETUP_SQE128 | IORING_SETUP_CQE32 : 0")]
    [InlineData("FlagsOf(n)")]
    public Task A_ring_that_has_or_may_have_large_entries_is_let_alone(string flags) =>
        Silent($"io_uring_queue_init(8, &ring, {flags});");

    [Theory]
    [InlineData("MakeRing(&ring);")]
    [InlineData("if (MakeRing(&ring) < 0) { io_uring_queue_init(8, &ring, 0); }")]
    [InlineData("if (io_uring_queue_init(8, &ring, 0) < 0) { MakeRing(&ring); }")]
    [InlineData("if (io_uring_queue_init(8, &ring, 0) < 0 && MakeRing(&ring) < 0) { return -1; }")]
    [InlineData("if (io_uring_queue_init(8, &ring, IORING_SETUP_SQE128 | IORING_SETUP_CQE32) < 0) { "
    + "io_uring_queue_init(8, &ring, 0); }")]
    [InlineData("uint flags = IORING_SETUP_CQE32; if (flag) { flags |= IORING_SETUP_SQE128; } "
    + "io_uring_queue_init(8, &ring, flags);")]
    [InlineData("io_uring_params p = default; Fill(&p); io_uring_queue_init_params(8, &ring, &p);")]
    [InlineData("io_uring_params p = default; p.flags |= IORING_SETUP_SQE128; p.flags |= IORING_SETUP_CQE32; "
    + "io_uring_queue_init_params(8, &ring, &p);")]
    [InlineData("io_uring_params p = Filled(); io_uring_queue_init_params(8, &ring, &p);")]
    [InlineData("var p = new io_uring_params { flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32 }; "
    + "io_uring_queue_init_params(8, &ring, &p);")]
    [InlineData("io_uring_params p; io_uring_params* q = &p; q->flags = (uint)n; "
    + "io_uring_queue_init_params(8, &ring, q);")]
    [InlineData("ring = Made();")]
    [InlineData("ring = Made(); io_uring_queue_init(8, &ring, 0);")]
    public Task A_making_that_is_not_visible_is_let_alone(string making) => Silent(making);

    [Theory]
    [InlineData("given->cmd_op = NVME_URING_CMD_IO;")]
    [InlineData("io_uring_get_sqe(givenRing)->cmd_op = NVME_URING_CMD_IO;")]
    [InlineData("io_uring_get_sqe(&ring)->cmd_op = SOCKET_URING_OP_SIOCINQ;")]
    [InlineData("io_uring second; io_uring_queue_init(8, &second, IORING_SETUP_SQE128 | IORING_SETUP_CQE32); "
    + "io_uring_get_sqe(&second)->cmd_op = NVME_URING_CMD_IO;")]
    [InlineData("io_uring second; io_uring_queue_init(8, &second, IORING_SETUP_SQE128 | IORING_SETUP_CQE32); "
    + "var e = flag ? io_uring_get_sqe(&ring) : io_uring_get_sqe(&second); e->cmd_op = NVME_URING_CMD_IO;")]
    [InlineData("if (n == NVME_URING_CMD_IO) { io_uring_submit(&ring); }")]
    [InlineData("Console.WriteLine(NVME_URING_CMD_IO);")]
    [InlineData("var e = new io_uring_sqe { cmd_op = NVME_URING_CMD_IO }; *given = e;")]
    [InlineData("var ring2 = IoUring.Create(new() { UseBigEntries = true }); ring2.Passthrough();")]
    [InlineData("var ring2 = IoUring.Create(new() { UseBigEntries = n > 3 }); ring2.Passthrough();")]
    [InlineData("var ring2 = IoUring.Create(new() { OptionOfALaterVersion = true }); ring2.Passthrough();")]
    [InlineData("static void Use(IoUring owned) { owned.Passthrough(); }")]
    public Task An_operation_on_another_ring_is_let_alone(string statements) =>
        RingPrelude.Statements<RingShapeMismatch>(Ring + "io_uring_queue_init(8, &ring, 0); " + statements);

    private static Task Silent(string making) => RingPrelude.Statements<RingShapeMismatch>(
        Ring + making + " io_uring_get_sqe(&ring)->cmd_op = NVME_URING_CMD_IO;"
        + """
         static int MakeRing(io_uring* ring) => 0;
         static io_uring Made() => default;
         static io_uring_params Filled() => default;
         static void Fill(io_uring_params* p) { }
         static uint FlagsOf(int n) => (uint)n;
         """);
}
