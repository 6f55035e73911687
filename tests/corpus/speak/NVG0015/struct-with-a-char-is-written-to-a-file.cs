#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Writer
{
    private struct Cell
    {
        public int Row;
        public char Letter;
    }

    public static int Write(io_uring* ring, int fd, int row, char letter)
    {
        Cell* cell = (Cell*)NativeMemory.Alloc((nuint)sizeof(Cell));
        *cell = new Cell { Row = row, Letter = letter };
        io_uring_prep_write(io_uring_get_sqe(ring), fd, {|NVG0015:cell|}, (uint)sizeof(Cell), 0);
        return io_uring_submit(ring);
    }
}
