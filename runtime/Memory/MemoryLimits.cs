#nullable enable
using System;
using System.IO;
using NvmeGpu.Bindings;

namespace NvmeGpu;

/// <summary>How much memory this process may have registered.</summary>
static partial class MemoryLimits
{
    /// <summary>
    /// The soft limit on locked memory in bytes (RLIMIT_MEMLOCK, getrlimit(2)); null when there is none, or
    /// when the process has CAP_IPC_LOCK, which exempts from it. The kernel counts it per user, over all of
    /// that user's rings.
    /// </summary>
    public static long? LockedBytes
    {
        get
        {
            if (HasCapability(14)) // CAP_IPC_LOCK, capabilities(7)
            {
                return null;
            }
            // SAFETY: the structure is on this frame and written during the call only.
            unsafe
            {
                rlimit limit;
                return Libc.getrlimit(Libc.RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < long.MaxValue
                    ? (long)limit.rlim_cur
                    : null;
            }
        }
    }

    /// <summary>
    /// The effective set of this process, from /proc/self/status; false where that cannot be read.
    /// </summary>
    private static bool HasCapability(int number)
    {
        const string Key = "CapEff:";
        try
        {
            foreach (string line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(Key, StringComparison.Ordinal))
                {
                    return (Convert.ToUInt64(line[Key.Length..].Trim(), 16) >> number & 1) != 0;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return false; // the limit is then taken as it stands: too careful, never wrong
        }
        return false;
    }
}
