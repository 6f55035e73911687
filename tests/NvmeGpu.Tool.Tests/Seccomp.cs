using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using NvmeGpu.TestKit;

namespace NvmeGpu.Tool.Tests;

/// <summary>
/// Runs a program under a seccomp filter that forbids io_uring, as containers do. A filter belongs to a
/// thread and what it forks: a thread of its own installs it, starts the program, and ends. Source:
/// seccomp(2), linux/filter.h.
/// </summary>
internal static class Seccomp
{
    public const int EPERM = 1;
    public const int ENOSYS = 38;

    private const int PR_SET_SECCOMP = 22;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const nint SECCOMP_MODE_FILTER = 2;
    private const uint SECCOMP_RET_ERRNO = 0x0005_0000;
    private const uint SECCOMP_RET_ALLOW = 0x7fff_0000;
    private const ushort LoadWord = 0x20; // BPF_LD | BPF_W | BPF_ABS
    private const ushort JumpIfLess = 0x25; // BPF_JMP | BPF_JGT | BPF_K
    private const ushort Return = 0x06; // BPF_RET | BPF_K
    private const uint SYS_io_uring_setup = 425; // the same on all architectures; enter and register follow
    private const uint SYS_io_uring_register = 427;

    public static async Task<ChildResult> RunWithoutIoUringAsync(
        int errno, string program, params string[] arguments)
    {
        Task<ChildResult>? running = null;
        string? failure = null;
        var thread = new Thread(() =>
        {
            failure = Install(errno);
            if (failure is null)
            {
                // forks on this thread before its first await
                running = ChildProcess.RunAsync(program, arguments);
            }
        });
        thread.Start();
        thread.Join();
        Requirement.That(failure is null, failure ?? "");
        return await running!;
    }

    private static string? Install(int errno)
    {
        // The system call's number is the first word of struct seccomp_data.
        Instruction[] filter =
        [
            new(LoadWord, 0, 0, 0),
            new(JumpIfLess, 2, 0, SYS_io_uring_register), // number > register: allow
            new(JumpIfLess, 0, 1, SYS_io_uring_setup - 1), // number > setup - 1: errno, else allow
            new(Return, 0, 0, SECCOMP_RET_ERRNO | (uint)errno),
            new(Return, 0, 0, SECCOMP_RET_ALLOW),
        ];
        GCHandle pinned = GCHandle.Alloc(filter, GCHandleType.Pinned);
        try
        {
            var program =
                new FilterProgram { Length = (ushort)filter.Length, Filter = pinned.AddrOfPinnedObject() };
            return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ref program, 0, 0) != 0
                ? $"this kernel installs no seccomp filter (errno {Marshal.GetLastPInvokeError()})"
                : null;
        }
        finally
        {
            pinned.Free();
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int prctl(int option, nint a, nint b, nint c, nint d);

    [DllImport("libc", SetLastError = true)]
    private static extern int prctl(int option, nint a, ref FilterProgram b, nint c, nint d);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Value);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Filter;
    }
}
