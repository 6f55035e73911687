#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace NvmeGpu;

/// <summary>
/// Tells host memory, peer pages and opaque device memory apart by the <c>VmFlags</c> of /proc/self/smaps
/// (proc_pid_smaps(5), since Linux 3.8), without touching the memory. By errno they cannot be told apart:
/// refused registration says EFAULT or EREMOTEIO for one and the same kind.
/// </summary>
static partial class MappingClassifier
{
    /// <summary>Why a range that is mapped as a whole has no kind, whatever its flags.</summary>
    internal const string MixedReason = "The range has host memory and peer pages.";

    private const string Smaps = "/proc/self/smaps";

    private readonly record struct Mapping(ulong Start, ulong End, string Flags, string File);

    /// <summary>
    /// Classifies the memory at a range of addresses. Takes as long as the kernel needs to list the process's
    /// mappings: milliseconds, and more with gigabytes mapped. Any thread.
    /// </summary>
    /// <param name="address">First byte.</param>
    /// <param name="lengthBytes">1 and more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1 or runs past the last
    /// address.</exception>
    public static MappingClass Classify(nint address, long lengthBytes) =>
        Classify(ProbeEnvironment.Real, address, lengthBytes);

    internal static MappingClass Classify(ProbeEnvironment environment, nint address, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        ulong start = unchecked((ulong)address);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)lengthBytes, ulong.MaxValue - start,
            nameof(lengthBytes));
        ulong end = start + (ulong)lengthBytes;

        var mappings = new List<Mapping>();
        ProbeText result = Read(environment, start, end, mappings);
        if (result.Text is null)
        {
            return new(null, "", "", result.Reason + ".");
        }
        if (mappings.Count == 0)
        {
            return new(null, "", "", "Nothing is mapped there.") { IsMapped = false };
        }
        return Combine(mappings, start, end) with { IsMapped = IsWhole(mappings, start, end) };
    }

    private static ProbeText Read(
        ProbeEnvironment environment, ulong start, ulong end, List<Mapping> mappings)
    {
        Mapping? current = null;
        return environment.VisitLines(Smaps, null, line =>
        {
            if (TryParseHeader(line, out Mapping next))
            {
                if (current is { } ended)
                {
                    mappings.Add(ended); // without VmFlags
                }
                current = next.Start < end && next.End > start ? next : null;
                return next.Start < end; // the list is in order of addresses
            }
            const string Key = "VmFlags:";
            if (current is { } mapping && line.StartsWith(Key, StringComparison.Ordinal))
            {
                mappings.Add(mapping with { Flags = ProbeEnvironment.Printable(line[Key.Length..]) });
                current = null;
            }
            return true;
        });
    }

    private static MappingClass Combine(List<Mapping> mappings, ulong start, ulong end)
    {
        MappingClass whole = default;
        ulong covered = start;
        for (int i = 0; i < mappings.Count; i++)
        {
            Mapping mapping = mappings[i];
            MappingClass one = ClassOf(mapping);
            bool isHole = mapping.Start > covered;
            covered = mapping.End;
            if (one.Kind == PeerMemoryKind.OpaqueMmio || one.Kind is null)
            {
                return one;
            }
            if (isHole)
            {
                return one with { Kind = null, Reason = "Parts of the range are not mapped." };
            }
            if (i > 0 && one.Kind != whole.Kind)
            {
                return whole with { Kind = null, Reason = MixedReason };
            }
            whole = i == 0 ? one : whole;
        }
        return covered < end
            ? whole with { Kind = null, Reason = "Parts of the range are not mapped." }
            : whole;
    }

    private static bool IsWhole(List<Mapping> mappings, ulong start, ulong end)
    {
        ulong covered = start;
        foreach (Mapping mapping in mappings)
        {
            if (mapping.Start > covered)
            {
                return false;
            }
            covered = mapping.End;
        }
        return covered >= end;
    }

    private static MappingClass ClassOf(Mapping mapping)
    {
        string[] flags = mapping.Flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        PeerMemoryKind? kind;
        string reason;
        if (flags.Length == 0)
        {
            kind = null;
            reason = "The kernel shows no VmFlags.";
        }
        else if (Array.IndexOf(flags, "pf") >= 0 || Array.IndexOf(flags, "io") >= 0)
        {
            kind = PeerMemoryKind.OpaqueMmio;
            reason = "pf or io: a mapping without page structures, which no I/O accepts.";
        }
        else if (Array.IndexOf(flags, "mm") < 0)
        {
            kind = PeerMemoryKind.HostMapped;
            reason = "None of pf, io, mm: ordinary pages.";
        }
        else if (mapping.File.EndsWith("/p2pmem/allocate", StringComparison.Ordinal))
        {
            kind = PeerMemoryKind.P2PdmaPages;
            reason = "mm, and mapped from a device's published memory.";
        }
        else
        {
            // A driver has put single pages there; whether of RAM or of a device, the flags do not say.
            kind = null;
            reason = "mm: pages that a driver put there, of RAM or of a device; only a trial read tells.";
        }
        return new(kind, mapping.Flags, mapping.File, reason);
    }

    /// <summary>"7f2c00000000-7f2c00021000 rw-p 00000000 00:00 0      name"</summary>
    private static bool TryParseHeader(string line, out Mapping mapping)
    {
        mapping = default;
        const NumberStyles Hex = NumberStyles.AllowHexSpecifier;
        int dash = line.IndexOf('-');
        int space = line.IndexOf(' ');
        if (dash < 1 || space < dash
            || !ulong.TryParse(line.AsSpan(0, dash), Hex, null, out ulong start)
            || !ulong.TryParse(line.AsSpan(dash + 1, space - dash - 1), Hex, null, out ulong end)
            || end <= start)
        {
            return false;
        }
        string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        mapping = new(start, end, "", words.Length == 6 ? words[5].Trim() : "");
        return true;
    }
}
