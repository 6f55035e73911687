using System.CommandLine;
using NvmeGpu.Tool.Probe;

namespace NvmeGpu.Tool.CommandLine;

/// <summary>The options of <c>nvmegpu probe</c>.</summary>
internal static class ProbeCommandLine
{
    public static Command Create(string[] commandLine)
    {
        var path = new Argument<string?>("PATH")
        {
            Description =
                "A file, directory, block device or NVMe character device whose drive is to be looked at "
                + "too.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        OptionValue.RefuseUnknownOptions(path, commandLine);
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command(
            "probe",
            "Looks at what this machine can do for each read path, by looking and by trial reads; nothing is "
            + "written.\n\n"
                + ExitCode.Help)
        {
            path, json,
        };
        command.SetAction(parsed => ProbeCommand.Run(parsed.GetValue(path), parsed.GetValue(json)));
        return command;
    }
}
