#nullable enable
using System.Runtime.InteropServices;
using NvmeGpu;
using NvmeGpu.Contracts;

/// <summary>An interface with contracts and a caller that waits before it frees.</summary>
public unsafe interface IBlockDevice
{
    void BeginRead([KernelRetains(Until.Completion)] void* into, int bytes, long offset);

    [Completes]
    int End();
}

public static unsafe class DeviceUser
{
    public static int ReadHead(IBlockDevice device)
    {
        byte* head = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        device.BeginRead(head, 4096, 0);
        int count = device.End();
        int magic = count >= 4 ? *(int*)head : 0;
        NativeMemory.AlignedFree(head);
        return magic;
    }

    public static int ReadOnStack(IBlockDevice device)
    {
        int value = 0;
        device.BeginRead(&value, sizeof(int), 0);
        return device.End() == sizeof(int) ? value : 0;
    }
}
