using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Probe;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>
/// Real files on this machine's filesystem, whose device stands in for a namespace: what is read from the
/// device at the blocks that were found is the file. Needs ext4 or xfs on a disk of its own.
/// </summary>
public sealed class RealExtentsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTree _tree = new();
    private readonly SafeFileHandle? _device;
    private readonly NvmeNamespace? _source;

    public RealExtentsTests()
    {
        ProbeTarget target = ProbeTarget.Look(_folder.FullPath);
        (uint major, uint minor) = target.Device;
        BlockDevice? disk = BlockDevice.Find(ProbeEnvironment.Real, target.Device, out _);
        if (major == 0 || disk is null)
        {
            return;
        }
        // The real device number leads to a made-up drive of the same size; the partition keeps its start.
        const string Made = "/sys/devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme0n1";
        string link = disk.IsPartition ? Made + "/nvme0n1p1" : Made;
        _tree.Folder(link).Link($"/sys/dev/block/{major}:{minor}", link)
            .File("/proc/self/mountinfo", File.ReadAllText("/proc/self/mountinfo"));
        if (disk.IsPartition)
        {
            _tree.File(link + "/partition", "1").File(link + "/start", $"{disk.PartitionStartBytes / 512}");
        }
        _device = ProbeTarget.Open("/dev/" + disk.Name, Libc.O_DIRECT, out _);
        long? sectors = ProbeEnvironment.Real.ReadNumber(disk.Folder + "/size");
        _source = sectors > 0 ? FileExtentsTests.Namespace(512, (ulong)sectors) : null;
    }

    [Fact]
    public void What_the_device_has_at_the_blocks_is_the_file()
    {
        Require();
        Requirement.Hardware(
            _device is not null, "the temporary folder's device may not be read by this process");
        using SafeFileHandle file = File.OpenHandle(TestFile.Create(_folder, "data", (3 << 20) + 777));
        FileExtents map = Map(file);
        Assert.Equal((3 << 20) + 777, map.LengthBytes);
        Assert.True(map.IsUnchanged());
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(64 << 10);
        for (long offset = 0; offset < map.LengthBytes;)
        {
            FileExtent extent = map.Find(offset);
            int count = (int)Math.Min(64 << 10, extent.LengthBytes);
            int inFile = (int)Math.Min(count, map.LengthBytes - offset);
            unsafe
            {
                var bytes = new Span<byte>((void*)buffer.Address, count);
                Assert.Equal(count, RandomAccess.Read(_device!, bytes, (long)extent.Lba * 512));
                Assert.True(bytes[..inFile].SequenceEqual(TestFile.Expected(offset, inFile)), $"at {offset}");
            }
            offset += count;
        }
    }

    [Fact]
    public void Blocks_that_were_never_written_and_holes_are_refused()
    {
        Require();
        using (SafeFileHandle reserved = File.OpenHandle(
            _folder.PathOf("reserved"), FileMode.Create, FileAccess.ReadWrite, preallocationSize: 1 << 20))
        {
            RandomAccess.SetLength(reserved, 1 << 20);
            Assert.Contains("never written", Assert.Throws<NvmeException>(() => Map(reserved)).Message);
        }
        using SafeFileHandle sparse = File.OpenHandle(
            _folder.PathOf("sparse"), FileMode.Create, FileAccess.ReadWrite);
        RandomAccess.Write(sparse, new byte[4096], 0);
        RandomAccess.SetLength(sparse, 1 << 20);
        Assert.Contains("hole", Assert.Throws<NvmeException>(() => Map(sparse)).Message);
    }

    [Fact]
    public void Writing_appending_and_shortening_are_noticed()
    {
        Require();
        foreach (string what in new[] { "write", "append", "shorten" })
        {
            string path = TestFile.Create(_folder, what, 256 << 10);
            using SafeFileHandle file = File.OpenHandle(path, access: FileAccess.ReadWrite);
            FileExtents map = Map(file);
            Assert.True(map.IsUnchanged());
            System.Threading.Thread.Sleep(20); // longer than the filesystem's clock ticks
            switch (what)
            {
                case "write":
                    RandomAccess.Write(file, new byte[10], 4096);
                    break;
                case "append":
                    RandomAccess.Write(file, new byte[100_000], 256 << 10);
                    break;
                default:
                    RandomAccess.SetLength(file, 100_000);
                    break;
            }
            Assert.False(map.IsUnchanged(), what);
        }
    }

    [Fact]
    public async Task Structures_and_constants_are_those_of_the_C_compiler()
    {
        (string Expression, ulong Value)[] facts;
        unsafe
        {
            facts =
            [
                ("sizeof(struct fiemap)", (ulong)sizeof(fiemap)),
                ("offsetof(struct fiemap, fm_length)", 8),
                ("offsetof(struct fiemap, fm_mapped_extents)", 20),
                ("offsetof(struct fiemap, fm_extents)", 32),
                ("sizeof(struct fiemap_extent)", (ulong)sizeof(fiemap_extent)),
                ("offsetof(struct fiemap_extent, fe_physical)", 8),
                ("offsetof(struct fiemap_extent, fe_length)", 16),
                ("offsetof(struct fiemap_extent, fe_flags)", 40),
                ("sizeof(struct fsxattr)", (ulong)sizeof(fsxattr)),
                ("sizeof(struct statfs)", (ulong)sizeof(libc_statfs)),
                ("sizeof(struct statx)", (ulong)sizeof(libc_statx)),
                ("offsetof(struct statx, stx_ctime)", OffsetOf(nameof(libc_statx.stx_ctime))),
                ("offsetof(struct statx, stx_mtime)", OffsetOf(nameof(libc_statx.stx_mtime))),
                ("offsetof(struct statx, stx_dev_minor)", OffsetOf(nameof(libc_statx.stx_dev_minor))),
                ("FS_IOC_FIEMAP", Libc.FS_IOC_FIEMAP), ("FS_IOC_GETFLAGS", Libc.FS_IOC_GETFLAGS),
                ("FS_IOC_FSGETXATTR", Libc.FS_IOC_FSGETXATTR),
                ("FS_JOURNAL_DATA_FL", Libc.FS_JOURNAL_DATA_FL),
                ("FS_XFLAG_REALTIME", Libc.FS_XFLAG_REALTIME),
                ("FIEMAP_FLAG_SYNC", Libc.FIEMAP_FLAG_SYNC), ("FIEMAP_EXTENT_LAST", Libc.FIEMAP_EXTENT_LAST),
                ("FIEMAP_EXTENT_UNKNOWN", Libc.FIEMAP_EXTENT_UNKNOWN),
                ("FIEMAP_EXTENT_DELALLOC", Libc.FIEMAP_EXTENT_DELALLOC),
                ("FIEMAP_EXTENT_ENCODED", Libc.FIEMAP_EXTENT_ENCODED),
                ("FIEMAP_EXTENT_DATA_ENCRYPTED", Libc.FIEMAP_EXTENT_DATA_ENCRYPTED),
                ("FIEMAP_EXTENT_NOT_ALIGNED", Libc.FIEMAP_EXTENT_NOT_ALIGNED),
                ("FIEMAP_EXTENT_DATA_INLINE", Libc.FIEMAP_EXTENT_DATA_INLINE),
                ("FIEMAP_EXTENT_DATA_TAIL", Libc.FIEMAP_EXTENT_DATA_TAIL),
                ("FIEMAP_EXTENT_UNWRITTEN", Libc.FIEMAP_EXTENT_UNWRITTEN),
                ("FIEMAP_EXTENT_MERGED", Libc.FIEMAP_EXTENT_MERGED),
                ("FIEMAP_EXTENT_SHARED", Libc.FIEMAP_EXTENT_SHARED),
                ("EXT4_SUPER_MAGIC", (ulong)Libc.EXT4_SUPER_MAGIC),
                ("XFS_SUPER_MAGIC", (ulong)Libc.XFS_SUPER_MAGIC),
                ("STATX_ATTR_COMPRESSED", Libc.STATX_ATTR_COMPRESSED),
                ("STATX_ATTR_ENCRYPTED", Libc.STATX_ATTR_ENCRYPTED),
                ("STATX_ATTR_VERITY", Libc.STATX_ATTR_VERITY), ("O_RDWR", Libc.O_RDWR),
            ];
        }
        string source = _folder.PathOf("facts.c");
        await File.WriteAllTextAsync(source, $$"""
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stddef.h>
            #include <sys/stat.h>
            #include <sys/statfs.h>
            #include <linux/fiemap.h>
            #include <linux/fs.h>
            #include <linux/magic.h>
            {{string.Join('\n', facts.Select(InC))}}
            """);
        ChildResult compiled;
        try
        {
            compiled = await ChildProcess.RunAsync("gcc", ["-fsyntax-only", source]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Requirement.That(false, "gcc is not there: apt-get install gcc");
            return;
        }
        Assert.True(compiled.ExitCode == 0, compiled.All);
    }

    public void Dispose()
    {
        _source?.Dispose();
        _device?.Dispose();
        _tree.Dispose();
        _folder.Dispose();
    }

    private static string InC((string Expression, ulong Value) fact) =>
        $"_Static_assert((unsigned long long)({fact.Expression}) == {fact.Value}ull, \"{fact.Expression}\");";

    private static ulong OffsetOf(string field) =>
        (ulong)System.Runtime.InteropServices.Marshal.OffsetOf<libc_statx>(field);

    private void Require()
    {
        Requirement.Hardware(
            _source is not null, "the temporary folder lies on no disk of its own");
        using SafeFileHandle any = File.OpenHandle(TestFile.Create(_folder, "any", 8192));
        Assert.Equal(0, ExtentCalls.Real.FilesystemType(any, out long type));
        Requirement.Hardware(
            type is Libc.EXT4_SUPER_MAGIC or Libc.XFS_SUPER_MAGIC,
            $"the temporary folder's filesystem (0x{type:x}) is neither ext4 nor xfs");
    }

    private FileExtents Map(SafeFileHandle file) =>
        FileExtents.Map(_tree.Environment, ExtentCalls.Real, file, _source!);
}
