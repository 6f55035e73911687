using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;
using NvmeGpu.Runtime.Tests.Probe;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>What filesystems may answer, and which files are refused.</summary>
public sealed class FileExtentsTests : IDisposable
{
    private const string Disk = "/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/nvme/nvme0/nvme0n1";
    private const long PartitionStart = 1050624L * 512;

    private readonly FakeTree _tree = new FakeTree().NvmeDisk()
        .File("/proc/self/mountinfo", "7 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw,errors=remount-ro\n");

    private readonly SafeFileHandle _file = File.OpenHandle("/dev/null");

    private readonly NvmeNamespace _source = Namespace(512, 1 << 24);

    [Fact]
    public void Extents_become_blocks_of_the_namespace_behind_the_partitions_start()
    {
        FileExtents map = Map(new Filesystem(
            10_000, new(0, 8192, 4096, 0), new(4096, 1 << 20, 8192, Libc.FIEMAP_EXTENT_LAST)));
        Assert.Equal(
            [
                new(0, 4096, (ulong)(PartitionStart + 8192) / 512),
                new(4096, 8192, (ulong)(PartitionStart + (1 << 20)) / 512),
            ],
            map.Extents);
        Assert.Equal(10_000, map.LengthBytes);

        Assert.Equal(map.Extents[0], map.Find(0));
        Assert.Equal(new(512, 3584, map.Extents[0].Lba + 1), map.Find(512));
        Assert.Equal(map.Extents[1], map.Find(4096));
        Assert.Equal(new(9728, 2560, map.Extents[1].Lba + 11), map.Find(9728));
        foreach (long offset in new[] { -512L, 1, 511, 10_240, 9_729, long.MaxValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => map.Find(offset));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void Files_in_many_pieces_are_found_whole(int count)
    {
        RawExtent[] raw = [.. Enumerable.Range(0, count).Select(i => new RawExtent(
            (ulong)i * 4096, (ulong)(count - i) * 65_536, 4096,
            i == count - 1 ? Libc.FIEMAP_EXTENT_LAST : Libc.FIEMAP_EXTENT_MERGED))];
        FileExtents map = Map(new Filesystem(count * 4096L, raw));
        Assert.Equal(count, map.Extents.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(
                new((i * 4096L) + 512, 3584, ((ulong)PartitionStart + raw[i].PhysicalBytes + 512) / 512),
                map.Find((i * 4096L) + 512));
        }
        Assert.Empty(Map(new Filesystem(0)).Extents);
    }

    [Theory]
    [InlineData(Libc.FIEMAP_EXTENT_UNKNOWN, "does not know")]
    [InlineData(Libc.FIEMAP_EXTENT_UNKNOWN | Libc.FIEMAP_EXTENT_DELALLOC, "no place on the drive yet")]
    [InlineData(Libc.FIEMAP_EXTENT_ENCODED, "encoded")]
    [InlineData(Libc.FIEMAP_EXTENT_ENCODED | Libc.FIEMAP_EXTENT_DATA_ENCRYPTED, "encrypted")]
    [InlineData(Libc.FIEMAP_EXTENT_NOT_ALIGNED, "no whole blocks")]
    [InlineData(Libc.FIEMAP_EXTENT_NOT_ALIGNED | Libc.FIEMAP_EXTENT_DATA_INLINE, "inside its inode")]
    [InlineData(Libc.FIEMAP_EXTENT_NOT_ALIGNED | Libc.FIEMAP_EXTENT_DATA_TAIL, "shares a block")]
    [InlineData(Libc.FIEMAP_EXTENT_UNWRITTEN | Libc.FIEMAP_EXTENT_LAST, "never written")]
    [InlineData(0x10u, "not known")]
    [InlineData(0x80000000u, "not known")]
    public void Extents_whose_bytes_are_not_there_or_not_so_are_refused_by_name(uint flags, string words)
    {
        Assert.Contains(words, Refused(new Filesystem(4096, new RawExtent(0, 8192, 4096, flags))));
        Assert.Contains(words, Refused(new Filesystem(
            8192, new(0, 8192, 4096, 0), new(4096, 65_536, 4096, flags))));
    }

    [Theory]
    [InlineData(Libc.FIEMAP_EXTENT_LAST)]
    [InlineData(Libc.FIEMAP_EXTENT_MERGED)]
    [InlineData(Libc.FIEMAP_EXTENT_SHARED)]
    public void Extents_that_are_shared_or_merged_are_read_like_others(uint flags) =>
        Assert.Single(Map(new Filesystem(4096, new RawExtent(0, 8192, 4096, flags))).Extents);

    [Fact]
    public void Blocks_kept_beyond_the_end_are_no_part_of_the_file()
    {
        var kept = new RawExtent(
            4096, 65_536, 1 << 20, Libc.FIEMAP_EXTENT_UNWRITTEN | Libc.FIEMAP_EXTENT_LAST);
        Assert.Single(Map(new Filesystem(4096, new(0, 8192, 4096, 0), kept)).Extents);
        Assert.Empty(Map(new Filesystem(0, kept with { OffsetBytes = 0 })).Extents);
        Assert.Contains("hole from byte 0", Refused(new Filesystem(4096, kept)));
    }

    [Fact]
    public void Holes_are_refused_with_their_place()
    {
        Assert.Contains("hole at byte 0", Refused(new Filesystem(8192, new RawExtent(4096, 8192, 4096, 1))));
        Assert.Contains("hole at byte 4096", Refused(new Filesystem(
            16_384, new(0, 8192, 4096, 0), new(8192, 65_536, 8192, 1))));
        Assert.Contains(
            "hole from byte 4096", Refused(new Filesystem(8192, new RawExtent(0, 8192, 4096, 1))));
        Assert.Contains("hole from byte 0", Refused(new Filesystem(8192)));
        Assert.Contains("hole", Refused(new Filesystem(
            8192, new(0, 8192, 8192, 0), new(4096, 65_536, 4096, 1)))); // the same bytes twice
    }

    [Theory]
    [InlineData(0ul, 4096ul)]
    [InlineData(8193ul, 4096ul)]
    [InlineData(8192ul, 100ul)]
    [InlineData((1ul << 33) - 4096, 4096ul)] // the partition begins later
    [InlineData(ulong.MaxValue - 511, 4096ul)]
    [InlineData(8192ul, ulong.MaxValue - 4095)]
    public void Extents_that_are_no_blocks_of_the_namespace_are_refused(ulong physical, ulong length)
    {
        var filesystem = new Filesystem(4096, new RawExtent(0, physical, length, 1));
        if (physical == 0)
        {
            Assert.Equal((ulong)PartitionStart / 512, Map(filesystem).Extents[0].Lba);
            return;
        }
        Assert.Contains("no range of whole blocks", Refused(filesystem));
    }

    [Fact]
    public void Only_files_whose_blocks_are_their_bytes_are_taken()
    {
        var good = new Filesystem(4096, new RawExtent(0, 8192, 4096, 1));
        Assert.Single(Map(good).Extents);
        Assert.Single(Map(good with { Type = Libc.XFS_SUPER_MAGIC, Flags = uint.MaxValue }).Extents);

        Assert.Contains("neither ext4 nor xfs", Refused(good with { Type = 0x9123683E })); // btrfs
        Assert.Contains("realtime", Refused(good with { Type = Libc.XFS_SUPER_MAGIC, ExtendedBits = 1 }));
        Assert.Contains("journal", Refused(good with { Flags = Libc.FS_JOURNAL_DATA_FL }));
        Assert.Contains("compressed", Refused(good with { Attributes = Libc.STATX_ATTR_COMPRESSED }));
        Assert.Contains("encrypted", Refused(good with { Attributes = Libc.STATX_ATTR_ENCRYPTED }));
        Assert.Contains("fs-verity", Refused(good with { Attributes = Libc.STATX_ATTR_VERITY }));
        Assert.Contains("regular", Refused(good with { IsRegular = false }));
        Assert.Contains("no single drive", Refused(good with { Device = (0, 44) }));
        Assert.Contains("leads nowhere", Refused(good with { Device = (8, 1) }));
        Assert.Contains("its extents", Refused(good with { Errno = Libc.EOPNOTSUPP }));

        foreach (string options in new[] { "rw,data=journal", "data=journal,rw", "" })
        {
            _tree.File("/proc/self/mountinfo", $"7 1 259:2 / / rw - ext4 /dev/nvme0n1p2 {options}".Trim());
            Assert.Contains("journal", Refused(good));
        }
        _tree.File("/proc/self/mountinfo", "8 1 259:2 / / rw - ext4 /dev/nvme0n1p2 rw\n");
        Assert.Contains("journal", Refused(good)); // the mount is not in the list
    }

    [Fact]
    public void A_file_of_another_drive_and_formats_with_metadata_are_refused()
    {
        var good = new Filesystem(4096, new RawExtent(0, 8192, 4096, 1));
        using NvmeNamespace other = Namespace(512, 1 << 24, "ng1n1");
        Assert.Contains("lies on nvme0n1", Assert.Throws<NvmeException>(
            () => FileExtents.Map(_tree.Environment, good, _file, other)).Message);
        using NvmeNamespace extended = Namespace(512, 1 << 24, metadataBytes: 8);
        Assert.Contains("metadata", Assert.Throws<NvmeException>(
            () => FileExtents.Map(_tree.Environment, good, _file, extended)).Message);
        _tree.File(Disk + "/nvme0n1p2/start", "1050625\n"); // no multiple of 4 KiB
        using NvmeNamespace large = Namespace(4096, 1 << 21);
        Assert.Contains("begins inside one", Assert.Throws<NvmeException>(
            () => FileExtents.Map(_tree.Environment, good, _file, large)).Message);
    }

    [Fact]
    public void Every_change_between_two_looks_is_noticed()
    {
        var good = new Filesystem(4096, new RawExtent(0, 8192, 4096, 1));
        var moving = new Moving(good);
        FileExtents map = Map(moving);
        Assert.True(map.IsUnchanged());
        foreach (Filesystem changed in new[]
        {
            good with { LengthBytes = 4095 },
            good with { Modified = 2 },
            good with { Changed = 2 },
            good with { Inode = 2 },
            good with { Attributes = Libc.STATX_ATTR_ENCRYPTED },
            good with { Raw = [new(0, 12_288, 4096, 1)] },
            good with { Raw = [new(0, 8192, 8192, 1)] },
            good with { Raw = [new(0, 8192, 4096, Libc.FIEMAP_EXTENT_UNWRITTEN)] },
            good with { Raw = [new(0, 8192, 2048, 0), new(2048, 10_240, 2048, 1)] },
            good with { Errno = Libc.EIO },
        })
        {
            moving.Current = changed;
            Assert.False(map.IsUnchanged());
            moving.Current = good;
            Assert.True(map.IsUnchanged());
        }
        moving.AfterFirstLook = good with { Changed = 3 };
        Assert.Contains("written to meanwhile", Assert.Throws<NvmeException>(() => Map(moving)).Message);
    }

    /// <summary>A slot of a file in pieces: only what lies in it counts, and the file's state.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_change_of_a_part_is_noticed_however_the_filesystem_cuts_its_extents(bool isCut)
    {
        var good = new Filesystem(
            10_000, new(0, 8192, 4096, 0), new(4096, 12_288, 4096, 0), new(8192, 65_536, 4096, 1))
        {
            IsCutAtStart = isCut,
        };
        var moving = new Moving(good);
        FileExtents map = Map(moving);
        (long Start, long Length)[] parts =
        [
            (0, 10_000), (0, 4096), (512, 100), (512, 4096), (4096, 4096), (4608, 5392), (9728, 272), (0, 0),
        ];
        Assert.All(parts, part => Assert.True(map.IsUnchanged(part.Start, part.Length)));

        // The same blocks in other pieces are the same blocks.
        moving.Current = good with { Raw = [new(0, 8192, 1024, 0), new(1024, 9216, 7168, 0), good.Raw[2]] };
        Assert.All(parts, part => Assert.True(map.IsUnchanged(part.Start, part.Length)));

        foreach ((Filesystem changed, long from, long to) in new (Filesystem, long, long)[]
        {
            (good with { Raw = [good.Raw[0], new(4096, 16_384, 4096, 0), good.Raw[2]] }, 4096, 8192),
            (good with { Raw = [good.Raw[0], good.Raw[2]] }, 4096, 8192),
            (good with { Raw = [good.Raw[0], new(4096, 12_288, 1024, 0), new(5120, 14_336, 3072, 0),
                good.Raw[2]] }, 5120, 8192),
            (good with { Raw = [good.Raw[0], good.Raw[1]] }, 8192, 10_000),
            (good with { Raw = [new(0, 8192, 12_288, 1)] }, 8192, 10_000), // in one piece now
            (good with { Raw = [new(0, 8192, 4096, Libc.FIEMAP_EXTENT_UNWRITTEN), good.Raw[1], good.Raw[2]] },
                0, 4096),
            (good with { LengthBytes = 10_001 }, 0, 10_000),
            (good with { Changed = 2 }, 0, 10_000),
            (good with { Modified = 2 }, 0, 10_000),
            (good with { Errno = Libc.EIO }, 0, 10_000),
        })
        {
            moving.Current = changed;
            Assert.False(map.IsUnchanged(from, to - from), $"{changed}");
            Assert.False(map.IsUnchanged(0, 10_000), $"{changed}");
            moving.Current = good;
            Assert.True(map.IsUnchanged(from, to - from));
        }
        foreach ((long start, long length) in
            new (long, long)[] { (-512, 512), (0, -1), (0, 10_001), (100, 1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => map.IsUnchanged(start, length));
        }

        moving.Current = good;
        _ = map.IsUnchanged(0, 10_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _ = map.IsUnchanged(0, 0);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    public void Dispose()
    {
        _source.Dispose();
        _file.Dispose();
        _tree.Dispose();
    }

    internal static NvmeNamespace Namespace(
        int dataBytes, ulong lengthLbas, string name = "ng0n1", int metadataBytes = 0) => new(
            File.OpenHandle("/dev/null"), "/dev/" + name, 1,
            new NamespaceFormat(lengthLbas, dataBytes, metadataBytes, metadataBytes > 0, 0),
            new NamespaceLimits(1 << 20, 1 << 20, null), [], false, 0)
        {
            GenericName = name,
        };

    private FileExtents Map(IExtentCalls calls) =>
        FileExtents.Map(_tree.Environment, calls, _file, _source);

    private string Refused(Filesystem filesystem) =>
        Assert.Throws<NvmeException>(() => Map(filesystem)).Message;

    /// <summary>One file as a filesystem describes it.</summary>
    private sealed record Filesystem(long LengthBytes, params IReadOnlyList<RawExtent> Raw) : IExtentCalls
    {
        public long Type { get; init; } = Libc.EXT4_SUPER_MAGIC;

        public uint Flags { get; init; }

        public uint ExtendedBits { get; init; }

        public ulong Attributes { get; init; }

        public bool IsRegular { get; init; } = true;

        public (uint, uint) Device { get; init; } = (259, 2);

        public ulong Inode { get; init; } = 1;

        public long Modified { get; init; } = 1;

        public long Changed { get; init; } = 1;

        public int Errno { get; init; }

        /// <summary>Extents begin where the question does, as the kernel's iomap has it.</summary>
        public bool IsCutAtStart { get; init; }

        public int State(SafeFileHandle file, out FileState state)
        {
            state = new FileState(
                Device, Inode, LengthBytes, (Modified, 0), (Changed, 0), Attributes, IsRegular, 7);
            return 0;
        }

        public int FilesystemType(SafeFileHandle file, out long type)
        {
            type = Type;
            return 0;
        }

        public int InodeFlags(SafeFileHandle file, out uint flags)
        {
            flags = Flags;
            return 0;
        }

        public int ExtendedFlags(SafeFileHandle file, out uint flags)
        {
            flags = ExtendedBits;
            return 0;
        }

        public int Extents(SafeFileHandle file, ulong fromBytes, Span<RawExtent> extents)
        {
            RawExtent[] rest = [.. Raw.Where(extent => extent.OffsetBytes + extent.LengthBytes > fromBytes)];
            int count = Math.Min(rest.Length, extents.Length);
            rest.AsSpan(0, count).CopyTo(extents);
            if (IsCutAtStart && count > 0 && rest[0].OffsetBytes < fromBytes)
            {
                ulong cutBytes = fromBytes - rest[0].OffsetBytes;
                extents[0] = new(
                    fromBytes, rest[0].PhysicalBytes + cutBytes, rest[0].LengthBytes - cutBytes,
                    rest[0].Flags);
            }
            return Errno != 0 ? -Errno : count;
        }
    }

    /// <summary>A file that changes.</summary>
    private sealed class Moving(Filesystem current) : IExtentCalls
    {
        public Filesystem Current { get; set; } = current;

        public Filesystem? AfterFirstLook { get; set; }

        public int State(SafeFileHandle file, out FileState state)
        {
            int result = Current.State(file, out state);
            Current = AfterFirstLook ?? Current;
            return result;
        }

        public int FilesystemType(SafeFileHandle file, out long type) =>
            Current.FilesystemType(file, out type);

        public int InodeFlags(SafeFileHandle file, out uint flags) => Current.InodeFlags(file, out flags);

        public int ExtendedFlags(SafeFileHandle file, out uint flags) =>
            Current.ExtendedFlags(file, out flags);

        public int Extents(SafeFileHandle file, ulong fromBytes, Span<RawExtent> extents) =>
            Current.Extents(file, fromBytes, extents);
    }
}
