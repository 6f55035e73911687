using System;
using System.Buffers.Binary;
using System.IO;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Runtime.Tests.Probe;

namespace NvmeGpu.Runtime.Tests.Nvme;

/// <summary>The answers of a made-up drive. What is opened is /dev/null.</summary>
internal sealed class FakeNamespace : INamespaceCalls
{
    public int OpenErrno { get; init; }

    public (uint, uint)? Device { get; init; } = (241, 0);

    public int Id { get; init; } = 1;

    public int IdentifyResult { get; init; }

    public byte[] Namespace { get; init; } = IdentifyNamespace(1 << 20, 9);

    public byte[] Controller { get; init; } = IdentifyController(7);

    public string? OpenedPath { get; private set; }

    public SafeFileHandle? Opened { get; private set; }

    /// <summary>A drive of 512-byte blocks at 0000:01:00.0, in /sys and /dev.</summary>
    public static FakeTree Tree(string pciPath = "pci0000:00/0000:00:01.0/0000:01:00.0")
    {
        string controller = $"/sys/devices/{pciPath}/nvme/nvme0";
        return new FakeTree().NvmeDisk(pciPath)
            .File(controller + "/nvme0n1/size", "1048576\n")
            .File(controller + "/nvme0n1/queue/max_segments", "127\n")
            .File(controller + "/ng0n1/dev", "241:0\n")
            .Link("/sys/class/nvme-generic/ng0n1", controller + "/ng0n1")
            .Link("/sys/dev/char/241:0", controller + "/ng0n1");
    }

    /// <summary>Identify Namespace with one format in use.</summary>
    public static byte[] IdentifyNamespace(
        ulong lengthLbas, byte dataShift, ushort metadataBytes = 0, bool isExtended = false, int index = 0,
        byte formatsLast = 0, byte protection = 0)
    {
        byte[] answer = new byte[4096];
        BinaryPrimitives.WriteUInt64LittleEndian(answer, lengthLbas);
        answer[25] = Math.Max(formatsLast, (byte)index);
        answer[26] = (byte)((index & 0xf) | (isExtended ? 0x10 : 0) | ((index >> 4) << 5));
        answer[29] = protection;
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(128 + (index * 4)), metadataBytes);
        answer[128 + (index * 4) + 2] = dataShift;
        return answer;
    }

    public static byte[] IdentifyController(byte transferShift)
    {
        byte[] answer = new byte[4096];
        answer[77] = transferShift;
        return answer;
    }

    /// <summary>
    /// A namespace whose device is /dev/null, which completes every command at once with 0 (Linux 6.1).
    /// </summary>
    public static NvmeNamespace OnNull(
        int dataBytes = 512, int metadataBytes = 0, bool isExtended = false, ulong lengthLbas = 1 << 20,
        long transferBytesMax = 1 << 20, long scatteredBytesMax = 512 << 10,
        RetryDelays retryDelays = default) => new(
            File.OpenHandle("/dev/null"), "/dev/null", 1,
            new NamespaceFormat(lengthLbas, dataBytes, metadataBytes, isExtended, 0),
            new NamespaceLimits(transferBytesMax, scatteredBytesMax, null) { RetryDelays = retryDelays },
            ["0000:01:00.0"], false, 0);

    public SafeFileHandle? Open(string path, out int errno)
    {
        OpenedPath = path;
        errno = OpenErrno;
        return Opened = OpenErrno == 0 ? File.OpenHandle("/dev/null") : null;
    }

    public (uint Major, uint Minor)? DeviceOf(SafeFileHandle handle) => Device;

    public int NamespaceId(SafeFileHandle handle) => Id;

    public int Identify(SafeFileHandle handle, uint namespaceId, byte structure, Span<byte> answer)
    {
        (structure == 0 ? Namespace : Controller).CopyTo(answer);
        return structure == 0 && namespaceId != (uint)Id ? 0x400b : IdentifyResult;
    }
}
