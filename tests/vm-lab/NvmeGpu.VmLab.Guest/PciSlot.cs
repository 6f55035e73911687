using System;
using System.Buffers.Binary;
using System.IO;

namespace NvmeGpu.VmLab.Guest;

/// <summary>The slot that a PCI function sits in, by the registers of its port.</summary>
internal static class PciSlot
{
    private const int FirstCapabilityAt = 0x34;
    private const byte ExpressCapability = 0x10;
    private const int SlotControl = 0x18; // from the capability's start: PCI Express Base, 7.5.3.10
    private const ushort PowerIndicatorOff = 3 << 8;
    private const ushort PowerOff = 1 << 10;

    /// <summary>
    /// Switches the slot's power off behind the kernel's back: for its driver the device is torn out from one
    /// moment to the next. (QEMU takes it away as soon as power and indicator are off.)
    /// </summary>
    /// <param name="function">Its directory, /sys/bus/pci/devices/...</param>
    public static void PullOut(string function)
    {
        string own = new DirectoryInfo(function).ResolveLinkTarget(returnFinalTarget: true)?.FullName
            ?? throw new GuestFailedException($"{function} is no link to a PCI function.");
        using FileStream registers = new(
            Path.Join(Path.GetDirectoryName(own), "config"), FileMode.Open, FileAccess.ReadWrite,
            FileShare.ReadWrite, bufferSize: 0);
        int control = FindExpressCapability(registers) + SlotControl;
        Span<byte> value = stackalloc byte[sizeof(ushort)];
        RandomAccess.Read(registers.SafeFileHandle, value, control);
        ushort off = (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(value) | PowerIndicatorOff | PowerOff);
        BinaryPrimitives.WriteUInt16LittleEndian(value, off);
        RandomAccess.Write(registers.SafeFileHandle, value, control);
    }

    private static int FindExpressCapability(FileStream registers)
    {
        const int CapabilitiesMax = 48;
        Span<byte> capability = stackalloc byte[2]; // its number, and where the next one is
        RandomAccess.Read(registers.SafeFileHandle, capability[1..], FirstCapabilityAt);
        for (int i = 0; i < CapabilitiesMax && capability[1] != 0; i++)
        {
            int at = capability[1];
            RandomAccess.Read(registers.SafeFileHandle, capability, at);
            if (capability[0] == ExpressCapability)
            {
                return at;
            }
        }
        throw new GuestFailedException($"{registers.Name} has no PCI Express capability.");
    }
}
