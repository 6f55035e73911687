using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using NvmeGpu.Bindings;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

/// <summary>
/// Stands in the driver's place at the function table, for error paths and bookkeeping only: it moves no byte
/// to a device and proves nothing about one. It counts what is registered, allocated and retained, refuses
/// what a driver would refuse for want of a context, and writes down what must never happen. Each call can be
/// made to fail. One at a time: function pointers have no instance, so this one is found by a static field.
/// </summary>
internal sealed unsafe class FakeCuda : IDisposable
{
    /// <summary>A caller's own context, which is alive for as long as this object.</summary>
    public const nint CallersContext = 0x7000;

    private const nint PrimaryContext = 0x1000;
    private const nint OwnStream = 0x2000;

    private static FakeCuda? s_current;

    [ThreadStatic]
    private static Stack<nint>? t_contexts;

    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private readonly List<string> _violations = [];

    public FakeCuda()
    {
        Assert.Null(Interlocked.CompareExchange(ref s_current, this, null));
        Contexts.Clear();
        Driver = new CudaDriver(
            new CudaFunctions(AddressOf), 12040, 2,
            new CapabilityCheck("cuda.driver", "", CapabilityOutcome.Ok, "A fake."));
    }

    public CudaDriver Driver { get; }

    /// <summary>The contexts of this thread, as cuCtxPushCurrent stacks them.</summary>
    public static Stack<nint> Contexts => t_contexts ??= new Stack<nint>();

    /// <summary>Which calls fail, by number (from 1) and name.</summary>
    public Func<int, string, bool> Fails { get; set; } = (_, _) => false;

    /// <summary>What they answer.</summary>
    public CUresult Answer { get; set; } = CUresult.CUDA_ERROR_UNKNOWN;

    /// <summary>From this piece on (0 is the first), device addresses are not where they should be.</summary>
    public int GapAtPiece { get; set; } = int.MaxValue;

    /// <summary>How far into a page memory of the driver's begins.</summary>
    public int HostAddressOffsetBytes { get; set; }

    public int CallCount { get; private set; }

    public int PrimaryCount { get; private set; }

    public int PrimaryCountMax { get; private set; }

    public Dictionary<nint, long> Registered { get; } = [];

    /// <summary>Pieces that were taken out, in their order.</summary>
    public List<nint> Unregistered { get; } = [];

    public Dictionary<nint, long> HostAllocations { get; } = [];

    public HashSet<ulong> DeviceAllocations { get; } = [];

    public int StreamCount { get; private set; }

    public IReadOnlyList<string> Log => _log;

    /// <summary>What must never happen, and did.</summary>
    public IReadOnlyList<string> Violations => _violations;

    public static bool IsMapped(nint address, long lengthBytes) =>
        Libc.madvise((void*)address, (nuint)lengthBytes, 0 /* MADV_NORMAL */) == 0;

    /// <summary>Said by a test's host memory when it is unmapped.</summary>
    public void OnUnmap(nint address, long lengthBytes)
    {
        lock (_lock)
        {
            _log.Add("unmap");
            foreach ((nint start, long bytes) in Registered)
            {
                if (start < address + lengthBytes && address < start + bytes)
                {
                    _violations.Add($"unmapped while 0x{start:x} is registered");
                }
            }
        }
    }

    public void Dispose()
    {
        Contexts.Clear();
        s_current = null;
    }

    /// <summary>Counts the call; whether it is to do its work.</summary>
    private static bool Enter(string name, out FakeCuda fake, out CUresult result, bool needsContext = true)
    {
        fake = s_current!;
        lock (fake._lock)
        {
            fake._log.Add(name);
            fake.CallCount++;
            result = fake.Fails(fake.CallCount, name) ? fake.Answer
                : needsContext ? fake.ContextState()
                : CUresult.CUDA_SUCCESS;
            return result == CUresult.CUDA_SUCCESS;
        }
    }

    private CUresult ContextState()
    {
        if (!Contexts.TryPeek(out nint current))
        {
            _violations.Add($"{_log[^1]} without a context");
            return CUresult.CUDA_ERROR_INVALID_CONTEXT;
        }
        if (current == PrimaryContext && PrimaryCount == 0)
        {
            _violations.Add($"{_log[^1]} in a context that is released");
            return CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED;
        }
        return CUresult.CUDA_SUCCESS;
    }

