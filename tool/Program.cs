using System;
using NvmeGpu.Tool;
using NvmeGpu.Tool.CommandLine;
using NvmeGpu.Tool.Text;

// The one place where exceptions end: a sentence each, and no stack trace unless it was asked for.
try
{
    return RootCommandLine.Run(args);
}
catch (ToolException e)
{
    Console.Error.WriteLine($"nvmegpu: {Printable.Of(e.Message)}");
    ShowTrace(e.InnerException);
    return e.ExitCode;
}
catch (Exception e)
{
    Console.Error.WriteLine(
        $"nvmegpu: unexpected {e.GetType().Name}: {Printable.Of(e.Message)} This is a bug in nvmegpu; "
        + "--verbose shows where.");
    ShowTrace(e);
    return ExitCode.Bug;
}

void ShowTrace(Exception? fault)
{
    if (fault is not null && Verbosity.IsVerbose(args))
    {
        Console.Error.WriteLine(Printable.Lines(fault.ToString()));
    }
}
