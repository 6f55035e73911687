using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class PassthroughResultTests
{
    private const string Command = """
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        *sqe = default;
        sqe->opcode = (byte)IORING_OP_URING_CMD;
        sqe->cmd_op = NVME_URING_CMD_IO;
        nvme_uring_cmd* command = (nvme_uring_cmd*)sqe->cmd;
        *command = new nvme_uring_cmd { opcode = 2, addr = (ulong)buffer, data_len = 4096 };
        io_uring_submit(ring);
        io_uring_cqe* cqe;
        if (io_uring_wait_cqe(ring, &cqe) != 0) { return -1; }

        """;

    [Theory]
    [InlineData("if ({|NVG0010:cqe->res < 0|}) { throw new Exception(); }")]
    [InlineData("if ({|NVG0010:cqe->res < 0|}) { throw new Exception($\"{-cqe->res}\"); }")]
    [InlineData("bool isGood = {|NVG0010:cqe->res >= 0|}; return isGood ? 1 : 0;")]
    [InlineData("bool isBad = {|NVG0010:0 > cqe->res|}; return isBad ? 1 : 0;")]
    [InlineData("int result = cqe->res; io_uring_cqe_seen(ring, cqe); if ({|NVG0010:result < 0|}) { return "
    + "result; }")]
    [InlineData("if ({|NVG0010:cqe->res is < 0|}) { throw new Exception(); }")]
    [InlineData("if (cqe->res == -11) { return 1; } if ({|NVG0010:cqe->res < 0|}) { return 2; }")]
    public Task A_result_that_is_only_tested_for_its_sign_hides_a_status(string statements) =>
        RingPrograms.Statements<PassthroughResult>(Command + statements);

    [Theory]
    [InlineData("n += {|NVG0010:cqe->res|};")]
    [InlineData("if (cqe->res < 0) { return -1; } n += {|NVG0010:cqe->res|};")]
    [InlineData("long offset = 0; offset = offset + {|NVG0010:cqe->res|};")]
    [InlineData("if ({|NVG0010:cqe->res|} != 4096) { return -1; }")]
    [InlineData("if ({|NVG0010:cqe->res|} != (int)command->data_len) { return -1; }")]
    [InlineData("if ({|NVG0010:cqe->res|} < 512) { return -1; }")]
    [InlineData("var data = new Span<byte>(buffer, 4096).Slice(0, {|NVG0010:cqe->res|});")]
    [InlineData("int count = {|NVG0010:cqe->res|}; if (count < 0) { return -1; } n -= count;")]
    public Task A_result_is_no_number_of_bytes(string statements) =>
        RingPrograms.Statements<PassthroughResult>(Command + statements);

    [Fact]
    public Task A_result_that_is_made_unsigned_and_returned_as_bytes_is_no_number_of_bytes() =>
        RingPrograms.Members<PassthroughResult>("""
            unsafe uint ReadBytes(io_uring* ring, nvme_uring_cmd* command)
            {
                command->opcode = 2;
                io_uring_cqe* cqe;
                if (io_uring_wait_cqe(ring, &cqe) != 0) { throw new Exception(); }
                return (uint){|NVG0010:cqe->res|};
            }

            unsafe uint ReadStatusCode(io_uring* ring, nvme_uring_cmd* command)
            {
                command->opcode = 2;
                io_uring_cqe* cqe;
                if (io_uring_wait_cqe(ring, &cqe) != 0) { throw new Exception(); }
                return (uint)cqe->res;
            }
            """.Replace("ReadStatusCode", "Status", System.StringComparison.Ordinal));

    [Theory]
    [InlineData("sqe->opcode = 50;")]
    [InlineData("io_uring_prep_read(sqe, fd, buffer, 4096, 0);")]
    [InlineData("io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, null, 0, 0);")]
    public Task An_entry_that_becomes_a_command_is_not_what_it_was_prepared_as(string prepared) =>
        RingPrograms.Statements<PassthroughResult>($$"""
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            {{prepared}}
            sqe->cmd_op = NVME_URING_CMD_IO;
            io_uring_cqe* cqe;
            return io_uring_wait_cqe(ring, &cqe) == 0 && {|NVG0010:cqe->res < 0|} ? 1 : 0;
            """);

    [Fact]
    public Task An_entry_that_is_a_command_or_something_else_is_left_alone() =>
        RingPrograms.Statements<PassthroughResult>("""
            io_uring_sqe* sqe = io_uring_get_sqe(ring);
            if (flag) { sqe->cmd_op = NVME_URING_CMD_IO; } else { io_uring_prep_read(sqe, fd, buffer, 4096, 0); }
            io_uring_cqe* cqe;
            return io_uring_wait_cqe(ring, &cqe) == 0 && cqe->res < 0 ? 1 : 0;
            """);

    [Theory]
    [InlineData("if (cqe->res != 0) { throw new Exception($\"{cqe->res:X}\"); }")]
    [InlineData("return cqe->res == 0 ? 4096 : -1;")]
    [InlineData("if (cqe->res < 0) { throw new Exception(); } if (cqe->res > 0) { throw new "
    + "Exception($\"status {cqe->res:X}\"); }")]
    [InlineData("if (cqe->res < 0) { return -1; } if (cqe->res > 0) { return -2; }")]
    [InlineData("User.ThrowIfFailed(cqe->res);")]
    [InlineData("if (cqe->res < 0) { return -1; } User.ThrowIfFailed(cqe->res);")]
    [InlineData(
        "int status = cqe->res & 0x7FF; if (cqe->res < 0) { return -1; } if (status == 0x81) { return 3; }")]
    [InlineData("switch (cqe->res) { case 0: return 1; case < 0: return 2; default: return 3; }")]
    [InlineData("return cqe->res switch { 0 => 0, < 0 => -1, _ => 1 };")]
    [InlineData("return cqe->res;")]
    [InlineData("if (cqe->res == 0x4002) { return 1; }")]
    [InlineData("string text = \"status \" + cqe->res; Console.WriteLine(text);")]
    [InlineData("int done = cqe->res == 0 ? 4096 : 0; n += done;")]
    [InlineData("if (cqe->res <= 0) { return cqe->res; } return 1;")]
    public Task A_result_that_is_compared_with_0_or_decoded_is_fine(string statements) =>
        RingPrograms.Statements<PassthroughResult>(Command + statements);

    [Theory]
    [InlineData("io_uring_cqe* cqe; if (io_uring_wait_cqe(ring, &cqe) != 0 || cqe->res < 0) { return -1; }")]
    [InlineData("io_uring_prep_read(io_uring_get_sqe(ring), fd, buffer, 64, 0);" + Command
        + "if (cqe->res < 0) { return -1; }")]
    [InlineData(
        "io_uring_prep_fsync(io_uring_get_sqe(ring), fd, 0);" + Command + "if (cqe->res < 0) { return -1; }")]
    [InlineData(Command + "if (cqe->res < 0) { return -1; } User.Handle(cqe);")]
    public Task A_result_that_may_be_another_operation_s_is_left_alone(string statements) =>
        RingPrograms.Statements<PassthroughResult>(statements);
}