    private static nint AddressOf(string name) => name switch
    {
        nameof(CudaFunctions.cuGetErrorName) =>
            (nint)(delegate* unmanaged<CUresult, sbyte**, CUresult>)&ErrorName,
        nameof(CudaFunctions.cuGetErrorString) =>
            (nint)(delegate* unmanaged<CUresult, sbyte**, CUresult>)&ErrorString,
        nameof(CudaFunctions.cuDeviceGet) => (nint)(delegate* unmanaged<int*, int, CUresult>)&DeviceGet,
        nameof(CudaFunctions.cuDeviceGetName) =>
            (nint)(delegate* unmanaged<sbyte*, int, int, CUresult>)&DeviceGetName,
        nameof(CudaFunctions.cuDeviceGetPCIBusId) =>
            (nint)(delegate* unmanaged<sbyte*, int, int, CUresult>)&DeviceGetPciBusId,
        nameof(CudaFunctions.cuDeviceTotalMem_v2) =>
            (nint)(delegate* unmanaged<nuint*, int, CUresult>)&DeviceTotalMem,
        nameof(CudaFunctions.cuDeviceGetAttribute) =>
            (nint)(delegate* unmanaged<int*, CUdevice_attribute, int, CUresult>)&DeviceGetAttribute,
        nameof(CudaFunctions.cuDevicePrimaryCtxRetain) =>
            (nint)(delegate* unmanaged<CUctx_st**, int, CUresult>)&PrimaryRetain,
        nameof(CudaFunctions.cuDevicePrimaryCtxRelease_v2) =>
            (nint)(delegate* unmanaged<int, CUresult>)&PrimaryRelease,
        nameof(CudaFunctions.cuCtxPushCurrent_v2) => (nint)(delegate* unmanaged<CUctx_st*, CUresult>)&Push,
        nameof(CudaFunctions.cuCtxPopCurrent_v2) => (nint)(delegate* unmanaged<CUctx_st**, CUresult>)&Pop,
        nameof(CudaFunctions.cuCtxGetDevice) => (nint)(delegate* unmanaged<int*, CUresult>)&GetDevice,
        nameof(CudaFunctions.cuMemHostRegister_v2) =>
            (nint)(delegate* unmanaged<void*, nuint, uint, CUresult>)&HostRegister,
        nameof(CudaFunctions.cuMemHostUnregister) =>
            (nint)(delegate* unmanaged<void*, CUresult>)&HostUnregister,
        nameof(CudaFunctions.cuMemHostAlloc) =>
            (nint)(delegate* unmanaged<void**, nuint, uint, CUresult>)&HostAlloc,
        nameof(CudaFunctions.cuMemFreeHost) => (nint)(delegate* unmanaged<void*, CUresult>)&FreeHost,
        nameof(CudaFunctions.cuMemHostGetDevicePointer_v2) =>
            (nint)(delegate* unmanaged<ulong*, void*, uint, CUresult>)&GetDevicePointer,
        nameof(CudaFunctions.cuMemAlloc_v2) => (nint)(delegate* unmanaged<ulong*, nuint, CUresult>)&MemAlloc,
        nameof(CudaFunctions.cuMemFree_v2) => (nint)(delegate* unmanaged<ulong, CUresult>)&MemFree,
        nameof(CudaFunctions.cuMemcpyHtoD_v2) =>
            (nint)(delegate* unmanaged<ulong, void*, nuint, CUresult>)&HostToDevice,
        nameof(CudaFunctions.cuMemcpyDtoH_v2) =>
            (nint)(delegate* unmanaged<void*, ulong, nuint, CUresult>)&DeviceToHost,
        nameof(CudaFunctions.cuMemcpyHtoDAsync_v2) =>
            (nint)(delegate* unmanaged<ulong, void*, nuint, CUstream_st*, CUresult>)&HostToDeviceAsync,
        nameof(CudaFunctions.cuMemcpyDtoHAsync_v2) =>
            (nint)(delegate* unmanaged<void*, ulong, nuint, CUstream_st*, CUresult>)&DeviceToHostAsync,
        nameof(CudaFunctions.cuStreamCreate) =>
            (nint)(delegate* unmanaged<CUstream_st**, uint, CUresult>)&StreamCreate,
        nameof(CudaFunctions.cuStreamDestroy_v2) =>
            (nint)(delegate* unmanaged<CUstream_st*, CUresult>)&StreamDestroy,
        nameof(CudaFunctions.cuStreamSynchronize) =>
            (nint)(delegate* unmanaged<CUstream_st*, CUresult>)&StreamSynchronize,
        _ => 0,
    };

    [UnmanagedCallersOnly]
    private static CUresult ErrorName(CUresult error, sbyte** text) =>
        Words("cuGetErrorName", "DRIVER_SAYS_UNKNOWN\0"u8, error, text);

    [UnmanagedCallersOnly]
    private static CUresult ErrorString(CUresult error, sbyte** text) =>
        Words("cuGetErrorString", "in the driver's words\0"u8, error, text);

