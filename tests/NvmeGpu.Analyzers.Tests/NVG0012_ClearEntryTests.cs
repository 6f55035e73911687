using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using NvmeGpu.CodeFixes;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class ClearEntryTests
{
    [Theory]
    [InlineData(
        "        io_uring_sqe* sqe = io_uring_get_sqe(ring);\n        {|NVG0012:sqe->opcode|} = 22;\n        "
        + "sqe->fd = fd;",
        "        io_uring_sqe* sqe = io_uring_get_sqe(ring);\n        *sqe = default;\n        sqe->opcode = "
        + "22;\n        sqe->fd = fd;")]
    [InlineData(
        "        io_uring_sqe* sqe = io_uring_get_sqe(ring);\n        if (sqe == null) { return -1; }\n      "
        + "  // The file.\n        sqe->fd = fd;\n        {|NVG0012:sqe->opcode|} = 22;",
        "        io_uring_sqe* sqe = io_uring_get_sqe(ring);\n        if (sqe == null) { return -1; }\n      "
        + "  // The file.\n        *sqe = default;\n        sqe->fd = fd;\n        sqe->opcode = 22;")]
    public Task The_entry_is_cleared_before_anything_is_written_into_it(string before, string after) =>
        RingPrograms.Fix<StaleEntry, ClearEntry>(before, after, isAsync: false);

    [Theory]
    [InlineData("        io_uring_sqe* sqe = io_uring_get_sqe(ring);\n        if (flag) { "
    + "{|NVG0012:sqe->opcode|} = 22; }")]
    [InlineData("        io_uring_sqe* sqe = io_uring_get_sqe(ring);\n        io_uring_prep_nop(sqe);\n      "
    + "  io_uring_submit(ring);\n        {|NVG0012:sqe->off|} = 1;")]
    public Task No_fix_is_offered_where_something_may_have_been_written_before(string statements) =>
        RingPrograms.Fix<StaleEntry, ClearEntry>(statements, statements, isAsync: false);
}
