using System;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>Loads modules of the guest's kernel, for scenarios that have them: finit_module(2).</summary>
internal static class KernelModule
{
    private const string Folder = "/modules";

    /// <summary>Loads a module after those that it depends on. Again does nothing.</summary>
    public static void Load(string name)
    {
        const int SYS_finit_module = 313;
        const int EEXIST = 17;
        string path = $"{Folder}/{name}.ko";
        if (Directory.Exists($"/sys/module/{name}"))
        {
            return;
        }
        Check.That(File.Exists(path), $"there is no {path}: the scenario has no modules, or not this one.");
        foreach (string needed in DependenciesOf(path))
        {
            Load(needed);
        }
        using SafeFileHandle file = File.OpenHandle(path);
        // SAFETY: an empty string on this frame, read during the call only.
        unsafe
        {
            byte noParameters = 0;
            nint result = Libc.syscall(
                SYS_finit_module, file.DangerousGetHandle(), (nint)(&noParameters), 0);
            int errno = Libc.errno;
            Check.That(
                result == 0 || errno == EEXIST,
                $"the kernel does not load {path}: error {errno} (8: it is of another version).");
        }
    }

    /// <summary>"depends=a,b" of the module's own description, which is there without depmod(8).</summary>
    private static string[] DependenciesOf(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> key = "\0depends="u8;
        int start = bytes.IndexOf(key);
        Check.That(start >= 0, $"{path} does not say what it depends on.");
        bytes = bytes[(start + key.Length)..];
        return Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)])
            .Split(',', StringSplitOptions.RemoveEmptyEntries);
    }
}
