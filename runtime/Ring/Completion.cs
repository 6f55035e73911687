#nullable enable
using System;
using System.Diagnostics;
using NvmeGpu.Contracts;

namespace NvmeGpu;

/// <summary>
/// How one operation ended. A result is never silently widened: an errno is no count, a count no status, a
/// status no count.
/// <code>
///   result   ordinary read        NVMe command
///   below 0  errno                errno: no command went to the drive, or none came back
///   0        the end of the file  success: all that was asked for
///   above 0  bytes                the drive's status
/// </code>
/// </summary>
readonly partial struct Completion
{
    private readonly int _result;

    internal Completion(ReadToken token, int result, int askedBytes, bool isCommand)
    {
        Token = token;
        _result = result;
        AskedBytes = askedBytes;
        IsCommand = isCommand;
    }

    /// <summary>Which operation.</summary>
    public ReadToken Token { get; }

    /// <summary>Bytes that were asked for; 0 for a NOP.</summary>
    public int AskedBytes { get; }

    /// <summary>
    /// It was an NVMe command: it succeeds as a whole or fails with <see cref="NvmeStatus"/> or
    /// <see cref="Errno"/>.
    /// </summary>
    public bool IsCommand { get; }

    /// <summary>
    /// Neither the kernel nor the drive reported an error. An ordinary read may still be short: see
    /// <see cref="IsShort"/>.
    /// </summary>
    [MustObserve]
    public bool IsSuccess => IsCommand ? _result == 0 : _result >= 0;

    /// <summary>
    /// Fewer bytes than asked for: the end of the file, or a read that must be continued. Never of a command.
    /// </summary>
    public bool IsShort => !IsCommand && _result >= 0 && _result < AskedBytes;

    /// <summary>Bytes read, 0 to <see cref="AskedBytes"/>; of a command all of them.</summary>
    /// <exception cref="InvalidOperationException">The operation failed: look at <see cref="IsSuccess"/>
    /// first.</exception>
    [MustObserve]
    public int ByteCount => !IsSuccess ? throw NoByteCount() : IsCommand ? AskedBytes : _result;

    /// <summary>The drive's answer to a command; success (0) when it gave none, and for other
    /// operations.</summary>
    public NvmeStatus NvmeStatus =>
        IsCommand && _result > 0 ? new NvmeStatus(unchecked((ushort)_result)) : default;

    /// <summary>The positive error number; 0 when the kernel reported none.</summary>
    public int Errno => _result < 0 ? -_result : 0;

    /// <summary>What to throw for a failed operation.</summary>
    /// <param name="operation">What was asked, for the message.</param>
    /// <returns><see cref="NvmeException"/> for a command, else <see cref="IoUringException"/>.</returns>
    /// <exception cref="InvalidOperationException">The operation did not fail.</exception>
    public Exception ToException(string operation)
    {
        if (IsSuccess)
        {
            throw new InvalidOperationException("The operation succeeded: there is nothing to throw.");
        }
        return !IsCommand ? new IoUringException(operation, Errno, "")
            : _result > 0 ? new NvmeException(operation, NvmeStatus)
            : new NvmeException(operation, Errno, CauseOf(Errno));
    }

    private InvalidOperationException NoByteCount()
    {
        Debug.Assert(!IsSuccess);
        string how = _result < 0 ? NvmeGpu.Errno.NameOf(-_result) : $"the drive's status {NvmeStatus}";
        return new InvalidOperationException(
            $"The operation failed with {how}, so there is no byte count: look at IsSuccess first.");
    }

    // EINVAL alone says little: the length, the topology, a foreign namespace and a removed drive all end in
    // it. The lengths and the namespace were checked before.
    private static string CauseOf(int errno) => errno switch
    {
        Bindings.Libc.EINVAL => "the drive was removed, it cannot reach this peer memory, or (Linux 6.1) the "
            + "registered memory as a whole is larger than one command may be.",
        Bindings.Libc.EREMOTEIO => "the drive cannot reach this peer memory: the two devices are not behind "
            + "one switch, nor behind a host bridge that Linux lists.",
        Bindings.Libc.EFAULT => "the memory is not mapped any more, or has no pages that a device can reach.",
        Bindings.Libc.EINTR => "the drive did not answer in time, or was reset or taken out, and the command "
            + "was given up.",
        Bindings.Libc.EACCES => "this kernel lets only root send commands (before Linux 6.2), or the device "
            + "was opened by somebody with fewer rights.",
        Bindings.Libc.ENODEV => "the drive was removed.",
        Bindings.Libc.EOPNOTSUPP or Bindings.Libc.ENOTTY => "the file is no NVMe namespace, or the kernel is "
            + "older than Linux 5.19 (with completion polling: than 6.1).",
        _ => "",
    };
}
