#nullable enable
using NvmeGpu.Bindings;

/// <summary>An NVMe ioctl is synchronous: its command and its data may lie on the stack.</summary>
public static unsafe class IoctlIdentify
{
    public static uint NamespaceCount(int controllerFd)
    {
        uint* page = stackalloc uint[1024];
        nvme_passthru_cmd command = default;
        command.opcode = 0x06;
        command.addr = (ulong)page;
        command.data_len = 4096;
        command.cdw10 = 1;
        int status = Libc.ioctl(controllerFd, NvmeIoctl.NVME_IOCTL_ADMIN_CMD, &command);
        return status == 0 ? page[129] : 0;
    }
}
