using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// The guest's process 1: mounts, waits for the drives, runs what the host asks for, and ends the machine.
/// </summary>
internal static class GuestInit
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static int Run()
    {
        try
        {
            Mount("proc", "proc", "/proc");
            Mount("sysfs", "sysfs", "/sys");
            Mount("devtmpfs", "devtmpfs", "/dev");
            Mount("tmpfs", "tmpfs", "/tmp");
            var settings = GuestSettings.OfCommandLine();
            if (settings.Find("shell") is not null)
            {
                RunShell(settings);
            }
            else
            {
                RunTests();
            }
        }
#pragma warning disable CA1031 // whatever it is: the console is the only place left to say it
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"vm-lab-guest: {e}");
        }
        PowerOff.Now();
        return 1;
    }

    private static void RunTests()
    {
        using var channel = new SerialChannel();
        channel.Send(GuestWords.Start, File.ReadAllText("/proc/sys/kernel/osrelease").Trim());
        var settings = new GuestSettings();
        var names = new List<string>();
        for ((string word, string text) = channel.Receive(); word != GuestWords.Go;
            (word, text) = channel.Receive())
        {
            switch (word)
            {
                case GuestWords.Set:
                    settings.Add(text);
                    break;
                case GuestWords.Run:
                    names.Add(text);
                    break;
                default:
                    throw new InvalidDataException($"the host says '{word}', which means nothing here.");
            }
        }
        string missing = WaitForControllers(settings);
        var context = new GuestContext(settings, channel);
        foreach (string name in names)
        {
            GuestTest test = GuestTestTable.All.FirstOrDefault(test => test.Name == name)
                ?? new GuestTest(name, _ => throw new GuestFailedException("the guest has no such test."));
            if (missing.Length > 0)
            {
                test = test with { Body = _ => throw new GuestFailedException(missing) };
            }
            test.Run(context);
        }
        channel.Send(GuestWords.Done, "");
    }

    private static void RunShell(GuestSettings settings)
    {
        Console.WriteLine(WaitForControllers(settings));
        settings.Save();
        Directory.CreateDirectory("/bin");
        using (var install = Process.Start("/busybox", ["--install", "-s", "/bin"]))
        {
            install.WaitForExit();
        }
        Console.WriteLine(
            "The lab's guest. /init --list shows the tests, /init --run TEXT runs some; exit ends it.");
        var start = new ProcessStartInfo("/bin/setsid", ["-c", "/bin/sh"]);
        start.Environment["PATH"] = "/bin";
        start.Environment["PS1"] = "vm-lab# ";
        using var shell = Process.Start(start)
            ?? throw new InvalidOperationException("the shell did not start.");
        shell.WaitForExit();
    }

    /// <summary>Says what is missing after the time is over; empty when all is there.</summary>
    private static string WaitForControllers(GuestSettings settings)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string[] missing = [.. settings.Controllers.Where(serial => !IsThere(settings, serial))];
            if (missing.Length == 0)
            {
                return "";
            }
            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                return $"after {s_patience.TotalSeconds} s these controllers are not there with their "
                    + $"namespaces: {string.Join(", ", missing)}.";
            }
            Thread.Sleep(5);
        }
    }

    // Only drives with a pattern have a namespace.
    private static bool IsThere(GuestSettings settings, string serial) =>
        settings.Find($"seed.{serial}") is null
            ? NvmeController.TryFind(serial) is not null
            : NvmeDrive.TryFind(serial) is not null;

    public static void Mount(string type, string source, string path, string options = "")
    {
        const int SYS_mount = 165;
        Directory.CreateDirectory(path);
        byte[] sourceBytes = Encoding.UTF8.GetBytes(source + "\0");
        byte[] typeBytes = Encoding.UTF8.GetBytes(type + "\0");
        byte[] pathBytes = Encoding.UTF8.GetBytes(path + "\0");
        byte[] optionBytes = Encoding.UTF8.GetBytes(options + "\0");
        // SAFETY: zero-terminated, pinned for the call, which keeps no pointer.
        unsafe
        {
            fixed (byte* sourcePointer = sourceBytes, typePointer = typeBytes, pathPointer = pathBytes,
                optionPointer = optionBytes)
            {
                nint result = Libc.syscall(
                    SYS_mount, (nint)sourcePointer, (nint)pathPointer, (nint)typePointer, 0,
                    (nint)optionPointer);
                int errno = Libc.errno;
                if (result != 0)
                {
                    throw new IOException($"{source} cannot be mounted on {path}: error {errno}.");
                }
            }
        }
    }
}
