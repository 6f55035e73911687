using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// This program once more, as a process of a user without any rights: what it does is one word and its
/// arguments, and how it ended is the last line that it prints.
/// </summary>
internal static class UserProcess
{
    public const string Argument = "--user-process";

    private const string UserName = "nobody";
    private const uint UserId = 65_534;
    private const int SliceBytes = 64 << 10;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it as that user and returns its answer.</summary>
    public static string Run(params string[] words)
    {
        // Where .NET looks up the user's number before it starts the program.
        Directory.CreateDirectory("/etc");
        File.WriteAllText("/etc/passwd", $"{UserName}:x:{UserId}:{UserId}::/:/init\n");
        using Process process = Process.Start(new ProcessStartInfo("/init", [Argument, .. words])
        {
            UserName = UserName,
            RedirectStandardOutput = true,
        }) ?? throw new GuestFailedException("the user's process did not start.");
        string output = process.StandardOutput.ReadToEnd();
        Check.That(process.WaitForExit(s_patience), "the user's process does not end.");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Check.That(lines.Length == 2, $"the user's process said: {output}");
        Check.Equal($"user {UserId}", lines[0], "whose process it was");
        return lines[1];
    }

    /// <summary>The process itself.</summary>
    public static int Act(string[] words)
    {
        // "Uid:" real, effective, saved, filesystem: proc_pid_status(5)
        string[] users = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1..];
        Console.WriteLine($"user {string.Join(' ', users.Distinct())}");
        Console.WriteLine(Answer(words).ReplaceLineEndings(" "));
        return 0;
    }

    private static string Answer(string[] words)
    {
        try
        {
            return words switch
            {
                ["read", string path, string seed] =>
                    Read(path, ulong.Parse(seed, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
                ["by-hand", string path, string opcode] =>
                    ByHand(path, byte.Parse(opcode, CultureInfo.InvariantCulture)),
                _ => $"it knows no {string.Join(' ', words)}.",
            };
        }
        catch (Exception e) when (e is IOException or GuestFailedException or InvalidOperationException)
        {
            return e.Message;
        }
    }

    private static string Read(string path, ulong seed)
    {
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(SliceBytes);
        using var reader = new CommandReader(path, buffer);
        Completion completion = reader.Read(1 << 20, SliceBytes);
        if (!completion.IsSuccess)
        {
            return completion.ToException("Reading").Message;
        }
        // SAFETY: that many bytes, and nothing is in flight.
        unsafe
        {
            Check.PatternInDevice(buffer.Address, SliceBytes, 1 << 20, seed);
        }
        return "every byte is right";
    }

    /// <summary>The kernel's answer to a command that the runtime's checks have not seen.</summary>
    private static string ByHand(string path, byte opcode)
    {
        using SafeFileHandle file = DeviceFile.Open(path, Libc.O_RDONLY);
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(SliceBytes);
        using var ring = new RawRing(RawRing.ForPassthrough);
        // SAFETY: the buffer is longer than a block, and outlives the ring.
        unsafe
        {
            int result = ring.Passthrough(
                (int)file.DangerousGetHandle(), 1, 0, 1, buffer.Address, 512, opcode);
            return $"result {result}";
        }
    }
}
