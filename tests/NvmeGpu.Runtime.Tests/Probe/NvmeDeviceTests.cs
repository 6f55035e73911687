using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Probe;

/// <summary>From a device number to the drive's character device, on made-up trees.</summary>
public class NvmeDeviceTests
{
    [Fact]
    public void The_character_device_of_a_whole_disk_is_found_with_its_limits()
    {
        using FakeTree tree = new FakeTree().NvmeDisk().File("/dev/ng0n1", "");
        CapabilityCheck check = Check(tree, 259, 0);
        Assert.Equal(CapabilityOutcome.Ok, check.Outcome);
        Assert.Contains("/dev/ng0n1", check.Detail);
        Assert.Contains("Namespace 1, blocks of 512 bytes, at most 1024 KiB", check.Detail);
        Assert.DoesNotContain("partition", check.Detail);
    }

    [Fact]
    public void A_partition_leads_to_its_disk_and_says_where_it_begins()
    {
        using FakeTree tree = new FakeTree().NvmeDisk().File("/dev/ng0n1", "");
        CapabilityCheck check = Check(tree, 259, 2);
        Assert.Equal(CapabilityOutcome.Ok, check.Outcome);
        Assert.Contains($"the partition begins at byte {1050624L * 512}", check.Detail);

        BlockDevice disk = BlockDevice.Find(tree.Environment, (259, 2), out _)!;
        Assert.Equal("nvme0n1", disk.Name);
        Assert.Equal(1050624L * 512, disk.PartitionStartBytes);
        Assert.Equal(["0000:01:00.0"], disk.PciAddresses(tree.Environment));
    }

    [Fact]
    public void A_partition_whose_start_is_no_number_is_not_taken_for_one_at_0()
    {
        using FakeTree tree = new FakeTree().NvmeDisk().File("/dev/ng0n1", "");
        foreach (string start in new[] { "", "x", "-1", "9223372036854775807", "99999999999999999999999" })
        {
            tree.File("/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0/nvme0n1/nvme0n1p2/start",
                start);
            Assert.Equal(CapabilityOutcome.CannotTell, Check(tree, 259, 2).Outcome);
        }
    }

    [Fact]
    public void A_drive_without_its_character_device_is_missing_with_its_name()
    {
        using FakeTree tree = new FakeTree().NvmeDisk();
        CapabilityCheck check = Check(tree, 259, 0);
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains("/dev/ng0n1 is not there", check.Detail);
        Assert.Contains("5.13", check.Advice);
    }

    [Theory]
    [InlineData("dm-0", "dm", "device-mapper")]
    [InlineData("md127", "md", "software RAID")]
    [InlineData("loop3", "loop", "loop device")]
    [InlineData("loop4", "", "loop device")]
    [InlineData("vda", "", "virtio")]
    [InlineData("sda", "", "SCSI or SATA")]
    [InlineData("nbd0", "", "network block device")]
    [InlineData("zram0", "", "memory, not a drive")]
    [InlineData("nvme0c0n1", "", "hidden path")]
    [InlineData("unheard-of", "", "no NVMe namespace")]
    public void Disks_without_a_character_device_are_named_by_kind(string name, string folder, string words)
    {
        using var tree = new FakeTree();
        string disk = "/sys/devices/virtual/block/" + name;
        tree.Folder(disk + "/" + folder).Link("/sys/dev/block/8:0", disk).File("/dev/ng0n1", "");
        CapabilityCheck check = Check(tree, 8, 0);
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains(words, check.Detail);
    }

    [Fact]
    public void A_multipath_head_is_recognised_and_leads_to_all_its_controllers()
    {
        using var tree = new FakeTree();
        const string Subsystem = "/sys/devices/virtual/nvme-subsystem/nvme-subsys0";
        const string First = "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0";
        const string Second = "/sys/devices/pci0000:00/0000:02:00.0/nvme/nvme1";
        tree.Folder(Subsystem + "/nvme0n1")
            .File(First + "/transport", "pcie\n").Link(Subsystem + "/nvme0", First)
            .File(Second + "/transport", "pcie\n").Link(Subsystem + "/nvme1", Second)
            .Link("/sys/dev/block/259:0", Subsystem + "/nvme0n1")
            .File("/dev/ng0n1", "");

        CapabilityCheck check = Check(tree, 259, 0);
        Assert.Equal(CapabilityOutcome.Ok, check.Outcome);
        Assert.Contains("multipath", check.Detail);
        Assert.Equal(
            ["0000:01:00.0", "0000:02:00.0"],
            BlockDevice.Find(tree.Environment, (259, 0), out _)!.PciAddresses(tree.Environment));

        tree.File(Second + "/transport", "tcp\n");
        Assert.Contains("over tcp", Check(tree, 259, 0).Detail);
    }

