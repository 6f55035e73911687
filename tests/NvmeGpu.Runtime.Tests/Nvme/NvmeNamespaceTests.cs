using System;
using System.Linq;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Probe;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>From a path to an open namespace, on made-up trees and drives.</summary>
public class NvmeNamespaceTests
{
    private static readonly ProbeTarget s_node =
        FakeTree.FileOn(241, 0) with { Kind = ProbeTargetKind.CharDevice, Path = "/dev/ng0n1" };

    [Fact]
    public void A_file_leads_to_its_namespace_with_format_limits_and_partition()
    {
        using FakeTree tree = FakeNamespace.Tree();
        var drive = new FakeNamespace();
        using NvmeNamespace found = Open(tree, FakeTree.FileOn(259, 2), drive);
        Assert.Equal(tree.Environment.Locate("/dev/ng0n1"), drive.OpenedPath);
        Assert.Equal("/dev/ng0n1", found.DevicePath);
        Assert.Equal((1u, 1ul << 20), (found.NamespaceId, found.LengthLbas));
        Assert.Equal((512, 512, 0), (found.LbaBytes, found.LbaDataBytes, found.MetadataBytes));
        Assert.Equal(1050624L * 512, found.PartitionStartBytes);
        Assert.Equal(["0000:01:00.0"], found.PciAddresses);
        // MDTS 7 is 512 KiB, which is less than the queue's 1024; 127 segments of a page are less again.
        Assert.Equal((512 << 10, 512L << 10), (found.TransferBytesMax, found.DriveTransferBytesMax));
        Assert.Equal(127 * 4096, found.ScatteredBytesMax);
        Assert.False(found.IsMultipathHead);
        Assert.Contains("1048576 blocks of 512 bytes", found.ToString());
    }

    [Fact]
    public void A_character_device_is_opened_itself_and_its_disk_names_the_limits()
    {
        using FakeTree tree = FakeNamespace.Tree();
        var drive = new FakeNamespace { Controller = FakeNamespace.IdentifyController(0) };
        using NvmeNamespace found = Open(tree, s_node, drive);
        Assert.Equal("/dev/ng0n1", drive.OpenedPath);
        Assert.Equal(1 << 20, found.TransferBytesMax);
        Assert.Null(found.DriveTransferBytesMax);
        Assert.Equal(["0000:01:00.0"], found.PciAddresses);
    }

    [Fact]
    public void A_multipath_head_has_the_least_limits_of_its_paths_and_all_their_devices()
    {
        const string Subsystem = "/sys/devices/virtual/nvme-subsystem/nvme-subsys0";
        const string First = "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0";
        const string Second = "/sys/devices/pci0000:00/0000:02:00.0/nvme/nvme1";
        using FakeTree tree = new FakeTree()
            .File(Subsystem + "/nvme0n1/nsid", "3\n").File(Subsystem + "/ng0n1/dev", "241:0\n")
            .Link("/sys/dev/char/241:0", Subsystem + "/ng0n1")
            .Link("/sys/dev/block/259:0", Subsystem + "/nvme0n1")
            .Link("/sys/class/nvme-generic/ng0n1", Subsystem + "/ng0n1")
            .File(First + "/transport", "pcie\n").Link(Subsystem + "/nvme0", First)
            .File(Second + "/transport", "pcie\n").Link(Subsystem + "/nvme1", Second)
            .File(First + "/nvme0c0n1/queue/max_hw_sectors_kb", "512\n")
            .File(Second + "/nvme0c1n1/queue/max_hw_sectors_kb", "128\n")
            .File(Second + "/nvme0c1n1/queue/max_segments", "16\n")
            .File(Second + "/nvme0c1n2/queue/max_hw_sectors_kb", "4\n") // another namespace
            .File(Second + "/nvme5c1n1/queue/max_hw_sectors_kb", "4\n"); // another subsystem
        var drive = new FakeNamespace { Id = 3 };
        foreach (ProbeTarget target in new[] { FakeTree.FileOn(259, 0), s_node })
        {
            using NvmeNamespace found = Open(tree, target, drive);
            Assert.True(found.IsMultipathHead);
            Assert.Equal(["0000:01:00.0", "0000:02:00.0"], found.PciAddresses);
            Assert.Equal((128 << 10, 16 * 4096), (found.TransferBytesMax, found.ScatteredBytesMax));
        }
        Assert.Equal(
            [First + "/nvme0c0n1", Second + "/nvme0c1n1"],
            BlockDevice.Find(tree.Environment, (259, 0), out _)!.PathFolders(tree.Environment));
    }

