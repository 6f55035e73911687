using System;
using System.Text;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>What the kernel has logged, as a witness of what it did: syslog(2).</summary>
internal static class KernelLog
{
    public static string Read()
    {
        const int SYS_syslog = 103;
        const int SYSLOG_ACTION_READ_ALL = 3;
        byte[] text = new byte[1 << 20];
        // SAFETY: pinned for the call, which writes at most that many bytes.
        unsafe
        {
            fixed (byte* pointer = text)
            {
                nint length = Libc.syscall(SYS_syslog, SYSLOG_ACTION_READ_ALL, (nint)pointer, text.Length);
                int errno = Libc.errno;
                Check.That(length >= 0, $"the kernel's log cannot be read: error {errno}.");
                return Encoding.UTF8.GetString(text, 0, (int)length);
            }
        }
    }

    public static int Count(string words) => Read().Split(words, StringSplitOptions.None).Length - 1;
}
