#nullable enable
using System;
using System.Runtime.InteropServices;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>
/// One GPU, and what decides how it is used; read once. Source: CUDA Driver API, cuDeviceGetAttribute.
/// <para>Threads: all members may be used from any thread.</para>
/// </summary>
sealed partial class CudaDevice
{
    private const int NameBytesMax = 256;
    private const int PciAddressBytesMax = 32;

    internal CudaDevice(CudaDriver driver, int ordinal, int handle)
    {
        Driver = driver;
        Ordinal = ordinal;
        Handle = handle;
        Name = ReadName();
        PciAddress = ReadPciAddress();
        TotalMemoryBytes = ReadTotalMemory();
        ComputeCapability = new Version(
            Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
            Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
        MultiprocessorCount = Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        CanMapHostMemory = Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY) != 0;
        CanRegisterHostMemory = Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED) != 0;
        CanUseHostPointer =
            Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM) != 0;
        HasKernelTimeLimit = Read(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT) != 0;
        PeerWritesOrdering = (CUGPUDirectRDMAWritesOrdering)Read(
            CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GPU_DIRECT_RDMA_WRITES_ORDERING);
    }

    /// <summary>The driver that it belongs to.</summary>
    public CudaDriver Driver { get; }

    /// <summary>Its number in this process, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>The raw <c>CUdevice</c>.</summary>
    public int Handle { get; }

    /// <summary>For example <c>NVIDIA H200</c>.</summary>
    public string Name { get; }

    /// <summary>As /sys/bus/pci/devices spells it, for example 0000:65:00.0.</summary>
    public string PciAddress { get; }

    /// <summary>Bytes of the device's own memory.</summary>
    public long TotalMemoryBytes { get; }

    /// <summary>For example 9.0 for sm_90.</summary>
    public Version ComputeCapability { get; }

    /// <summary>Multiprocessors, 1 and more.</summary>
    public int MultiprocessorCount { get; }

    /// <summary>Host memory can be mapped into the device's addresses.</summary>
    public bool CanMapHostMemory { get; }

    /// <summary>Memory that the program has allocated itself can be registered (cuMemHostRegister).</summary>
    public bool CanRegisterHostMemory { get; }

    /// <summary>The device uses the host's address of registered memory: both pointers are equal.</summary>
    public bool CanUseHostPointer { get; }

    /// <summary>Kernels that run too long are ended, because the device drives a display.</summary>
    public bool HasKernelTimeLimit { get; }

    /// <summary>
    /// Which GPUs see writes of other PCI devices into this one's memory in order, without a flush.
    /// </summary>
    public CUGPUDirectRDMAWritesOrdering PeerWritesOrdering { get; }

    private int Read(CUdevice_attribute attribute)
    {
        int value = 0;
        CUresult result;
        // SAFETY: a bound function; the number is written during the call only.
        unsafe
        {
            result = Driver.Functions.cuDeviceGetAttribute(&value, attribute, Handle);
        }
        Driver.Check($"cuDeviceGetAttribute({attribute}) of device {Ordinal}", result);
        return value;
    }

    private string ReadName()
    {
        string name;
        CUresult result;
        // SAFETY: a bound function that writes into the array and is told its length; the last byte stays 0.
        unsafe
        {
            sbyte* text = stackalloc sbyte[NameBytesMax + 1];
            text[0] = text[NameBytesMax] = 0;
            result = Driver.Functions.cuDeviceGetName(text, NameBytesMax, Handle);
            name = Marshal.PtrToStringUTF8((nint)text) ?? "";
        }
        Driver.Check($"cuDeviceGetName of device {Ordinal}", result);
        return name;
    }

    private string ReadPciAddress()
    {
        string address;
        CUresult result;
        // SAFETY: a bound function that writes into the array and is told its length; the last byte stays 0.
        unsafe
        {
            sbyte* text = stackalloc sbyte[PciAddressBytesMax + 1];
            text[0] = text[PciAddressBytesMax] = 0;
            result = Driver.Functions.cuDeviceGetPCIBusId(text, PciAddressBytesMax, Handle);
            address = Marshal.PtrToStringUTF8((nint)text) ?? "";
        }
        Driver.Check($"cuDeviceGetPCIBusId of device {Ordinal}", result);
        return address.ToLowerInvariant(); // the driver writes hexadecimal letters as capitals
    }

    private long ReadTotalMemory()
    {
        nuint bytes = 0;
        CUresult result;
        // SAFETY: a bound function; the number is written during the call only.
        unsafe
        {
            result = Driver.Functions.cuDeviceTotalMem_v2(&bytes, Handle);
        }
        Driver.Check($"cuDeviceTotalMem of device {Ordinal}", result);
        return (long)bytes;
    }
}