    /// <summary>
    /// As after a drive was replaced while something held the old one. The device whose number would fit the
    /// disk's is another drive's.
    /// </summary>
    [Fact]
    public void A_disk_and_its_character_device_may_have_different_numbers()
    {
        const string Replaced = "/sys/devices/pci0000:00/0000:02:00.0/nvme/nvme2";
        using FakeTree tree = new FakeTree()
            .File(Replaced + "/transport", "pcie\n")
            .File(Replaced + "/nvme1n1/nsid", "1\n")
            .File(Replaced + "/nvme1n1/queue/max_hw_sectors_kb", "256\n")
            .File(Replaced + "/ng2n1/dev", "241:0\n")
            .Link("/sys/dev/char/241:0", Replaced + "/ng2n1")
            .Link("/sys/class/nvme-generic/ng2n1", Replaced + "/ng2n1")
            .Link("/sys/dev/block/259:0", Replaced + "/nvme1n1")
            .File("/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme1/ng1n1/dev", "241:1\n")
            .Link("/sys/class/nvme-generic/ng1n1", "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme1/ng1n1");
        foreach (ProbeTarget target in new[] { FakeTree.FileOn(259, 0), s_node })
        {
            var drive = new FakeNamespace();
            using NvmeNamespace found = Open(tree, target, drive);
            Assert.Equal(
                target.Kind == ProbeTargetKind.CharDevice ? s_node.Path : "/dev/ng2n1", found.DevicePath);
            Assert.Equal(256 << 10, found.TransferBytesMax);
            Assert.Equal(["0000:02:00.0"], found.PciAddresses);
        }
    }

    [Theory]
    [InlineData("dm-0", "dm", "device-mapper")]
    [InlineData("md127", "md", "software RAID")]
    [InlineData("sda", "", "SCSI or SATA")]
    public void Disks_that_take_no_commands_are_refused_by_name(string name, string folder, string words)
    {
        using var tree = new FakeTree();
        string disk = "/sys/devices/virtual/block/" + name;
        tree.Folder(disk + "/" + folder).Link("/sys/dev/block/8:0", disk);
        NvmeException refused = Refused(tree, FakeTree.FileOn(8, 0), new FakeNamespace());
        Assert.Contains(words, refused.Message);
        Assert.Contains("Passthrough needs", refused.LikelyCause);
    }

    [Fact]
    public void Network_filesystems_drives_behind_networks_and_missing_paths_are_refused_by_name()
    {
        using var tree = new FakeTree();
        tree.File("/proc/self/mountinfo", "99 27 0:44 / /mnt rw - nfs4 server:/x rw\n");
        Assert.Contains(
            "(nfs4)",
            Refused(tree, FakeTree.FileOn(0, 44) with { MountId = 99 }, new FakeNamespace()).Message);

        using FakeTree remote = new FakeTree().NvmeDisk("virtual/nvme-fabrics/ctl", "tcp");
        Assert.Contains(
            "over tcp", Refused(remote, FakeTree.FileOn(259, 0), new FakeNamespace()).Message);

        NvmeException missing = Assert.Throws<NvmeException>(() => NvmeNamespace.Open("/no/such/file"));
        Assert.Equal(Libc.ENOENT, missing.Errno);
        Assert.Throws<NvmeException>(() => NvmeNamespace.Open("/dev/null"));
        Assert.Throws<ArgumentException>(() => NvmeNamespace.Open(""));
        Assert.Throws<ArgumentException>(() => NvmeNamespace.Open("a\0b"));
    }

