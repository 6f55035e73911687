using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu.Bindings;

namespace NvmeGpu.VmLab.Guest.Tests;

/// <summary>
/// Drives that stall, are reset and go away while commands into host memory and into the memory of another
/// controller are in flight: each ends with a completion of its own, none that brought something else is
/// right, and memory and descriptors are given back. The driver's part is in IngestFaultTests.
/// </summary>
internal static class CommandFaultTests
{
    private const int Depth = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>As by the button at the slot: the kernel lets go of it first.</summary>
    public static void Unplugging_the_drive_ends_every_command_in_flight_and_none_is_wrong(
        GuestContext context)
    {
        EndUnder(context, () => context.Channel.Ask("unplug A"));
        PlugAgain(context);
    }

    /// <summary>
    /// Without a word to the kernel, which finds out when its time is over (the scenario has
    /// nvme_core.io_timeout=3). The last test of a guest.
    /// </summary>
    public static void Tearing_the_drive_out_ends_every_command_in_flight_and_none_is_wrong(
        GuestContext context)
    {
        string function = NvmeController.Find("A").PciFunction();
        // Why one at a time into the other controller's memory: see CommandLoad.
        EndUnder(context, () => PciSlot.PullOut(function), peerDepth: 1);
    }

    public static void A_controller_reset_ends_every_command_in_flight_and_none_is_wrong(GuestContext context)
    {
        const string Witness = "resetting controller";
        const int Before = 2 * Depth;
        int resetsBefore = KernelLog.Count(Witness);
        using SafeFileHandle controller =
            DeviceFile.Open($"/dev/{NvmeController.Find("A").Name}", Libc.O_RDONLY);
        using var load = new CommandLoad(context, Depth, peerDepth: 1);
        context.Channel.Ask("slow 50"); // or none would be in flight at that moment
        Task? reset = null;
        for (int ended = 0; ended < 4 * Before || !reset!.IsCompleted; ended++)
        {
            load.Begin();
            if (ended == Before)
            {
                reset = Task.Run(() => NvmeController.Reset(controller));
            }
            Check.That(load.TryEnd(s_patience), "a read does not end.");
        }
        reset.GetAwaiter().GetResult();
        load.EndAll(s_patience);
        context.Channel.Ask("slow 0");
        Check.Equal(resetsBefore + 1, KernelLog.Count(Witness), "resets in the kernel's log");
        context.Report("commands.reset", load.Summary);
        // Those in flight at that moment, and no others: given up, or ended by the drive.
        Check.That(load.Failed.Count <= Depth, $"more failed than were in flight: {load.Summary}.");
        Check.That(load.SucceededCount >= 3 * Before, load.Summary);
        Check.That(
            load.Failed.TrueForAll(one => one.Errno == Libc.EINTR || one.NvmeStatus.CodeType is 0 or 3),
            load.Summary);
        load.Close();
    }

    public static void Stalled_commands_are_waited_for_and_their_bytes_are_right(GuestContext context)
    {
        foreach (int peerDepth in (ReadOnlySpan<int>)[0, 1])
        {
            using var load = new CommandLoad(context, Depth, peerDepth);
            context.Channel.Ask("stall"); // the first read is held back, and the others are not
            load.Begin();
            while (load.TryEnd(TimeSpan.FromMilliseconds(300)))
            {
            }
            Check.Equal(
                (1, peerDepth), (load.InFlightCount, load.InFlightPeerCount), "reads that are held back");
            Check.That(!load.TryEnd(TimeSpan.FromSeconds(1)), "it ended although it was held back.");
            context.Channel.Ask("resume");
            load.EndAll(s_patience);
            Check.Equal((Depth, 0), (load.SucceededCount, load.Failed.Count), "reads right and failed");
            load.Close();
        }
    }