    [Fact]
    public void A_drive_behind_a_network_has_no_pci_device_here()
    {
        using FakeTree tree =
            new FakeTree().NvmeDisk("virtual/nvme-fabrics/ctl", "tcp").File("/dev/ng0n1", "");
        CapabilityCheck check = Check(tree, 259, 0);
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains("over tcp", check.Detail);
    }

    [Fact]
    public void Filesystems_without_a_disk_of_their_own_are_named()
    {
        using var tree = new FakeTree();
        tree.File(
            "/proc/self/mountinfo",
            "27 1 254:0 / / rw - ext4 /dev/vda rw\n99 27 0:44 / /mnt rw,relatime shared:1 - nfs4 server:/x "
                + "rw\n");
        ProbeTarget target = FakeTree.FileOn(0, 44) with { MountId = 99 };
        CapabilityCheck check = NvmeDeviceChecks.CharDevice(tree.Environment, target);
        Assert.Equal(CapabilityOutcome.Missing, check.Outcome);
        Assert.Contains("(nfs4)", check.Detail);
    }

    [Fact]
    public void Without_sys_nothing_can_be_told()
    {
        using var tree = new FakeTree();
        Assert.Equal(CapabilityOutcome.CannotTell, Check(tree, 259, 0).Outcome);
    }

    [Fact]
    public void Without_a_path_any_character_device_counts()
    {
        using var tree = new FakeTree();
        Assert.Equal(
            CapabilityOutcome.Missing,
                NvmeDeviceChecks.CharDevice(tree.Environment, ProbeTarget.None).Outcome);
        tree.Folder("/sys/class/nvme-generic/ng0n1").Folder("/sys/class/nvme-generic/ng1n1").File(
            "/dev/ng1n1", "");
        CapabilityCheck check = NvmeDeviceChecks.CharDevice(tree.Environment, ProbeTarget.None);
        Assert.Equal(CapabilityOutcome.Ok, check.Outcome);
        Assert.Contains("/dev/ng1n1 can be opened", check.Detail);
    }

    [Fact]
    public void The_character_device_itself_may_be_given()
    {
        using var tree = new FakeTree();
        tree.Folder("/sys/devices/x/nvme0/ng0n1").Link("/sys/dev/char/241:0", "/sys/devices/x/nvme0/ng0n1")
            .File("/dev/ng0n1", "");
        ProbeTarget target = FakeTree.FileOn(241, 0) with { Kind = ProbeTargetKind.CharDevice };
        Assert.Equal(CapabilityOutcome.Ok, NvmeDeviceChecks.CharDevice(tree.Environment, target).Outcome);
        target = target with { Device = (1, 3) };
        Assert.Equal(CapabilityOutcome.Missing,
            NvmeDeviceChecks.CharDevice(tree.Environment, target).Outcome);
    }

    [Theory]
    [InlineData(Libc.ENOENT, CapabilityOutcome.Missing)]
    [InlineData(Libc.EACCES, CapabilityOutcome.NoPermission)]
    [InlineData(Libc.EIO, CapabilityOutcome.CannotTell)]
    public void A_path_that_cannot_be_looked_at_says_why(int errno, object expected)
    {
        using var tree = new FakeTree();
        var target = new ProbeTarget { Kind = ProbeTargetKind.Unreachable, Path = "x", Errno = errno };
        Assert.Equal(expected, NvmeDeviceChecks.CharDevice(tree.Environment, target).Outcome);
        Assert.Equal(expected, FileChecks.DirectIo(target).Outcome);
    }

    private static CapabilityCheck Check(FakeTree tree, uint major, uint minor) =>
        NvmeDeviceChecks.CharDevice(tree.Environment, FakeTree.FileOn(major, minor));
}
