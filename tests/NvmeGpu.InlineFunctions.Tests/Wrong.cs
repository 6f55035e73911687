using System.Collections.Generic;
using Xunit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>Fails with everything that is wrong, each on a line, rather than with the first of it.</summary>
internal static class Wrong
{
    public static void None(IReadOnlyCollection<string> wrong) =>
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong)}");
}
