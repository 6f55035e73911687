using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class UnalignedDirectIOTests
{
    private const string Open = "int file = open(path, O_RDONLY | O_DIRECT); ";

    [Theory]
    [InlineData("io_uring_prep_read(given, file, memory, {|NVG0017:1000|}, 0);")]
    [InlineData("io_uring_prep_read(given, file, memory, 4096, {|NVG0017:100|});")]
    [InlineData("io_uring_prep_read(given, file, memory, {|NVG0017:511|}, {|NVG0017:513|});")]
    [InlineData("const int Length = 6000; io_uring_prep_read(given, file, memory, {|NVG0017:Length|}, 0);")]
    [InlineData("uint length = 6000; io_uring_prep_read(given, file, memory, {|NVG0017:length|}, 0);")]
    [InlineData("io_uring_prep_read(given, file, memory, offset: {|NVG0017:10ul|}, nbytes: 4096);")]
    [InlineData("int same = file; io_uring_prep_read(given, same, memory, {|NVG0017:100|}, 0);")]
    public Task Length_and_position_of_direct_io_are_whole_blocks(string use) =>
        RingPrelude.Statements<UnalignedDirectIO>(Open + use);

    [Theory]
    [InlineData("open(path, O_DIRECT)")]
    [InlineData("open(path, O_RDWR | O_DIRECT | 0x80000, 0x1B6)")]
    [InlineData("openat(3, path, O_RDONLY | O_DIRECT)")]
    [InlineData("open(path, flag ? O_RDWR | O_DIRECT : O_DIRECT)")]
    [InlineData("open(flags: (int)(uint)(O_RDONLY | O_DIRECT), path: path)")]
    public Task Every_open_that_names_the_flag_is_seen(string open) =>
        RingPrelude.Statements<UnalignedDirectIO>(
        $"int file = {open}; io_uring_prep_read(given, file, memory, {{|NVG0017:100|}}, 0);");

    [Theory]
    [InlineData("Write({|NVG0017:100|});")]
    [InlineData("const long At = 4097; Write({|NVG0017:At|});")]
    [InlineData("long at = 4097; Write({|NVG0017:at|});")]
    [InlineData("Write(at: {|NVG0017:-1|});")]
    [InlineData("var s = new Slot { Bytes = {|NVG0017:100|} };")]
    [InlineData("Slot s = default; s.Bytes = {|NVG0017:0x1001|};")]
    [InlineData("var o = new Owner { SlotBytes = {|NVG0017:100|} };")]
    public Task A_contract_names_the_block(string use) =>
        RingPrelude.Members<UnalignedDirectIO>(InProgram(use));

    [Theory]
    [InlineData("Write(0); Write(4096); Write(1 << 20); Write(-4096);")]
    [InlineData("Write(n); Write(n + 1); Write(Align(n));")]
    [InlineData("long at = 4096; if (flag) { at += 1; } Write(at);")]
    [InlineData("long at = 1; at = 4096; Write(at);")]
    [InlineData("for (long at = 0; at < 100; at += 4096) { Write(at); }")]
    [InlineData("var s = new Slot { Bytes = 8192 };")]
    [InlineData("var s = new Slot(); s.Bytes = (uint)n;")]
    [InlineData("Slot s = default; s.Count = 3;")]
    [InlineData("var o = new Owner { SlotBytes = n };")]
    [InlineData("Other(100);")]
    [InlineData("OddContract(7);")]
    public Task Multiples_and_what_is_not_constant_are_let_alone(string use) =>
        RingPrelude.Members<UnalignedDirectIO>(InProgram(use));

    [Theory]
    [InlineData(
        "int file = open(path, O_RDONLY | O_DIRECT); io_uring_prep_read(given, file, memory, 4096, 8192);")]
    [InlineData("int file = open(path, O_RDONLY | O_DIRECT); io_uring_prep_read(given, file, memory, 512, "
    + "unchecked((ulong)-1));")]
    [InlineData("int file = open(path, O_RDONLY | O_DIRECT); io_uring_prep_read(given, file, memory, "
    + "(uint)n, (ulong)n);")]
    [InlineData("int file = open(path, O_RDONLY); io_uring_prep_read(given, file, memory, 100, 0);")]
    [InlineData("io_uring_prep_read(given, fd, memory, 100, 0);")]
    [InlineData("int file = open(path, n); io_uring_prep_read(given, file, memory, 100, 0);")]
    [InlineData("int file = open(path, flag ? O_DIRECT : O_RDONLY); io_uring_prep_read(given, file, memory, "
    + "100, 0);")]
    [InlineData("int file = open(path, O_DIRECT); if (file < 0) { file = open(path, O_RDONLY); } "
    + "io_uring_prep_read(given, file, memory, 100, 0);")]
    [InlineData("int file = open(path, O_DIRECT); fcntl(file, F_SETFL, 0); io_uring_prep_read(given, file, "
    + "memory, 100, 0);")]
    [InlineData(
        "int file = open(path, O_RDONLY & ~O_DIRECT); io_uring_prep_read(given, file, memory, 100, 0);")]
    [InlineData("int file = open(path, O_DIRECT); int log = open(path, O_RDWR); io_uring_prep_read(given, "
    + "log, memory, 100, 0); fsync(file);")]
    [InlineData("int file = open(path, O_DIRECT); iovec v; io_uring_prep_readv(given, file, &v, 1, 0);")]
    [InlineData("int file = open(path, O_DIRECT); write(file, memory, 100);")]
    public Task Buffered_files_and_whole_blocks_are_let_alone(string statements) =>
        RingPrelude.Statements<UnalignedDirectIO>(statements);

    private static string InProgram(string statements) => $$"""
        unsafe void Run(int n, bool flag)
        {
            {{statements}}
        }
        static void Write([Aligned(4096)] long at) { }
        static void Other(long at) { }
        static void OddContract([Aligned(0)] long at) { }
        static int Align(int value) => value & ~511;
        struct Slot
        {
            [Aligned(512)] public uint Bytes;
            public int Count;
        }
        """;
}
