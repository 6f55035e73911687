using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace NvmeGpu.InlineFunctions.Runner;

/// <summary>
/// inline-functions-runner NATIVE MANAGED SEED COUNT FIRST: compares item after item from the first one on,
/// each with all edges and COUNT random vectors, and prints a line per event:
/// <c>begin INDEX</c>, then <c>agrees INDEX CALLS</c> or <c>differs INDEX WHAT</c>, tabs between. It ends
/// early, with no second line for an item, when that crashes or hangs; the caller then goes on with the next
/// item.
/// </summary>
internal static class Program
{
    private const int HangSeconds = 3; // one call takes microseconds

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 5)
        {
            Console.Error.WriteLine("inline-functions-runner: needs NATIVE MANAGED SEED COUNT FIRST.");
            return 2;
        }
        var native = new NativeSide(arguments[0]);
        var managed = new ManagedSide(arguments[1], native);
        var comparison = new Comparison(
            native, managed, ulong.Parse(arguments[2], CultureInfo.InvariantCulture),
            int.Parse(arguments[3], CultureInfo.InvariantCulture));
        new Thread(() => EndWhenHanging(comparison)) { IsBackground = true }.Start();

        for (int i = int.Parse(arguments[4], CultureInfo.InvariantCulture); i < managed.Items.Length; i++)
        {
            Print($"begin\t{i}");
            string item = managed.Items[i];
            int mark = item.IndexOf('#');
            CFunction function = native.Functions[mark < 0 ? item : item[..mark]];
            long before = comparison.CallCount;
            string? difference = (mark < 0 ? managed.SignatureDifference(function) : null)
                ?? comparison.FirstDifference(function, managed.Calls[i]);
            Print(difference is null
                ? $"agrees\t{i}\t{comparison.CallCount - before}" : $"differs\t{i}\t{difference}");
        }
        return 0;
    }

    private static void Print(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    // A loop that does not end cannot be left in any other way.
    private static void EndWhenHanging(Comparison comparison)
    {
        long last = -1;
        while (true)
        {
            Thread.Sleep(TimeSpan.FromSeconds(HangSeconds));
            long now = comparison.CallCount;
            if (now == last)
            {
                Console.Error.WriteLine("hangs");
                Process.GetCurrentProcess().Kill();
            }
            last = now;
        }
    }
}
