using System.CommandLine;
using System.CommandLine.Parsing;
using NvmeGpu.Tool.Hashing;
using NvmeGpu.Tool.Ingest;

namespace NvmeGpu.Tool.CommandLine;

/// <summary>The options of <c>nvmegpu ingest</c>.</summary>
internal static class IngestCommandLine
{
    public static Command Create(string[] commandLine)
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description =
                "Files, and directories (with everything below them). '-' reads a list of paths from "
                + "standard input, one per line.",
            Arity = ArgumentArity.OneOrMore,
        };
        OptionValue.RefuseUnknownOptions(paths, commandLine);
        var isNulSeparated = new Option<bool>("--null", "-0")
        {
            Description =
                "The list on standard input is separated by NUL characters, as find -print0 writes it.",
        };
        var hash = new Option<HashKind>("--hash")
        {
            Description = "What to compute of what the consumer saw. [default: sha256]",
            HelpName = "sha256|crc32c|xxh3|none",
            CustomParser = ParseHash,
        };
        var slots = new Option<int>("--slots")
        {
            Description = "Number of slots. [default: 32, or fewer below a low limit on locked memory]",
            HelpName = "N",
            CustomParser = result => OptionValue.Number(result, 1, IngestOptions.SlotCountLimit),
        };
        var slotSize = new Option<int>("--slot-size")
        {
            Description =
                "Bytes per slot, a multiple of 4K: 64K, 1M, 1MiB. [default: 1M, or less below a low limit on "
                + "locked memory]",
            HelpName = "SIZE",
            CustomParser = ParseSlotSize,
        };
        var depth = new Option<int>("--depth")
        {
            Description = "Reads in flight at most. [default: 16]",
            HelpName = "N",
            CustomParser = result => OptionValue.Number(result, 1, IoUringOptions.DepthLimit),
        };
        var direct = new Option<bool>("--direct")
        {
            Description = "Read with O_DIRECT: the device writes into the slots itself, past the page cache.",
        };
        var path = new Option<PathChoice>("--path")
        {
            Description = "How the bytes get there. [default: auto]",
            HelpName = "auto|registered|gpudirect|peer-file",
            CustomParser = ParsePath,
        };
        var length = new Option<long?>("--length")
        {
            Description =
                "Read only the first SIZE bytes of each source; character devices such as /dev/zero need it.",
            HelpName = "SIZE",
            CustomParser = result => OptionValue.Size(result, 1, long.MaxValue),
        };
        var range = new Option<LbaRange?>("--lba-range")
        {
            Description =
                "Read COUNT blocks from block FIRST on of a namespace, by NVMe commands past filesystem and "
                + "page cache; PATH is its character device, such as /dev/ng0n1.",
            HelpName = "FIRST+COUNT",
            CustomParser = result => LbaRange.TryParse(OptionValue.Of(result), out LbaRange parsed)
                ? parsed
                : OptionValue.Wrong<LbaRange?>(
                    result, "must be FIRST+COUNT, two numbers of blocks such as 0+2048, of which COUNT is 1 "
                    + "and more"),
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document with everything." };
        var quiet =
            new Option<bool>("--quiet", "-q") { Description = "Print checksum lines and failures only." };

        var command = new Command(
            "ingest",
            "Reads files through registered slots and hashes what the consumer saw there. Checksum lines "
            + "have the format of sha256sum(1):\n  nvmegpu ingest --quiet DIRECTORY | sha256sum -c\n\n"
                + ExitCode.Help)
        {
            paths, isNulSeparated, hash, slots, slotSize, depth, direct, path, length, range, json, quiet,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(range) is not null
                && WhyNoRange(
                    result.GetValue(paths) ?? [], result.GetResult(length) is not null,
                    result.GetValue(path).Path) is { } reason)
            {
                result.AddError(reason);
            }
        });
        command.SetAction(parsed => IngestCommand.Run(new IngestSettings
        {
            Paths = parsed.GetRequiredValue(paths),
            IsNulSeparated = parsed.GetValue(isNulSeparated),
            Hash = parsed.GetValue(hash),
            SlotCount = parsed.GetValue(slots),
            SlotSizeBytes = parsed.GetValue(slotSize),
            DepthMax = parsed.GetValue(depth),
            DirectIo = parsed.GetValue(direct),
            ReadPath = parsed.GetValue(path).Path,
            LengthBytes = parsed.GetValue(length),
            LbaRange = parsed.GetValue(range),
            IsJson = parsed.GetValue(json),
            IsQuiet = parsed.GetValue(quiet),
        }));
        return command;
    }

    private static string? WhyNoRange(string[] paths, bool hasLength, NativeReadPath? readPath) =>
        paths is not [var only] || only == SourceList.StandardInput
            ? "--lba-range is of one namespace: give one character device, such as /dev/ng0n1."
        : hasLength ? "--lba-range and --length both say how much to read: give one of them."
        : readPath is not (null or NativeReadPath.GpuDirectNvmePassthrough)
            ? "--lba-range is read by --path gpudirect: leave out the other path."
        : null;

    private static HashKind ParseHash(ArgumentResult result) => OptionValue.Of(result) switch
    {
        "sha256" => HashKind.Sha256,
        "crc32c" => HashKind.Crc32C,
        "xxh3" => HashKind.Xxh3,
        "none" => HashKind.None,
        _ => OptionValue.Wrong<HashKind>(result, "must be sha256, crc32c, xxh3 or none"),
    };

    // Not a nullable value: that the parser takes no null for, "auto" would end in an exception.
    private static PathChoice ParsePath(ArgumentResult result) => OptionValue.Of(result) switch
    {
        "auto" => new(null),
        "registered" => new(NativeReadPath.RegisteredMappedRead),
        "gpudirect" => new(NativeReadPath.GpuDirectNvmePassthrough),
        "peer-file" => new(NativeReadPath.PeerDirectFileRead),
        _ => OptionValue.Wrong<PathChoice>(result, "must be auto, registered, gpudirect or peer-file"),
    };

    private static int ParseSlotSize(ArgumentResult result)
    {
        long bytes =
            OptionValue.Size(result, IngestOptions.SlotSizeStepBytes, IngestOptions.SlotSizeLimitBytes) ?? 0;
        return bytes % IngestOptions.SlotSizeStepBytes == 0
            ? (int)bytes
            : OptionValue.Wrong<int>(
                result, $"must be a multiple of {IngestOptions.SlotSizeStepBytes}: direct I/O and the GPU "
                + "need aligned slots");
    }
}
