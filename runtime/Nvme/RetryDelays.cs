#nullable enable
using System;
using System.Buffers.Binary;

namespace NvmeGpu;

/// <summary>
/// How long a controller wants to be left alone before a command is sent again: three times of its own
/// choice, of which a status names one (<see cref="NvmeStatus.RetryDelayIndex"/>).
/// </summary>
/// <remarks>
/// A controller names one only when the host has said that it knows of them (ACRE in the feature Host
/// Behavior Support). Linux says so since 5.0 for each controller that has a first time, and it has to: this
/// is a Set Features command, and we send none. Source: NVM Express Base Specification 2.0, figure "Identify
/// Controller Data Structure" (CRDT1 to CRDT3) and section 3.3.3.2.1; Linux, nvme_configure_host_options.
/// </remarks>
/// <param name="First">CRDT1 in units of 100 ms; 0 for none.</param>
/// <param name="Second">CRDT2.</param>
/// <param name="Third">CRDT3.</param>
readonly partial record struct RetryDelays(ushort First, ushort Second, ushort Third)
{
    private const int FirstAt = 128; // two bytes each
    private const int UnitMilliseconds = 100;

    /// <summary>
    /// No wait is longer: the fields go up to 1.8 hours, and this is as long as the kernel waits for a
    /// command (nvme_core.io_timeout).
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Of the answer to Identify Controller.</summary>
    public static RetryDelays OfController(ReadOnlySpan<byte> identify) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(identify[FirstAt..]),
        BinaryPrimitives.ReadUInt16LittleEndian(identify[(FirstAt + 2)..]),
        BinaryPrimitives.ReadUInt16LittleEndian(identify[(FirstAt + 4)..]));

    /// <summary>The time that a status asks for; zero when it asks for none.</summary>
    public TimeSpan Of(NvmeStatus status)
    {
        int units = status.RetryDelayIndex switch
        {
            1 => First,
            2 => Second,
            3 => Third,
            _ => 0,
        };
        var wanted = TimeSpan.FromMilliseconds(units * UnitMilliseconds);
        return wanted < LongestWait ? wanted : LongestWait;
    }
}
