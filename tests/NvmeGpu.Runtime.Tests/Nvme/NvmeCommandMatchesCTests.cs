using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>
/// The whole 128-byte entry of a read, as a C program fills it that only knows the kernel's headers: by field
/// names, never by offsets.
/// </summary>
public sealed class NvmeCommandMatchesCTests
{
    private const int Vectors = 400;

    // How to fill the fields is linux/nvme_ioctl.h and the NVM command set's Read: LBA in dwords 10 and 11,
    // blocks counted from 0 in the low half of dword 12.
    private const string Program = """
        #include <liburing/io_uring.h>
        #include <linux/nvme_ioctl.h>

        long write(int, const void *, unsigned long);

        struct vector {
            int file; unsigned nsid; unsigned long long address; unsigned length; unsigned long long lba;
            unsigned blocks; unsigned long long metadata; unsigned metadata_length; unsigned timeout;
            int buffer; unsigned long long user_data;
        };

        static const struct vector vectors[] = {
            VECTORS
        };

        int main(void)
        {
            for (unsigned i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
                const struct vector *v = &vectors[i];
                union { struct io_uring_sqe sqe; unsigned char bytes[128]; } big;
                __builtin_memset(&big, 0, sizeof(big));
                struct io_uring_sqe *sqe = &big.sqe;
                struct nvme_uring_cmd *cmd = (struct nvme_uring_cmd *)sqe->cmd;
                sqe->opcode = IORING_OP_URING_CMD;
                sqe->flags = IOSQE_FIXED_FILE;
                sqe->fd = v->file;
                sqe->cmd_op = NVME_URING_CMD_IO;
                sqe->user_data = v->user_data;
                if (v->buffer >= 0) {
                    sqe->uring_cmd_flags = IORING_URING_CMD_FIXED;
                    sqe->buf_index = v->buffer;
                }
                cmd->opcode = 0x02;
                cmd->nsid = v->nsid;
                cmd->addr = v->address;
                cmd->data_len = v->length;
                cmd->cdw10 = v->lba & 0xffffffff;
                cmd->cdw11 = v->lba >> 32;
                cmd->cdw12 = v->blocks - 1;
                cmd->metadata = v->metadata;
                cmd->metadata_len = v->metadata_length;
                cmd->timeout_ms = v->timeout;
                char line[257];
                for (int j = 0; j < 128; j++) {
                    line[2 * j] = "0123456789ABCDEF"[big.bytes[j] >> 4];
                    line[2 * j + 1] = "0123456789ABCDEF"[big.bytes[j] & 15];
                }
                line[256] = '\n';
                write(1, line, 257);
            }
            return sizeof(struct nvme_uring_cmd) == 72 ? 0 : 1;
        }
        """;

    [Fact]
    public async Task A_read_fills_every_byte_as_the_C_compiler_lays_it_out()
    {
        string headers = Repository.PathOf("artifacts", "native-headers");
        Requirement.That(
            Directory.Exists(headers), "the locked headers are not there: run native-headers/restore");
        Requirement.That(await HasGccAsync(), "gcc is not there: apt-get install gcc");
        var random = new Random(20261129);
        Vector[] vectors = [.. Enumerable.Range(0, Vectors).Select(_ => Vector.Any(random))];
        string[] theirs = await RunAsync(headers, vectors);
        Assert.Equal(Vectors, theirs.Length);
        for (int i = 0; i < Vectors; i++)
        {
            Assert.Equal(theirs[i], vectors[i].Assemble());
        }
    }

    private static async Task<string[]> RunAsync(string headers, IEnumerable<Vector> vectors)
    {
        using var folder = new TemporaryFolder();
        string source = folder.PathOf("entry.c");
        string program = folder.PathOf("entry");
        string text = Program.Replace("VECTORS", string.Join(",\n", vectors.Select(vector => vector.InC())));
        await File.WriteAllTextAsync(source, text, Encoding.ASCII);
        string[] includes =
        [
            "liburing-dev/usr/include", "linux-libc-dev/usr/include",
            "linux-libc-dev/usr/include/x86_64-linux-gnu",
        ];
        ChildResult compiled = await ChildProcess.RunAsync(
            "gcc",
            [
                "-std=gnu17", "-w", "-nostdinc",
                .. includes.SelectMany(include => new[] { "-isystem", Path.Combine(headers, include) }),
                "-D_SYS_TYPES_H", "-o", program, source,
            ]);
        Assert.True(compiled.ExitCode == 0, compiled.All);
        ChildResult run = await ChildProcess.RunAsync(program, []);
        Assert.True(run.ExitCode == 0, run.All);
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<bool> HasGccAsync()
    {
        try
        {
            return (await ChildProcess.RunAsync("gcc", ["--version"])).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed record Vector(
        int File, uint NamespaceId, ulong Address, uint LbaBytes, ulong Lba, uint Blocks, ulong Metadata,
        uint MetadataBytes, uint Timeout, int Buffer, ulong UserData)
    {
        public static Vector Any(Random random)
        {
            uint metadataBytes = random.Next(2) == 0 ? 0u : (uint)random.Next(1, 4096) * 8;
            return new Vector(
                random.Next(),
                (uint)random.NextInt64(1, uint.MaxValue),
                (ulong)random.NextInt64(1, long.MaxValue) & ~3ul | 4,
                random.Next(2) == 0 ? 512u : 4104u,
                random.Next(4) == 0 ? 0xFFFF_FFFF_FFFE_0000 : (ulong)random.NextInt64(),
                random.Next(4) switch { 0 => 1, 1 => 65_536, _ => (uint)random.Next(1, 65_537) },
                metadataBytes == 0 ? 0 : (ulong)random.NextInt64(1, long.MaxValue) & ~3ul | 4,
                metadataBytes,
                (uint)random.Next(),
                random.Next(2) == 0 ? -1 : random.Next(65_536),
                (ulong)random.NextInt64());
        }

        public string InC() => string.Create(
            CultureInfo.InvariantCulture,
            $"{{ {File}, {NamespaceId}u, {Address}ull, {Blocks * LbaBytes}u, {Lba}ull, {Blocks}u, "
                + $"{Metadata}ull, {MetadataBytes}u, {Timeout}u, {Buffer}, {UserData}ull }}");

        public unsafe string Assemble()
        {
            NvmeCommand.Read(
                out nvme_uring_cmd command, NamespaceId, (void*)Address, Blocks * LbaBytes, Lba, Blocks,
                LbaBytes, (void*)Metadata, MetadataBytes, Timeout);
            SubmissionEntry.Command(
                out SubmissionEntry128 entry, File, NvmeIoctl.NVME_URING_CMD_IO, command,
                Buffer < 0 ? null : (ushort)Buffer, isMixed: false, UserData);
            return Convert.ToHexString(new ReadOnlySpan<byte>(&entry, sizeof(SubmissionEntry128)));
        }
    }
}