    /// <summary>The time that was given with the command, not the kernel's 30 seconds.</summary>
    public static void A_command_whose_own_time_is_over_is_given_up_in_words(GuestContext context) =>
        TimeOut(context, timeoutMilliseconds: 1000);

    /// <summary>The scenario has nvme_core.io_timeout=3.</summary>
    public static void A_command_that_the_kernel_gives_up_says_so_in_words(GuestContext context) =>
        TimeOut(context, timeoutMilliseconds: 0);

    /// <summary>
    /// One read per second, and many at once: the first are answered in time; for the others the kernel
    /// resets the controller at last, and they are given up.
    /// </summary>
    private static void TimeOut(GuestContext context, uint timeoutMilliseconds)
    {
        const int Reads = 10; // some seconds more than it takes until the reset
        using (var load = new CommandLoad(context, Reads, peerDepth: 1))
        {
            context.Channel.Ask("slow 1");
            load.Begin(timeoutMilliseconds);
            load.EndAll(s_patience);
            context.Channel.Ask("slow 0");
            context.Report($"commands.timeout.{timeoutMilliseconds}", load.Summary);
            Check.That(load.SucceededCount > 0 && load.Failed.Count > 0, load.Summary);
            Check.Equal(Reads, load.SucceededCount + load.Failed.Count, "reads that ended");
            foreach (Completion one in load.Failed)
            {
                Check.Equal(Libc.EINTR, one.Errno, "the error of what was given up");
                string message = one.ToException("Reading").Message;
                Check.That(
                    message.Contains("did not answer in time", StringComparison.Ordinal)
                        && message.Contains("given up", StringComparison.Ordinal), message);
            }
            load.Close();
        }
        Check.That(
            KernelLog.Read().Contains("reset controller", StringComparison.Ordinal),
            "the kernel's log does not say that it gave commands up.");
        using var afterwards = new CommandLoad(context, Depth, Depth / 2);
        afterwards.Begin();
        afterwards.EndAll(s_patience);
        Check.Equal(Depth, afterwards.SucceededCount, "reads that are right afterwards");
        afterwards.Close();
    }

    private static void EndUnder(GuestContext context, Action takeOut, int peerDepth = Depth / 2)
    {
        const int Before = 2 * Depth;
        context.Channel.Ask("slow 50"); // or none would be in flight at that moment
        using (var load = new CommandLoad(context, Depth, peerDepth))
        {
            Task? taking = null;
            long start = Stopwatch.GetTimestamp();
            while (load.Failed.Count == 0)
            {
                load.Begin();
                if (load.SucceededCount >= Before)
                {
                    taking ??= Task.Run(takeOut);
                }
                Check.That(load.TryEnd(s_patience), "a read does not end.");
                Check.That(
                    Stopwatch.GetElapsedTime(start) < s_patience,
                    "the drive is still there after a minute.");
            }
            load.EndAll(s_patience);
            Check.That(taking is not null, $"failed before anybody touched the drive: {load.Summary}.");
            taking!.GetAwaiter().GetResult();
            int rightBefore = load.SucceededCount;
            load.Begin(); // of what is not there any more
            load.EndAll(s_patience);
            context.Report("commands.removed", load.Summary);
            Check.Equal(rightBefore, load.SucceededCount, "reads that are right without a drive");
            foreach (Completion one in load.Failed)
            {
                Check.That(
                    one.Errno is Libc.EINTR or Libc.ENODEV or Libc.EINVAL or Libc.ENXIO or Libc.EIO
                        || one.NvmeStatus.CodeType is 0 or 3,
                    load.Summary);
                string message = one.ToException("Reading").Message;
                Check.That(message.Contains("Likely cause: ", StringComparison.Ordinal), message);
            }
            load.Close();
        }
        context.Channel.Ask("slow 0");
    }

    /// <summary>The next test finds a drive again.</summary>
    public static void PlugAgain(GuestContext context)
    {
        context.Channel.Ask("plug A");
        _ = NvmeDrive.Await("A");
    }
}
