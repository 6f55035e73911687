using System;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>Ends the machine: reboot(2), which does not return.</summary>
internal static class PowerOff
{
    public static void Now()
    {
        const int SYS_reboot = 169;
        const uint LINUX_REBOOT_MAGIC1 = 0xfee1dead;
        const uint LINUX_REBOOT_MAGIC2 = 672274793;
        const uint LINUX_REBOOT_CMD_POWER_OFF = 0x4321fedc;
        Console.Out.Flush();
        // SAFETY: only numbers are passed.
        unsafe
        {
            _ = Libc.syscall(
                SYS_reboot, unchecked((nint)(int)LINUX_REBOOT_MAGIC1), (nint)LINUX_REBOOT_MAGIC2,
                (nint)LINUX_REBOOT_CMD_POWER_OFF);
        }
    }
}
