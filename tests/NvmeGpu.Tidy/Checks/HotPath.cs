using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NvmeGpu.Tidy.Checks;

/// <summary>House style 10, as far as text shows it: between "slot free" and "slot published".</summary>
public static class HotPath
{
    /// <summary>Everything in them is run per operation.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        "runtime/Ring/IoUring.cs", "runtime/Ring/RingQueues.cs", "runtime/Ring/OperationTable.cs",
        "runtime/Ring/SubmissionEntry.cs", "runtime/Ring/Completion.cs", "runtime/Ring/ReadToken.cs",
        "runtime/Ring/RegisteredRegion.cs", "runtime/Ring/AttachedRegion.cs",
        "runtime/Ring/IoUring.Attachment.cs", "runtime/Nvme/IoUring.Nvme.cs",
        "runtime/Nvme/IoUring.NvmeMetadata.cs", "runtime/Nvme/NvmeCommand.cs",
        "runtime/Ingest/NvmeGpuIngestDriver.Reading.cs",
        "runtime/Ingest/NvmeGpuIngestDriver.Publishing.cs", "runtime/Ingest/MegakernelIoQueue.cs",
        "runtime/Ingest/MegakernelIoLoop.cs", "runtime/Ingest/MegakernelRequestQueue.cs",
        "runtime/Ingest/Doorbell.cs",
    ];

    public static IEnumerable<Finding> Constructs(TextFile file)
    {
        if (!Files.Contains(file.Path))
        {
            yield break;
        }
        foreach (UsingDirectiveSyntax use in file.Root.DescendantNodes().OfType<UsingDirectiveSyntax>()
            .Where(use => use.Name?.ToString() == "System.Linq"))
        {
            yield return file.At(use, "LINQ in a file of the hot path.");
        }
        foreach (SyntaxNode node in file.Root.DescendantNodes())
        {
            string? what = node switch
            {
                AwaitExpressionSyntax => "`await`",
                QueryExpressionSyntax => "a query",
                YieldStatementSyntax => "`yield`",
                MethodDeclarationSyntax method
                    when method.Modifiers.Any(SyntaxKind.AsyncKeyword) => "`async`",
                MethodDeclarationSyntax method
                    when method.Modifiers.Any(SyntaxKind.VirtualKeyword) => "a virtual method",
                _ => null,
            };
            if (what is not null)
            {
                yield return file.At(node, what + " in a file of the hot path.");
            }
        }
    }
}
