using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>
/// Comparing values proves nothing about memory order. Here the ordered accesses that the preprocessed header
/// has in each function are read against those of its translation, one by one.
/// </summary>
public sealed partial class MemoryOrderTests(ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_ordered_access_of_the_header_is_one_of_the_translation_and_in_the_same_place()
    {
        await Gcc.RequireAllAsync();
        HeaderUnderTest header = HeaderUnderTest.Liburing;
        TranslatedHeader translated = await TranslatedHeader.MakeAsync(header, Cancellation);
        string preprocessed = await Gcc.RunAsync("-E", "-P", header.Included);
        int count = 0;
        foreach (CFunctionDeclaration function in (await CDeclarations.ReadAsync(header, Cancellation))
            .Where(function => function.IsInline))
        {
            string[] expected = [.. OfC(Body(preprocessed, function.Name))];
            MethodDeclarationSyntax method = translated.Methods[function.Name];

            Assert.Equal(
                (function.Name, string.Join(' ', expected)),
                (function.Name, string.Join(' ', OfCSharp(method))));
            count += expected.Length;
        }
        output.WriteLine($"{count} ordered accesses");
        Assert.True(count >= 8, $"only {count} ordered accesses were found in the header");
        FactsFile.Keep(header.FactsName, ("ordered-accesses", count));
    }

    /// <summary>
    /// With a kernel thread that takes entries, the head is that thread's and is read with acquire; otherwise
    /// it is ours. Values cannot tell, as both reads give the same.
    /// </summary>
    [Theory]
    [InlineData("_io_uring_get_sqe")]
    [InlineData("io_uring_sq_ready")]
    public async Task The_head_is_read_with_acquire_where_the_kernel_thread_moves_it(string function)
    {
        await Gcc.RequireAllAsync();
        TranslatedHeader translated =
            await TranslatedHeader.MakeAsync(HeaderUnderTest.Liburing, Cancellation);
        IfStatementSyntax choice = translated.Methods[function].DescendantNodes().OfType<IfStatementSyntax>()
            .Single(choice => choice.Condition.ToString()
                .Contains("IORING_SETUP_SQPOLL", StringComparison.Ordinal));
        StatementSyntax withThread = choice.Statement;
        StatementSyntax without = choice.Else!.Statement;
        if (choice.Condition.ToString() is "(ring->flags & IORING_SETUP_SQPOLL) == 0")
        {
            (withThread, without) = (without, withThread);
        }
        else
        {
            Assert.Equal("(ring->flags & IORING_SETUP_SQPOLL) != 0", choice.Condition.ToString());
        }

        Assert.Equal(["load"], OfCSharp(withThread));
        Assert.Equal([""], OfCSharp(without).DefaultIfEmpty(""));
    }

    private static string Body(string preprocessed, string function)
    {
        Match start = Regex.Match(preprocessed, $@"\b{function}\s*\([^;{{}}]*\)\s*{{");
        Assert.True(start.Success, $"{function} has no body in the preprocessed header");
        int depth = 1;
        int end = start.Index + start.Length;
        for (; depth > 0; end++)
        {
            depth += preprocessed[end] switch { '{' => 1, '}' => -1, _ => 0 };
        }
        return preprocessed[start.Index..end];
    }

    private static IEnumerable<string> OfC(string body) => OrderedAccess().Matches(body).Select(match =>
        match.Groups[1].Value is "thread_fence" ? "fence" : match.Groups[1].Value);

    private static IEnumerable<string> OfCSharp(SyntaxNode method) => method.DescendantNodes()
        .OfType<InvocationExpressionSyntax>()
        .Select(call => call.Expression.ToString().Split('.', ':') switch
        {
            [.., "Volatile", "Read"] => "load",
            [.., "Volatile", "Write"] => "store",
            [.., "Interlocked", "MemoryBarrier"] => "fence",
            _ => "",
        })
        .Where(access => access.Length > 0);

    // What gcc's stdatomic.h makes of atomic_load_explicit and the like.
    [GeneratedRegex(@"\b__atomic_(load|store|thread_fence) \(")]
    private static partial Regex OrderedAccess();
}
