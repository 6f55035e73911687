using System;

namespace NvmeGpu.VmLab;

/// <summary>What build/vm-lab was asked for.</summary>
internal sealed record CommandLine
{
    public bool IsShell { get; private set; }

    public bool IsList { get; private set; }

    public bool IsFull { get; private set; }

    public string? Scenario { get; private set; }

    public string? Test { get; private set; }

    public string? Kernel { get; private set; }

    /// <exception cref="LabException">It is not understood.</exception>
    public static CommandLine Parse(string[] arguments)
    {
        var result = new CommandLine();
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => i + 1 < arguments.Length
                ? arguments[++i]
                : throw new LabException($"{arguments[i]} needs a value; see --help.");
            switch (arguments[i])
            {
                case "--shell":
                    result.IsShell = true;
                    break;
                case "--list":
                    result.IsList = true;
                    break;
                case "--full":
                    result.IsFull = true;
                    break;
                case "--scenario":
                    result.Scenario = Value();
                    break;
                case "--test":
                    result.Test = Value();
                    break;
                case "--kernel":
                    result.Kernel = Value();
                    break;
                default:
                    throw new LabException($"'{arguments[i]}' is not known; see --help.");
            }
        }
        return result;
    }
}
