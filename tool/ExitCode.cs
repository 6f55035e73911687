namespace NvmeGpu.Tool;

/// <summary>
/// What the command's exit code says. The table in the help and in README.md says the same.
/// </summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>
    /// One or more sources failed, or the output could not be written; each with a sentence on stderr.
    /// </summary>
    public const int SourcesFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>
    /// The machine refuses: io_uring, locked memory, a read path or a program that is not there.
    /// </summary>
    public const int Refused = 3;

    /// <summary>A bug in this program.</summary>
    public const int Bug = 70;

    /// <summary>SIGINT: 128 + 2, as shells count.</summary>
    public const int Interrupted = 130;

    /// <summary>Nobody reads standard output any more (SIGPIPE): 128 + 13.</summary>
    public const int BrokenPipe = 141;

    /// <summary>SIGTERM: 128 + 15.</summary>
    public const int Terminated = 143;

    /// <summary>The table for the help.</summary>
    public const string Help =
        """
        Exit codes:
          0    everything was done
          1    one or more sources failed (a sentence each on stderr), or the output could not be written
          2    the command line is wrong
          3    the machine refuses: io_uring forbidden, locked-memory limit, no such read path, no fio
          70   a bug in nvmegpu (--verbose shows where)
          130  cancelled by Ctrl-C (SIGINT); 143 by SIGTERM
          141  nobody reads the output any more (broken pipe)
        """;
}
