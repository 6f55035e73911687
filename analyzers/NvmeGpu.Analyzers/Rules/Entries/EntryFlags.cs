using System;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>What may be true of a submission entry at one point; several at once after a join.</summary>
[Flags]
internal enum EntryFlags
{
    None = 0,

    /// <summary>Ours to write.</summary>
    Live = 1,

    /// <summary>The kernel may have it.</summary>
    Submitted = 2,

    /// <summary>Where it comes from, or who has it, cannot be told.</summary>
    Unknown = 4,

    /// <summary>Has whatever its last use left there.</summary>
    Raw = 8,

    /// <summary>Was cleared or prepared as a whole, or may have been.</summary>
    Cleared = 16,

    /// <summary>Its user_data is that of its last use.</summary>
    NoData = 32,

    /// <summary>Its user_data was set, or may have been.</summary>
    HasData = 64,

    Fresh = Live | Raw | NoData,
}