    [Theory]
    [InlineData(Libc.EACCES, "udev rule")]
    [InlineData(Libc.EPERM, "udev rule")]
    [InlineData(Libc.ENOENT, "5.13")]
    [InlineData(Libc.EIO, "kernel log")]
    public void A_device_that_cannot_be_opened_says_what_to_do(int errno, string advice)
    {
        using FakeTree tree = FakeNamespace.Tree();
        NvmeException refused =
            Refused(tree, FakeTree.FileOn(259, 0), new FakeNamespace { OpenErrno = errno });
        Assert.Equal(errno, refused.Errno);
        Assert.Contains(advice, refused.LikelyCause);
    }

    [Fact]
    public void What_was_opened_must_be_the_device_that_sys_means()
    {
        using FakeTree tree = FakeNamespace.Tree();
        Assert.Contains("is device 241:7, and not 241:0", Refused(
            tree, FakeTree.FileOn(259, 0), new FakeNamespace { Device = (241, 7) }).Message);
        Assert.Contains("is no device", Refused(
            tree, FakeTree.FileOn(259, 0), new FakeNamespace { Device = null }).Message);
        Assert.Contains("is device 241:7", Refused(tree, s_node, new FakeNamespace { Device = (241, 7) })
            .Message);
        Assert.Contains("is namespace 1, the device says 2", Refused(
            tree, FakeTree.FileOn(259, 0), new FakeNamespace { Id = 2 }).Message);
        Assert.Equal(Libc.ENOTTY, Refused(
            tree, FakeTree.FileOn(259, 0), new FakeNamespace { Id = -Libc.ENOTTY }).Errno);
    }

    [Fact]
    public void What_the_drive_answers_is_an_error_with_its_name()
    {
        using FakeTree tree = FakeNamespace.Tree();
        var drive = new FakeNamespace { IdentifyResult = 0x4002 };
        Assert.Contains("Invalid Field", Refused(tree, s_node, drive).Message);
        Assert.True(drive.Opened!.IsClosed);
        Assert.Contains("6.2", Refused(
            tree, s_node, new FakeNamespace { IdentifyResult = -Libc.EACCES }).LikelyCause);
    }

    [Fact]
    public void A_kernel_that_believes_in_other_blocks_is_not_believed()
    {
        using FakeTree tree = FakeNamespace.Tree();
        var drive = new FakeNamespace { Namespace = FakeNamespace.IdentifyNamespace(1 << 17, 12) };
        Assert.Contains("believes 512", Refused(tree, s_node, drive).Message);

        // A capacity of 0: the kernel has no block device for this format.
        tree.File("/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0/nvme0n1/size", "0\n");
        using NvmeNamespace found = Open(tree, s_node, drive);
        Assert.Equal(4096, found.LbaDataBytes);
    }

    [Fact]
    public void Metadata_behind_the_data_counts_and_apart_from_it_does_not()
    {
        using FakeTree tree = FakeNamespace.Tree();
        using NvmeNamespace extended = Open(tree, s_node, new FakeNamespace
        {
            Namespace = FakeNamespace.IdentifyNamespace(1000, 9, 8, isExtended: true, protection: 1),
        });
        Assert.Equal((520, 512, 8, 4), (extended.LbaBytes, extended.LbaDataBytes, extended.MetadataBytes,
            extended.AlignmentBytes));
        Assert.True(extended.IsMetadataExtended && !extended.IsMetadataSeparate);
        Assert.Equal(1, extended.ProtectionType);
        Assert.Equal(0, extended.TransferBytesMax % 520);
        Assert.InRange(extended.TransferBytesMax, (512 << 10) - 520, 512 << 10);

        using NvmeNamespace separate = Open(tree, s_node, new FakeNamespace
        {
            Namespace = FakeNamespace.IdentifyNamespace(1000, 9, 8),
        });
        Assert.Equal((512, 512), (separate.LbaBytes, separate.AlignmentBytes));
        Assert.True(separate.IsMetadataSeparate);
    }

