#nullable enable
using System;
using System.Runtime.InteropServices;
using System.Text;
using NvmeGpu;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

/// <summary>The state of a connection with its buffer inside, in one native allocation.</summary>
public static unsafe class LineServer
{
    private struct Connection
    {
        public int Socket;
        public int Filled;
        public fixed byte Line[512];
    }

    public static string ReadLine(io_uring* ring, int socket)
    {
        var connection = (Connection*)NativeMemory.AllocZeroed((nuint)sizeof(Connection));
        connection->Socket = socket;
        try
        {
            while (true)
            {
                io_uring_sqe* sqe = io_uring_get_sqe(ring);
                io_uring_prep_recv(
                    sqe,
                    connection->Socket,
                    connection->Line + connection->Filled,
                    (nuint)(512 - connection->Filled),
                    0);
                io_uring_sqe_set_data(sqe, connection);
                int result = io_uring_submit_and_wait(ring, 1);
                if (result < 0)
                {
                    Environment.FailFast("io_uring_submit_and_wait");
                }
                io_uring_cqe* cqe;
                if (io_uring_peek_cqe(ring, &cqe) != 0)
                {
                    Environment.FailFast("io_uring_peek_cqe");
                }
                int count = cqe->res;
                io_uring_cqe_seen(ring, cqe);
                if (count <= 0)
                {
                    throw new IoUringException("IORING_OP_RECV", -count, "");
                }
                connection->Filled += count;
                var line = new ReadOnlySpan<byte>(connection->Line, connection->Filled);
                int end = line.IndexOf((byte)'\n');
                if (end >= 0)
                {
                    return Encoding.UTF8.GetString(line[..end]);
                }
                if (connection->Filled == 512)
                {
                    throw new FormatException("The line is too long.");
                }
            }
        }
        finally
        {
            NativeMemory.Free(connection);
        }
    }
}
