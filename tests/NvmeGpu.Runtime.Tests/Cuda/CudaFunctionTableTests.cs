using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using NvmeGpu.Bindings;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.Runtime.Tests.Cuda;

public sealed partial class CudaFunctionTableTests
{
    [Fact]
    public void Every_function_that_the_sources_call_is_bound_and_none_that_they_do_not()
    {
        string[] called =
        [
            .. Directory.GetFiles(Repository.PathOf("runtime", "Cuda"), "*.cs")
                .Where(path => !path.EndsWith("CudaFunctionTable.cs", StringComparison.Ordinal))
                .SelectMany(path => Call().Matches(File.ReadAllText(path)))
                .Select(match => match.Groups[1].Value)
                .Distinct().Where(name => name != nameof(CudaFunctions.cuGetProcAddress_v2))
                .Order(StringComparer.Ordinal),
        ];

        Assert.Equal(called, CudaFunctionTable.Versions.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_is_a_function_of_the_bindings_and_older_than_the_oldest_driver()
    {
        string[] asked = [];
        _ = new CudaFunctions(name =>
        {
            asked = [.. asked, name];
            return 0;
        });
        Assert.All(CudaFunctionTable.Versions, entry =>
        {
            Assert.Contains(entry.Key, asked);
            Assert.InRange(entry.Value, 2000, CudaFunctionTable.DriverVersionMin);
            Assert.Equal(0, entry.Value % 10);
            // The variant that the bindings have is the newest of cuda.h.
            Assert.True(
                typeof(CudaFunctions).GetMember(CudaFunctionTable.SymbolOf(entry.Key) + "_v3",
                    BindingFlags.Public | BindingFlags.Instance).Length == 0);
        });
    }

    [Theory]
    [InlineData("cuMemAlloc_v2", "cuMemAlloc")]
    [InlineData("cuMemHostAlloc", "cuMemHostAlloc")]
    public void The_driver_is_asked_for_the_name_without_its_variant(string name, string symbol) =>
        Assert.Equal(symbol, CudaFunctionTable.SymbolOf(name));

    // A call, or a name for the loader: `functions.cuInit(0)`, `nameof(CudaFunctions.cuInit)`.
    [GeneratedRegex(@"(?:[Ff]unctions|exported)\.(cu[A-Z]\w*)")]
    private static partial Regex Call();
}
