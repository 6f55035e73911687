using System;
using System.Collections.Generic;
using System.Linq;
using NvmeGpu.HeaderCompiler.Clang;
using NvmeGpu.HeaderCompiler.Emitting;
using NvmeGpu.HeaderCompiler.Model;
using NvmeGpu.HeaderCompiler.Options;
using NvmeGpu.HeaderCompiler.Reading;

namespace NvmeGpu.HeaderCompiler;

/// <summary>
/// nvmegpu-headers: C headers to C# source. All libraries of a command line are read and checked before the
/// first file is written, so that a bad one leaves the output of all as it was.
/// </summary>
internal static class Program
{
    private const string Usage = """
        nvmegpu-headers [@FILE] [OPTION VALUE...]... [--next [OPTION VALUE...]...]

        Reads C headers with libclang and writes C#: structs, enums, constants, function tables, and an index.
        @FILE holds arguments, one per line; relative paths in it start from its folder.
        --next starts another library.

          --file HEADER...              what to parse
          --traverse NAME...            headers whose declarations count; the parsed files without it
          --include-directory DIR...    where included headers are
          --define-macro NAME[=VALUE]...
          --output FOLDER               where to write
          --namespace NAME              --methodClassName NAME       --libraryPath NAME
          --exclude NAME...             --include NAME...
          --remap C_NAME=NAME...        --with-type NAME=TYPE...     --with-suppressgctransition NAME...
          --std STANDARD                --target TRIPLE              --additional ARGUMENT... (for clang)
          --inline-output FOLDER        where translated inline functions go, if not to --output
          --overlay FILE                contracts, summaries, [Flags] and types that C cannot say
          --lock FILE                   package versions, for the first lines of each file
          --config log-exclusions       list everything that was not bound
          --config log-visited-files    print the headers that were read, write nothing
          --version, --help

        The other options of ClangSharp's generator are refused, each with its reason.
        libclang is found through LIBCLANG_PATH (a file or a folder) or in the usual places.
        """;

    private static int Main(string[] arguments)
    {
        try
        {
            if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h" or "-?"))
            {
                Console.WriteLine(Usage);
                return arguments.Length == 0 ? 2 : 0;
            }
            if (arguments.Any(argument => argument is "--version" or "-v"))
            {
                LibClangLocator.Load();
                Console.WriteLine(LibClang.clang_getClangVersion().Take());
                return 0;
            }
            Run(CommandLine.Parse(arguments));
            return 0;
        }
        catch (CompilerException failure)
        {
            Console.Error.WriteLine($"nvmegpu-headers: {failure.Message}.");
            return 1;
        }
    }

    private static void Run(IReadOnlyList<CompilerOptions> libraries)
    {
        string resourceFolder = LibClangLocator.Load();
        var outputs =
            new List<(CompilerOptions Options, LibraryModel Model, LibraryOutput Texts)>();
        foreach (CompilerOptions options in libraries)
        {
            var overlay = Overlay.Load(options.OverlayPath);
            overlay.AddTypes(options.Types);
            var reader = new HeaderReader(options, overlay, resourceFolder);
            LibraryModel model = reader.Read();
            if (options.ListsHeaders)
            {
                foreach (string file in model.Files)
                {
                    Console.WriteLine(file);
                }
                continue;
            }
            IReadOnlyList<string> provenance = Provenance.Of(options, model.Files);
            outputs.Add((options, model, new LibraryEmitter(
                model, reader.Inline, options, overlay, provenance).Emit()));
        }
        foreach (
            (CompilerOptions options, LibraryModel model, LibraryOutput texts) in outputs)
        {
            int written = OutputFolder.Write(options.Output!, texts.Bindings);
            if (options.InlineOutput is not null)
            {
                written += OutputFolder.Write(options.InlineOutput, texts.Inline);
            }
            Report.Write(Console.Out, options, model, texts.InlineFunctions, written);
        }
    }
}
