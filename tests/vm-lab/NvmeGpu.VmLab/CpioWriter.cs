using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace NvmeGpu.VmLab;

/// <summary>
/// Writes an archive that the kernel unpacks as its first root filesystem: cpio's "newc" format
/// (Documentation/driver-api/early-userspace/buffer-format.rst). Owners and device nodes are only numbers in
/// it, so nobody needs to be root.
/// </summary>
internal sealed class CpioWriter(Stream stream) : IDisposable
{
    private const int HeaderBytes = 110;

    private const uint S_IFDIR = 0x4000;
    private const uint S_IFREG = 0x8000;
    private const uint S_IFCHR = 0x2000;

    private readonly HashSet<string> _folders = [];
    private uint _inode;

    /// <summary>An empty folder; its parents are made as well.</summary>
    public void AddFolder(string path)
    {
        string name = path.Trim('/');
        AddParents(name);
        if (_folders.Add(name))
        {
            Write(name, S_IFDIR | 0x1ED, []); // 0755
        }
    }

    /// <summary>A file that everybody may read and run; its folders are made as well.</summary>
    public void AddFile(string path, ReadOnlySpan<byte> content)
    {
        string name = path.Trim('/');
        AddParents(name);
        Write(name, S_IFREG | 0x1ED, content);
    }

    public void AddCharacterDevice(string path, uint major, uint minor)
    {
        string name = path.Trim('/');
        AddParents(name);
        Write(name, S_IFCHR | 0x180, [], major, minor); // 0600
    }

    /// <summary>Ends the archive. The stream is the caller's.</summary>
    public void Dispose() => Write("TRAILER!!!", 0, []);

    private void AddParents(string name)
    {
        if (Path.GetDirectoryName(name) is { Length: > 0 } parent)
        {
            AddFolder(parent);
        }
    }

    private void Write(
        string name, uint mode, ReadOnlySpan<byte> content, uint deviceMajor = 0, uint deviceMinor = 0)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name + "\0");
        _inode++;
        // Magic, then 13 numbers of 8 hexadecimal digits: inode, mode, uid, gid, links, time, length, the
        // filesystem's device, the node's device, length of the name, checksum (unused).
        uint[] numbers =
        [
            _inode, mode, 0, 0, 1, 0, (uint)content.Length, 0, 0, deviceMajor, deviceMinor,
            (uint)nameBytes.Length, 0,
        ];
        var header = new StringBuilder("070701", HeaderBytes);
        foreach (uint number in numbers)
        {
            header.Append($"{number:X8}");
        }
        stream.Write(Encoding.ASCII.GetBytes(header.ToString()));
        stream.Write(nameBytes);
        Pad(HeaderBytes + nameBytes.Length);
        stream.Write(content);
        Pad(content.Length);
    }

    // Name and content each end at a multiple of 4.
    private void Pad(int length) => stream.Write(new byte[-length & 3]);
}
