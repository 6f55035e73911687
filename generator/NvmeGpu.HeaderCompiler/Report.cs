using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;

namespace NvmeGpu.HeaderCompiler;

/// <summary>What a run bound, and what it did not and why.</summary>
internal static class Report
{
    public static void Write(
        TextWriter output, CompilerOptions options, LibraryModel library, int inlineFunctions,
        int filesWritten)
    {
        int fields = library.Records.Sum(FieldsOf);
        int members = library.Enums.Where(model => !model.IsAnonymous).Sum(model => model.Members.Count);
        int constants = library.Constants.Count
            + library.Enums.Where(model => model.IsAnonymous).Sum(model => model.Members.Count);
        output.WriteLine($"{options.ClassName}: {library.Records.Count(record => record.IsComplete)} structs "
            + "and unions with "
            + $"{fields} fields, {library.Records.Count(record => !record.IsComplete)} opaque types, "
            + $"{library.Enums.Count(model => !model.IsAnonymous)} enums with {members} members, {constants} "
            + "constants, "
            + $"{library.Functions.Count} functions, {library.Aliases.Count} aliases"
            + (inlineFunctions > 0 ? $", {inlineFunctions} inline functions" : "")
            + $"; {filesWritten} files "
            + "changed.");
        foreach (string warning in library.Warnings.Distinct())
        {
            output.WriteLine($"  warning: {warning}");
        }
        foreach (IGrouping<string, Unbound> group in library.Unbound.GroupBy(unbound => unbound.Kind))
        {
            List<Unbound> all = [.. group];
            output.WriteLine($"  not bound: {all.Count} {group.Key}{(all.Count == 1 ? "" : "s")}");
            // Pieces that are always left out are listed on request; the rest is a loss that must be seen.
            if (options.LogsExclusions || group.Key is not "function-like macro")
            {
                foreach (Unbound unbound in all)
                {
                    output.WriteLine($"    {unbound.Location}: {unbound.Name}: {unbound.Reason}");
                }
            }
        }
    }

    private static int FieldsOf(RecordModel record) => record.Fields.Count + record.Nested.Sum(FieldsOf);
}
