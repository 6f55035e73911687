using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Rules.Entries;

/// <summary>What the flow of entries through one method found; made and used inside one callback.</summary>
internal sealed class EntryFindings
{
    /// <summary>Writes to an entry that the kernel has, on all paths or (true) on some.</summary>
    public Dictionary<SyntaxNode, bool> LateWrites { get; } = [];

    /// <summary>An opcode is written into an entry with the rest of its last use.</summary>
    public HashSet<SyntaxNode> RawOpcodes { get; } = [];

    /// <summary>Calls that prepared entries whose user_data nobody sets.</summary>
    public HashSet<SyntaxNode> WithoutData { get; } = [];

    public bool HasData { get; private set; }

    public void OnUse(EntryUse use, EntryState state)
    {
        switch (use.Kind)
        {
            case EntryUseKind.Field:
                HasData |= use.Field == "user_data";
                if (use.Field == "opcode" && state.IsOnly(EntryFlags.Raw, EntryFlags.Cleared))
                {
                    _ = RawOpcodes.Add(use.At.Syntax);
                }
                OnWrite(use, state);
                break;
            case EntryUseKind.SetData:
                HasData = true;
                OnWrite(use, state);
                break;
            case EntryUseKind.Whole or EntryUseKind.Prepare or EntryUseKind.Set:
                OnWrite(use, state);
                break;
        }
    }

    public void OnGone(EntryState state)
    {
        if (state.Prepared is { } call && state.IsOnly(EntryFlags.NoData, EntryFlags.HasData))
        {
            _ = WithoutData.Add(call);
        }
    }

    private void OnWrite(EntryUse use, EntryState state)
    {
        if (state.Has(EntryFlags.Submitted) && !state.Has(EntryFlags.Unknown))
        {
            LateWrites[use.At.Syntax] = state.Has(EntryFlags.Live);
        }
    }
}
