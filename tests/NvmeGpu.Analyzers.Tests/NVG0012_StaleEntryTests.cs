using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class StaleEntryTests
{
    private const string Get = "io_uring_sqe* sqe = io_uring_get_sqe(ring);\n";

    private const string Wait =
        "io_uring_cqe* cqe; if (io_uring_wait_cqe(ring, &cqe) != 0) { return -1; } ulong which = "
        + "cqe->user_data;\n";

    [Theory]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); {|NVG0012:sqe->user_data|} = 1;")]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); {|NVG0012:sqe->flags|} |= 4;")]
    [InlineData(
        "io_uring_prep_nop(sqe); io_uring_submit_and_wait(ring, 1); {|NVG0012:io_uring_prep_nop(sqe)|};")]
    [InlineData("io_uring_prep_nop(sqe); if (io_uring_submit(ring) < 0) { return -1; } "
    + "{|NVG0012:io_uring_sqe_set_data64(sqe, 1)|};")]
    [InlineData("io_uring_prep_nop(sqe); int taken = io_uring_submit(ring); "
    + "{|NVG0012:io_uring_sqe_set_flags(sqe, 1)|}; return taken;")]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); {|NVG0012:*sqe|} = default;")]
    [InlineData("io_uring_sqe* first = sqe; io_uring_prep_nop(sqe); io_uring_submit(ring); sqe = "
    + "io_uring_get_sqe(ring); {|NVG0012:first->off|} = 1;")]
    [InlineData("if (flag) { io_uring_prep_nop(sqe); io_uring_submit(ring); } else { io_uring_submit(ring); "
    + "} {|NVG0012:sqe->off|} = 1;")]
    [InlineData("try { io_uring_prep_nop(sqe); io_uring_submit(ring); } finally { Console.WriteLine(); } "
    + "{|NVG0012:sqe->off|} = 1;")]
    public Task An_entry_is_written_after_its_ring_was_submitted(string statements) =>
        RingPrograms.Statements<StaleEntry>(Get + statements);

    [Theory]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe);")]
    [InlineData("for (int i = 0; i < n; i++) { io_uring_prep_nop(sqe); io_uring_submit(ring); sqe = "
    + "io_uring_get_sqe(ring); }")]
    [InlineData("for (int i = 0; i < n; i++) { io_uring_sqe* next = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(next); next->user_data = 1; io_uring_submit(ring); }")]
    [InlineData("while (sqe == null) { io_uring_submit(ring); sqe = io_uring_get_sqe(ring); } "
    + "io_uring_prep_nop(sqe);")]
    [InlineData(
        "if (sqe == null) { io_uring_submit(ring); sqe = io_uring_get_sqe(ring); } io_uring_prep_nop(sqe);")]
    [InlineData("io_uring_sqe* next; while ((next = io_uring_get_sqe(ring)) == null) { "
    + "io_uring_submit(ring); } io_uring_prep_nop(next); next->flags = 1;")]
    [InlineData("io_uring_submit(User.Other()); io_uring_prep_nop(sqe);")]
    [InlineData("io_uring other; io_uring_submit(&other); io_uring_prep_nop(sqe);")]
    [InlineData("io_uring_prep_nop(sqe); int taken = io_uring_submit(ring); if (taken < 1) { "
    + "io_uring_prep_nop(sqe); }")]
    [InlineData("io_uring_prep_nop(sqe); if (io_uring_submit(ring) <= 0) { sqe->user_data = 0; }")]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); byte opcode = sqe->opcode; return opcode;")]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); User.Take(ref sqe); sqe->off = 1;")]
    [InlineData("void Send() => io_uring_submit(ring); io_uring_prep_nop(sqe); Send(); sqe->off = 1;")]
    [InlineData("io_uring_prep_nop(sqe); if (flag) { io_uring_submit(ring); return 1; } sqe->off = 1;")]
    [InlineData("io_uring_sqe own = default; io_uring_submit(ring); own.off = 1; io_uring_sqe* mine = &own; "
    + "mine->off = 2;")]
    public Task An_entry_that_is_ours_may_be_written(string statements) =>
        RingPrograms.Statements<StaleEntry>(Get + statements);

    [Theory]
    [InlineData(
        "io_uring_prep_nop(sqe); if (flag) { io_uring_submit(ring); } sqe->off = 1;", "Info: sqe->off")]
    [InlineData("for (int i = 0; i < n; i++) { io_uring_prep_nop(sqe); io_uring_submit(ring); }",
        "Info: io_uring_prep_nop(sqe)")]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); sqe->off = 1;", "Warning: sqe->off")]
    public Task A_write_that_is_late_on_some_paths_only_is_said_one_step_lower(
        string statements, string said) =>
        RingPrograms.Said<StaleEntry>(Get + statements, said);

    [Theory]
    [InlineData(Get + "{|NVG0012:sqe->opcode|} = 22; sqe->fd = fd;")]
    [InlineData(Get + "sqe->fd = fd; sqe->user_data = 1; {|NVG0012:sqe->opcode|} = 22;")]
    [InlineData(Get + "{|NVG0012:sqe->opcode|} = (byte)(flag ? 22 : 23);")]
    [InlineData(Get + "if (sqe == null) { return -1; } {|NVG0012:sqe->opcode|} = 22; io_uring_submit(ring);")]
    [InlineData(Get + "io_uring_sqe_set_data64(sqe, 1); {|NVG0012:sqe->opcode|} = 22;")]
    [InlineData("for (int i = 0; i < n; i++) { io_uring_sqe* next = io_uring_get_sqe(ring); "
    + "{|NVG0012:next->opcode|} = 0; }")]
    [InlineData("void Fill() { " + Get + "{|NVG0012:sqe->opcode|} = 22; } Fill();")]
    public Task An_opcode_is_written_into_an_entry_that_was_not_cleared(string statements) =>
        RingPrograms.Statements<StaleEntry>(statements);

    [Theory]
    [InlineData("*sqe = default; sqe->opcode = 22;")]
    [InlineData("*sqe = new io_uring_sqe { opcode = 22, fd = fd }; sqe->opcode = 23;")]
    [InlineData("Unsafe.InitBlock(sqe, 0, 64); sqe->opcode = 22;")]
    [InlineData("NativeMemory.Clear(sqe, 64); sqe->opcode = 22;")]
    [InlineData("new Span<byte>(sqe, 64).Clear(); sqe->opcode = 22;")]
    [InlineData("io_uring_prep_rw(22, sqe, fd, buffer, 64, 0); sqe->opcode = 46;")]
    [InlineData("User.Fill(sqe); sqe->opcode = 22;")]
    [InlineData("if (flag) { *sqe = default; } sqe->opcode = 22;")]
    [InlineData("sqe->fd = fd; sqe->off = 0;")]
    [InlineData("sqe->opcode = 22; sqe->flags = 0; sqe->ioprio = 0; sqe->fd = fd; sqe->off = 0; sqe->addr = "
    + "0; sqe->len = 0; sqe->rw_flags = 0; sqe->user_data = 1; sqe->buf_index = 0; sqe->personality = 0; "
    + "sqe->splice_fd_in = 0; sqe->addr3 = 0; sqe->__pad2 = 0;")]
    [InlineData("int opcode = flag ? sqe->opcode : 0; return opcode;")]
    [InlineData("*sqe = flag ? default : new io_uring_sqe { fd = fd }; sqe->opcode = 22;")]
    [InlineData("io_uring_sqe own; own = *sqe; own.opcode = 22; *sqe = own;")]
    public Task An_entry_that_was_cleared_or_is_written_whole_is_fine(string statements) =>
        RingPrograms.Statements<StaleEntry>(Get + statements);

    [Theory]
    [InlineData(Get
        + "io_uring_prep_nop(sqe); sqe->user_data = 1; sqe = io_uring_get_sqe(ring); "
        + "{|NVG0012:io_uring_prep_nop(sqe)|}; io_uring_submit(ring); " + Wait + "return (int)which;")]
    [InlineData(Get
        + "io_uring_sqe* other = io_uring_get_sqe(ring); {|NVG0012:io_uring_prep_fsync(sqe, fd, 0)|}; "
        + "io_uring_prep_nop(other); io_uring_sqe_set_data64(other, 1); io_uring_submit(ring); " + Wait
        + "return (int)which;")]
    public Task An_entry_without_user_data_is_prepared_beside_one_that_has_it(string statements) =>
        RingPrograms.Statements<StaleEntry>(statements);

    [Theory]
    [InlineData("io_uring_prep_nop(sqe); io_uring_submit(ring); " + Wait)]
    [InlineData("io_uring_prep_nop(sqe); sqe->user_data = 1; sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe); io_uring_submit(ring);")]
    [InlineData("sqe->user_data = 2; io_uring_prep_nop(sqe); sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe); sqe->user_data = 1; io_uring_submit(ring); " + Wait)]
    [InlineData("io_uring_prep_nop(sqe); sqe->user_data = flag ? 1ul : 2; sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe); sqe->user_data = 1; io_uring_submit(ring); " + Wait)]
    [InlineData("io_uring_prep_nop(sqe); if (flag) { sqe->user_data = 2; } sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe); sqe->user_data = 1; io_uring_submit(ring); " + Wait)]
    [InlineData("*sqe = default; io_uring_prep_nop(sqe); sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe); sqe->user_data = 1; io_uring_submit(ring); " + Wait)]
    [InlineData("io_uring_prep_nop(sqe); User.Fill(sqe); sqe = io_uring_get_sqe(ring); "
    + "io_uring_prep_nop(sqe); sqe->user_data = 1; io_uring_submit(ring); " + Wait)]
    [InlineData("io_uring_prep_nop(sqe); io_uring_sqe_set_flags(sqe, IOSQE_CQE_SKIP_SUCCESS); sqe = "
    + "io_uring_get_sqe(ring); io_uring_prep_nop(sqe); sqe->user_data = 1; io_uring_submit(ring); " + Wait)]
    [InlineData("for (int i = 0; i < n; i++) { sqe = io_uring_get_sqe(ring); io_uring_prep_nop(sqe); "
    + "io_uring_sqe_set_data64(sqe, (ulong)i); } io_uring_submit(ring); " + Wait)]
    public Task An_entry_whose_user_data_is_set_or_does_not_matter_is_fine(string statements) =>
        RingPrograms.Statements<StaleEntry>(Get + statements);
}