    private static CUresult Words(string name, ReadOnlySpan<byte> words, CUresult error, sbyte** text)
    {
        if (!Enter(name, out _, out CUresult result, needsContext: false))
        {
            return result;
        }
        if (error != CUresult.CUDA_ERROR_UNKNOWN)
        {
            *text = null;
            return CUresult.CUDA_ERROR_INVALID_VALUE;
        }
        *text = (sbyte*)System.Runtime.CompilerServices.Unsafe.AsPointer(
            ref MemoryMarshal.GetReference(words)); // constant data of the assembly, which does not move
        return CUresult.CUDA_SUCCESS;
    }

    [UnmanagedCallersOnly]
    private static CUresult DeviceGet(int* device, int ordinal)
    {
        if (Enter("cuDeviceGet", out _, out CUresult result, needsContext: false))
        {
            *device = ordinal + 40;
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult DeviceGetName(sbyte* name, int lengthBytes, int device)
    {
        if (Enter("cuDeviceGetName", out _, out CUresult result, needsContext: false))
        {
            "Fake GPU\0"u8.CopyTo(new Span<byte>(name, lengthBytes));
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult DeviceGetPciBusId(sbyte* name, int lengthBytes, int device)
    {
        if (Enter("cuDeviceGetPCIBusId", out _, out CUresult result, needsContext: false))
        {
            "0000:AB:00.0\0"u8.CopyTo(new Span<byte>(name, lengthBytes));
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult DeviceTotalMem(nuint* bytes, int device)
    {
        if (Enter("cuDeviceTotalMem", out _, out CUresult result, needsContext: false))
        {
            *bytes = (nuint)141 << 30;
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult DeviceGetAttribute(int* value, CUdevice_attribute attribute, int device)
    {
        if (Enter("cuDeviceGetAttribute", out _, out CUresult result, needsContext: false))
        {
            *value = attribute switch
            {
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR => 9,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR => 0,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT => 132,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT => 0,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY => 1,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_GPU_DIRECT_RDMA_WRITES_ORDERING => 100,
                // The second device is one that registers nothing.
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_HOST_REGISTER_SUPPORTED => device == 40 ? 1 : 0,
                CUdevice_attribute.CU_DEVICE_ATTRIBUTE_CAN_USE_HOST_POINTER_FOR_REGISTERED_MEM => 0,
                _ => -1,
            };
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult PrimaryRetain(CUctx_st** context, int device)
    {
        if (Enter("cuDevicePrimaryCtxRetain", out FakeCuda fake, out CUresult result, needsContext: false))
        {
            lock (fake._lock)
            {
                fake.PrimaryCount++;
                fake.PrimaryCountMax = Math.Max(fake.PrimaryCountMax, fake.PrimaryCount);
            }
            *context = (CUctx_st*)PrimaryContext;
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult PrimaryRelease(int device)
    {
        if (Enter("cuDevicePrimaryCtxRelease", out FakeCuda fake, out CUresult result, needsContext: false))
        {
            lock (fake._lock)
            {
                fake.PrimaryCount--;
                int left = fake.Registered.Count + fake.HostAllocations.Count + fake.StreamCount;
                if (fake.PrimaryCount < 0 || (fake.PrimaryCount == 0 && left > 0))
                {
                    fake._violations.Add($"a primary context released with {left} things in it");
                }
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult Push(CUctx_st* context)
    {
        if (Enter("cuCtxPushCurrent", out _, out CUresult result, needsContext: false))
        {
            Contexts.Push((nint)context);
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult Pop(CUctx_st** context)
    {
        if (Enter("cuCtxPopCurrent", out _, out CUresult result))
        {
            *context = (CUctx_st*)Contexts.Pop();
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult GetDevice(int* device)
    {
        if (Enter("cuCtxGetDevice", out _, out CUresult result))
        {
            *device = 41;
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult HostRegister(void* address, nuint lengthBytes, uint flags)
    {
        if (Enter("cuMemHostRegister", out FakeCuda fake, out CUresult result))
        {
            lock (fake._lock)
            {
                if (flags != 3 || !IsMapped((nint)address, (long)lengthBytes))
                {
                    fake._violations.Add("registered with other flags, or what is not mapped");
                }
                if (!fake.Registered.TryAdd((nint)address, (long)lengthBytes))
                {
                    return CUresult.CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
                }
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult HostUnregister(void* address)
    {
        if (Enter("cuMemHostUnregister", out FakeCuda fake, out CUresult result))
        {
            lock (fake._lock)
            {
                if (!fake.Registered.Remove((nint)address, out long lengthBytes))
                {
                    fake._violations.Add("unregistered what is not registered");
                    return CUresult.CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED;
                }
                fake.Unregistered.Add((nint)address);
                if (!IsMapped((nint)address, lengthBytes))
                {
                    fake._violations.Add("unregistered after it was unmapped");
                }
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult HostAlloc(void** address, nuint lengthBytes, uint flags)
    {
        if (Enter("cuMemHostAlloc", out FakeCuda fake, out CUresult result))
        {
            *address = fake.HostAddressOffsetBytes + (byte*)Libc.mmap(
                null, lengthBytes + 4096, Libc.PROT_READ | Libc.PROT_WRITE,
                Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0);
            lock (fake._lock)
            {
                if (flags != 3)
                {
                    fake._violations.Add("allocated with other flags");
                }
                fake.HostAllocations.Add((nint)(*address), (long)lengthBytes);
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult FreeHost(void* address)
    {
        if (Enter("cuMemFreeHost", out FakeCuda fake, out CUresult result))
        {
            lock (fake._lock)
            {
                if (!fake.HostAllocations.Remove((nint)address, out long lengthBytes))
                {
                    fake._violations.Add("freed what is not allocated");
                    return CUresult.CUDA_ERROR_INVALID_VALUE;
                }
                _ = Libc.munmap((byte*)address - fake.HostAddressOffsetBytes, (nuint)lengthBytes + 4096);
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult GetDevicePointer(ulong* pointer, void* address, uint flags)
    {
        if (Enter("cuMemHostGetDevicePointer", out FakeCuda fake, out CUresult result))
        {
            lock (fake._lock)
            {
                bool isHere = fake.Registered.ContainsKey((nint)address)
                    || fake.HostAllocations.ContainsKey((nint)address);
                *pointer = DevicePointerOf((nint)address)
                    + (fake.Registered.Count > fake.GapAtPiece ? 0x100000ul : 0);
                return isHere ? result : CUresult.CUDA_ERROR_INVALID_VALUE;
            }
        }
        return result;
    }

    /// <summary>Another number than the host's, so that one is not taken for the other.</summary>
    public static ulong DevicePointerOf(nint address) => (ulong)address + (1ul << 50);

    [UnmanagedCallersOnly]
    private static CUresult MemAlloc(ulong* pointer, nuint lengthBytes)
    {
        if (Enter("cuMemAlloc", out FakeCuda fake, out CUresult result))
        {
            lock (fake._lock)
            {
                *pointer = 0xd0000000ul + ((ulong)fake.CallCount << 12);
                fake.DeviceAllocations.Add(*pointer);
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult MemFree(ulong pointer)
    {
        if (Enter("cuMemFree", out FakeCuda fake, out CUresult result))
        {
            lock (fake._lock)
            {
                if (!fake.DeviceAllocations.Remove(pointer))
                {
                    fake._violations.Add("freed device memory that is not allocated");
                }
            }
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult HostToDevice(ulong target, void* source, nuint lengthBytes) =>
        Copy("cuMemcpyHtoD", target, (nint)source, lengthBytes);

    [UnmanagedCallersOnly]
    private static CUresult DeviceToHost(void* target, ulong source, nuint lengthBytes) =>
        Copy("cuMemcpyDtoH", source, (nint)target, lengthBytes);

    [UnmanagedCallersOnly]
    private static CUresult HostToDeviceAsync(
        ulong target, void* source, nuint lengthBytes, CUstream_st* stream) =>
        Copy($"cuMemcpyHtoDAsync:{(nint)stream:x}", target, (nint)source, lengthBytes);

    [UnmanagedCallersOnly]
    private static CUresult DeviceToHostAsync(
        void* target, ulong source, nuint lengthBytes, CUstream_st* stream) =>
        Copy($"cuMemcpyDtoHAsync:{(nint)stream:x}", source, (nint)target, lengthBytes);

    /// <summary>What the last copy was asked for.</summary>
    public (ulong Device, nint Host, long LengthBytes) LastCopy { get; private set; }

    private static CUresult Copy(string name, ulong device, nint host, nuint lengthBytes)
    {
        if (Enter(name, out FakeCuda fake, out CUresult result))
        {
            fake.LastCopy = (device, host, (long)lengthBytes);
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult StreamCreate(CUstream_st** stream, uint flags)
    {
        if (Enter("cuStreamCreate", out FakeCuda fake, out CUresult result))
        {
            fake.StreamCount++;
            *stream = (CUstream_st*)OwnStream;
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult StreamDestroy(CUstream_st* stream)
    {
        if (Enter("cuStreamDestroy", out FakeCuda fake, out CUresult result))
        {
            if ((nint)stream != OwnStream)
            {
                fake._violations.Add("destroyed a caller's stream");
            }
            fake.StreamCount--;
        }
        return result;
    }

    [UnmanagedCallersOnly]
    private static CUresult StreamSynchronize(CUstream_st* stream) =>
        Enter("cuStreamSynchronize", out _, out CUresult result) ? CUresult.CUDA_SUCCESS : result;
}
