using System;
using System.IO;
using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

public class NvmeStatusTests
{
    // As QEMU's drive answered them, seen in a lab; and some of the specification.
    [Theory]
    [InlineData(0x4080, 0, 0x80, "LBA Out of Range", true, false, 0)]
    [InlineData(0x4001, 0, 0x01, "Invalid Command Opcode", true, false, 0)]
    [InlineData(0x400f, 0, 0x0f, "Data SGL Length Invalid", true, false, 0)]
    [InlineData(0x0281, 2, 0x81, "Unrecovered Read Error", false, false, 0)]
    [InlineData(0x0371, 3, 0x71, "Command Aborted By Host", false, false, 0)]
    [InlineData(0x3002, 0, 0x02, "Invalid Field in Command", false, true, 2)]
    [InlineData(0x0181, 1, 0x81, "Invalid Protection Information", false, false, 0)]
    [InlineData(0x07c1, 7, 0xc1, "Vendor Specific, code 0xc1", false, false, 0)]
    [InlineData(0x0455, 4, 0x55, "Reserved status code type 4, code 0x55", false, false, 0)]
    public void A_status_is_taken_apart_and_named_as_the_specification_has_it(
        int value, int type, int code, string name, bool isDoNotRetry, bool hasMore, int delay)
    {
        var status = new NvmeStatus((ushort)value);
        Assert.Equal((type, code, name), (status.CodeType, status.Code, status.Name));
        Assert.Equal((isDoNotRetry, hasMore), (status.IsDoNotRetry, status.HasMore));
        Assert.Equal(delay, status.RetryDelayIndex);
        Assert.False(status.IsSuccess);
        Assert.Contains(name, status.ToString());
        Assert.Contains($"0x{value:x4}", status.ToString());
    }

    [Fact]
    public void Only_type_0_code_0_is_success()
    {
        Assert.True(default(NvmeStatus).IsSuccess);
        for (int value = 1; value < 0x8000; value++)
        {
            var status = new NvmeStatus((ushort)value);
            Assert.Equal(status is { CodeType: 0, Code: 0 }, status.IsSuccess);
            Assert.NotEqual("", status.Name);
        }
    }

    [Fact]
    public void An_exception_carries_operation_status_and_cause()
    {
        var drive = new NvmeException("NVMe read", new NvmeStatus(0x0281));
        Assert.IsAssignableFrom<IOException>(drive);
        Assert.Equal((0x0281, 0), (drive.Status.Value, drive.Errno));
        Assert.Contains("Unrecovered Read Error", drive.Message);
        Assert.Contains("medium is damaged", drive.LikelyCause);

        var kernel = new NvmeException("Opening /dev/ng0n1", Libc.EACCES, "no udev rule.");
        Assert.Equal((0, Libc.EACCES), (kernel.Status.Value, kernel.Errno));
        Assert.Equal(
            "Opening /dev/ng0n1 failed with EACCES (permission denied). Likely cause: no udev rule.",
            kernel.Message);
    }
}