    [Theory]
    [InlineData(0, 0, 12, 0, 12)]
    [InlineData(3, 3, 9, 64, 9)]
    [InlineData(15, 15, 9, 0, 9)]
    [InlineData(17, 17, 12, 16, 12)]
    [InlineData(63, 63, 12, 8, 12)]
    public void The_format_in_use_is_found_by_all_six_bits_of_its_index(
        int index, byte last, byte shift, ushort metadata, int expectedShift)
    {
        NamespaceFormat? format = NamespaceFormat.Parse(
            FakeNamespace.IdentifyNamespace(77, shift, metadata, false, index, last));
        Assert.Equal(new NamespaceFormat(77, 1 << expectedShift, metadata, false, 0), format);
    }

    [Fact]
    public void With_at_most_16_formats_the_high_bits_of_the_index_do_not_count()
    {
        byte[] answer = FakeNamespace.IdentifyNamespace(77, 9, index: 1, formatsLast: 2);
        answer[26] |= 0x60;
        Assert.Equal(512, NamespaceFormat.Parse(answer)!.Value.DataBytes);
    }

    [Fact]
    public void A_description_that_makes_no_sense_is_refused()
    {
        Assert.Null(NamespaceFormat.Parse(new byte[4096])); // a key-value namespace's
        Assert.Null(NamespaceFormat.Parse(FakeNamespace.IdentifyNamespace(0, 9)));
        Assert.Null(NamespaceFormat.Parse(FakeNamespace.IdentifyNamespace(1, 8)));
        Assert.Null(NamespaceFormat.Parse(FakeNamespace.IdentifyNamespace(1, 32)));
        byte[] beyond = FakeNamespace.IdentifyNamespace(1, 9);
        beyond[26] = 5; // of formats 0 to 0
        Assert.Null(NamespaceFormat.Parse(beyond));
        var random = new Random(1);
        for (int i = 0; i < 5000; i++)
        {
            random.NextBytes(beyond);
            if (NamespaceFormat.Parse(beyond) is { } format)
            {
                Assert.True(format.DataBytes >= 512 && format.LengthLbas > 0);
            }
        }
        using FakeTree tree = FakeNamespace.Tree();
        Assert.Contains(
            "NVM command set",
            Refused(tree, s_node, new FakeNamespace { Namespace = new byte[4096] }).Message);
    }

    [Fact]
    public void A_drive_whose_limits_nobody_names_is_refused()
    {
        using FakeTree tree = new FakeTree()
            .File("/sys/devices/x/nvme0/ng0n1/dev", "241:0")
            .Link("/sys/dev/char/241:0", "/sys/devices/x/nvme0/ng0n1");
        var silent = new FakeNamespace { Controller = FakeNamespace.IdentifyController(0) };
        Assert.Contains("how much one command", Refused(tree, s_node, silent).Message);
        using NvmeNamespace found = Open(tree, s_node, new FakeNamespace());
        Assert.Equal(512 << 10, found.TransferBytesMax);
        Assert.Empty(found.PciAddresses);
    }

    private static NvmeNamespace Open(FakeTree tree, ProbeTarget target, FakeNamespace drive) =>
        NamespaceOpening.Open(tree.Environment, target, drive);

    private static NvmeException Refused(FakeTree tree, ProbeTarget target, FakeNamespace drive)
    {
        NvmeException refused = Assert.Throws<NvmeException>(() => Open(tree, target, drive));
        Assert.True(drive.Opened is null or { IsClosed: true }, "the device stays open");
        Assert.Contains("for NVMe commands", refused.Operation);
        return refused;
    }
}
