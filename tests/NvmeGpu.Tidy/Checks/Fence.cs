using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy.Checks;

/// <summary>House style 2: where `unsafe` may be, and what stands beside it.</summary>
public static class Fence
{
    /// <summary>Whole folders that are about memory, rings and native calls.</summary>
    private static readonly string[] s_folders =
        ["bindings", "runtime/Cuda", "runtime/Memory", "runtime/Ring"];

    /// <summary>Single files outside of them, and what they need it for.</summary>
    private static readonly Dictionary<string, string> s_files = new()
    {
        ["runtime/Ingest/MegakernelIoQueue.cs"] = "the queue's entries lie in memory that a device shares",
        ["runtime/Ingest/MegakernelRequestQueue.cs"] = "the same, of the queue in the other direction",
        ["runtime/Ingest/SourceFile.cs"] = "statx and fcntl",
        ["runtime/Machine/ProbeTarget.cs"] = "statx",
        ["runtime/Nvme/ExtentCalls.cs"] = "statx, fstatfs and ioctl",
        ["runtime/Nvme/IoUring.Nvme.cs"] = "hands addresses to the kernel, as runtime/Ring does",
        ["runtime/Nvme/IoUring.NvmeMetadata.cs"] = "the same, of two places at once",
        ["runtime/Nvme/NamespaceCalls.cs"] = "open, statx and ioctl",
        ["runtime/Nvme/NvmeCmbProvider.cs"] = "maps a device's memory",
        ["runtime/Nvme/NvmeCommand.cs"] = "assembles a structure of the kernel's",
        ["runtime/Probe/IoUringChecks.cs"] = "asks the kernel with structures of its own",
        ["runtime/Probe/RawRing.cs"] = "a ring without its queues: system calls",
        ["runtime/Probe/RegisteredTrialPath.cs"] = "the span of memory that it owns",
    };

    public static IEnumerable<Finding> Places(TextFile file)
    {
        if (!file.IsHandwrittenCSharp || !file.IsBelow("runtime", "bindings", "tool", "analyzers")
            || file.IsBelow(s_folders) || s_files.ContainsKey(file.Path))
        {
            yield break;
        }
        foreach (SyntaxToken token in file.Root.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.UnsafeKeyword)))
        {
            yield return file.At(
                file.LineAt(token.SpanStart),
                "`unsafe` outside of the fence (bindings, runtime/Cuda, runtime/Memory, runtime/Ring, and "
                + "the list of this check).");
        }
    }

    /// <summary>Directly above the block, or its first line.</summary>
    public static IEnumerable<Finding> Reasons(TextFile file)
    {
        if (!file.IsHandwrittenCSharp || !file.IsBelow("runtime", "bindings", "tool", "generator"))
        {
            yield break;
        }
        foreach (UnsafeStatementSyntax block in file.Root.DescendantNodes().OfType<UnsafeStatementSyntax>())
        {
            SyntaxToken first = block.Block.OpenBraceToken.GetNextToken();
            if (!HasReason(block.GetLeadingTrivia()) && !HasReason(first.LeadingTrivia))
            {
                yield return file.At(block, "an unsafe block without `// SAFETY:` and why its duty is met.");
            }
        }
    }

    /// <summary>Members that others can call; private ones have their reason where they are used.</summary>
    public static IEnumerable<Finding> Duties(TextFile file)
    {
        if (!file.IsHandwrittenCSharp || !file.IsBelow("runtime", "bindings"))
        {
            yield break;
        }
        foreach (MemberDeclarationSyntax member in file.Root.DescendantNodes()
            .OfType<MemberDeclarationSyntax>())
        {
            if (member is BaseMethodDeclarationSyntax or PropertyDeclarationSyntax or IndexerDeclarationSyntax
                && member.Modifiers.Any(SyntaxKind.UnsafeKeyword)
                && !member.Modifiers.Any(SyntaxKind.OverrideKeyword)
                && member.Modifiers.Any(word =>
                    word.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword)
                && !member.GetLeadingTrivia().ToFullString().Contains("<safety>", StringComparison.Ordinal))
            {
                yield return file.At(
                    member, "an unsafe member without `/// <safety>`: the caller's duty in one sentence.");
            }
        }
    }

    private static bool HasReason(SyntaxTriviaList trivia) => trivia.Any(
        piece => piece.ToString().StartsWith("// SAFETY: ", StringComparison.Ordinal));
}
