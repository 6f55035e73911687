using System;
using System.IO;
using System.Runtime.CompilerServices;
using Xunit;

namespace NvmeGpu.TestKit;

/// <summary>
/// Snapshot tests with Verify's file conventions: the accepted text is NAME.verified.EXTENSION beside the
/// test's source; a different one is left as NAME.received.EXTENSION, to be compared, and moved over the
/// verified file to accept it.
/// </summary>
public static class Snapshot
{
    public static void Verify(
        string actual,
        string extension = "txt",
        string? parameter = null,
        [CallerFilePath] string sourceFile = "",
        [CallerMemberName] string member = "")
    {
        string typeName = Path.GetFileNameWithoutExtension(sourceFile);
        string name = $"{typeName}.{member}{(parameter is null ? "" : "_" + parameter)}";
        string folder = Path.GetDirectoryName(sourceFile)!;
        string verifiedPath = Path.Combine(folder, $"{name}.verified.{extension}");
        string receivedPath = Path.Combine(folder, $"{name}.received.{extension}");

        string received = Normalize(actual);
        string? verified = File.Exists(verifiedPath) ? Normalize(File.ReadAllText(verifiedPath)) : null;
        if (verified == received)
        {
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        if (verified is null)
        {
            Assert.Fail(
                $"No snapshot yet. Read {receivedPath} and, if it is right, rename it to {verifiedPath}.");
        }
        Assert.Equal(verified, received); // prints where they part
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
}
