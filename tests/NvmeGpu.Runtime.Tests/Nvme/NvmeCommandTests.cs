using System;
using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>What the kernel does not check and the drive executes is refused before.</summary>
public unsafe class NvmeCommandTests
{
    private static readonly void* s_address = (void*)0x10000;

    [Fact]
    public void An_address_of_0_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => Read(address: null));
        Assert.Contains("physical address 0", refused.Message);
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(4097)]
    [InlineData(0)]
    [InlineData(8192)]
    public void A_length_that_is_not_that_of_the_blocks_is_refused(int lengthBytes) =>
        Assert.Contains("8 blocks of 512 bytes are 4096", Assert.Throws<ArgumentException>(
            () => Read(lengthBytes: (uint)lengthBytes)).Message);

    [Fact]
    public void The_product_of_blocks_and_their_bytes_does_not_wrap() =>
        Assert.Throws<ArgumentException>(
            () => Read(lengthBytes: 0x1_0000, blocks: 65_536, lbaBytes: 0x1_0001));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_address_that_the_kernel_would_bounce_is_refused(int offset)
    {
        var refused = Assert.Throws<ArgumentException>(() => Read(address: (byte*)s_address + offset));
        Assert.Contains("copy through RAM", refused.Message);
    }

    [Theory]
    [InlineData(0u, 0u, 1ul)]
    [InlineData(1u, 0u, 1ul)]
    [InlineData(1u, 65_537u, 1ul)]
    [InlineData(uint.MaxValue, 8u, 1ul)]
    [InlineData(1u, 8u, ulong.MaxValue)]
    [InlineData(1u, 8u, ulong.MaxValue - 7)]
    public void Namespace_blocks_and_lba_outside_their_range_are_refused(uint id, uint blocks, ulong lba) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Read(namespaceId: id, lengthBytes: blocks * 512, lba: lba, blocks: blocks));

    [Fact]
    public void Metadata_has_an_address_and_a_length_or_neither()
    {
        foreach ((nint address, uint length) in new[] { ((nint)0, 8u), (0x20000, 0u), (0x20002, 8u) })
        {
            Assert.Throws<ArgumentException>(() => NvmeCommand.Read(
                out _, 1, s_address, 512, 0, 1, 512, (void*)address, length));
        }
    }

    [Fact]
    public void Nothing_but_a_read_is_handed_over()
    {
        for (int opcode = 0; opcode < 256; opcode++)
        {
            Read(out nvme_uring_cmd command);
            command.opcode = (byte)opcode;
            if (opcode == 0x02)
            {
                NvmeCommand.ThrowUnlessRead(command);
                continue;
            }
            var refused = Assert.Throws<ArgumentException>(() => NvmeCommand.ThrowUnlessRead(command));
            Assert.Contains($"0x{opcode:x2}", refused.Message);
        }
        Read(out nvme_uring_cmd fused);
        fused.flags = 1;
        Assert.Throws<ArgumentException>(() => NvmeCommand.ThrowUnlessRead(fused));
    }

    private static void Read(out nvme_uring_cmd command) =>
        NvmeCommand.Read(out command, 1, s_address, 4096, 0, 8, 512);

    private static void Read(
        uint namespaceId = 1, uint lengthBytes = 4096, ulong lba = 0, uint blocks = 8, uint lbaBytes = 512) =>
        NvmeCommand.Read(out _, namespaceId, s_address, lengthBytes, lba, blocks, lbaBytes);

    private static void Read(void* address) => NvmeCommand.Read(out _, 1, address, 4096, 0, 8, 512);
}
