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
          --with-access-specifier NAME=public|internal|private...    * for all types
          --std STANDARD                --target TRIPLE              --additional ARGUMENT... (for clang)
          --inline-output FOLDER        where translated inline functions go, if not to --output
          --compare-target TRIPLE       print what differs on another target; written is --target's output
          --compare-include-directory DIR...  that target's include directories, where they are others
          --overlay FILE                contracts, summaries, [Flags] and types that C cannot say
          --lock FILE                   package versions, for the first lines of each file
          --config generate-helper-types
                                        a library that compiles by itself, its types public
          --config log-exclusions       list everything that was not bound
          --config log-visited-files    print the headers that were read, write nothing
          --version, --help

        The other options of ClangSharp's generator are refused, each with its reason. generator/README.md has
        all of them, and examples.
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
        var outputs = new List<Compiled>();
        foreach (CompilerOptions options in libraries)
        {
            if (Compile(options, resourceFolder) is { } compiled)
            {
                outputs.Add(compiled);
            }
        }
        Write(outputs);
        foreach (Compiled compiled in outputs)
        {
            Report.Write(
                Console.Out, compiled.Options, compiled.Model, compiled.Output.InlineFunctions,
                compiled.FilesWritten);
            if (compiled.Other is not null)
            {
                TargetComparison.Write(Console.Out, compiled, compiled.Other);
            }
        }
    }

    private static Compiled? Compile(CompilerOptions options, string resourceFolder)
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
            return null;
        }
        IReadOnlyList<string> provenance = Provenance.Of(options, model.Files);
        LibraryOutput output =
            new LibraryEmitter(model, reader.Inline, options, overlay, provenance).Emit();
        return new Compiled(options, model, output)
        {
            Other = options.CompareTarget is null
                ? null : Compile(options.ForCompareTarget(), resourceFolder),
        };
    }

    // The files of all libraries are on the disk before the first one is put in place.
    private static void Write(List<Compiled> outputs)
    {
        var staged = new List<(Compiled Library, OutputFolder Folder)>();
        try
        {
            foreach (Compiled compiled in outputs)
            {
                staged.Add(
                    (compiled, OutputFolder.Stage(compiled.Options.Output!, compiled.Output.Bindings)));
                if (compiled.Options.InlineOutput is { } folder)
                {
                    staged.Add((compiled, OutputFolder.Stage(folder, compiled.Output.Inline)));
                }
            }
            foreach ((Compiled library, OutputFolder folder) in staged)
            {
                library.FilesWritten += folder.Commit();
            }
        }
        finally
        {
            staged.ForEach(output => output.Folder.Dispose());
        }
    }
}
