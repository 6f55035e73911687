using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NvmeGpu.TestKit;

namespace NvmeGpu.InlineFunctions.Tests;

/// <summary>A header with inline functions, and how it is compiled on both sides.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Included">What gcc includes.</param>
/// <param name="Requested">Ends of the paths of the headers whose functions count.</param>
/// <param name="CompilerOptions">The header compiler's arguments but for the output.</param>
/// <param name="Arena">The C file that prepares the memory.</param>
public sealed record HeaderUnderTest(
    string Name, string Included, string[] Requested, string[] CompilerOptions, string Arena)
{
    public static readonly HeaderUnderTest Liburing = new(
        "liburing",
        Own("liburing.untouched.h"),
        ["/liburing.h"],
        ["@" + Repository.PathOf("native-headers", "liburing.rsp")],
        Own("liburing.arena.c"));

    public static readonly HeaderUnderTest Constructs = new(
        "constructs",
        Own("constructs.h"),
        ["/constructs.h"],
        [
            "@" + Repository.PathOf("native-headers", "common.rsp"), "--file", Own("constructs.h"),
            "--methodClassName", "Constructs", "--libraryPath", "libconstructs.so",
        ],
        Own("constructs.arena.c"));

    /// <summary>What its counts are kept under.</summary>
    public string FactsName => "inline-" + Name;

    /// <summary>A file of this project's folder Headers.</summary>
    public static string Own(string name) =>
        Repository.PathOf("tests", "NvmeGpu.InlineFunctions.Tests", "Headers", name);

    public bool IsRequested(string file) =>
        Requested.Any(end => file.EndsWith(end, StringComparison.Ordinal));

    public override string ToString() => Name;
}
