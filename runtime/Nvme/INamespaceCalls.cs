#nullable enable
using System;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu;

/// <summary>
/// The system calls by which a namespace is opened, replaceable so that what is made of the answers can be
/// tested without a drive.
/// </summary>
#if !NVMEGPU_PUBLIC
[Microsoft.CodeAnalysis.Embedded]
#endif
interface INamespaceCalls
{
    /// <summary>Opens for reading; null with the error number.</summary>
    SafeFileHandle? Open(string path, out int errno);

    /// <summary>The device number of an open character device; null when it is none.</summary>
    (uint Major, uint Minor)? DeviceOf(SafeFileHandle handle);

    /// <summary>NVME_IOCTL_ID: the namespace's number, or a negative error number.</summary>
    int NamespaceId(SafeFileHandle handle);

    /// <summary>The admin command Identify, whose answer has 4096 bytes.</summary>
    /// <returns>0, a negative error number, or a status above 0.</returns>
    int Identify(SafeFileHandle handle, uint namespaceId, byte structure, Span<byte> answer);
}
