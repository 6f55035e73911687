using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// As process 1 it is the guest's whole user space. Otherwise:
/// <c>--list</c> prints the tests, <c>--run NAME...</c> runs some (in the guest's shell); and see
/// <see cref="UserProcess"/> and <see cref="ReaderProcess"/>.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // The kernel gives process 1 whatever it does not know of its command line: not for us.
        if (Environment.ProcessId == 1)
        {
            return GuestInit.Run();
        }
        switch (args)
        {
            case ["--list"]:
                foreach (GuestTest test in GuestTestTable.All)
                {
                    Console.WriteLine(test.Name);
                }
                return 0;
            case ["--run", .. string[] names] when names.Length > 0:
                return RunInShell(names);
            case [UserProcess.Argument, .. string[] rest]:
                return UserProcess.Act(rest);
            case [ReaderProcess.OwnedArgument, string device, string memory]:
                return ReaderProcess.ActAsOwned(device, memory);
            default:
                Console.Error.WriteLine("usage: vm-lab-guest --list | --run TEST...");
                return 2;
        }
    }

    // A part of a name will do: claims are long, and a serial console has no completion.
    private static int RunInShell(string[] names)
    {
        var settings = GuestSettings.Load();
        var context = new GuestContext(settings, new ConsoleChannel());
        var failed = new List<string>();
        foreach (string name in names)
        {
            GuestTest[] tests =
                [.. GuestTestTable.All.Where(test => test.Name.Contains(name, StringComparison.Ordinal))];
            if (tests.Length == 0)
            {
                Console.Error.WriteLine($"vm-lab-guest: no test has '{name}' in its name; --list shows all.");
                return 2;
            }
            failed.AddRange(tests.Where(test => !test.Run(context)).Select(test => test.Name));
        }
        return failed.Count == 0 ? 0 : 1;
    }
}
