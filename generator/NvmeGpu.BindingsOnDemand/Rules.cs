using Microsoft.CodeAnalysis;

namespace NvmeGpu.BindingsOnDemand;

/// <summary>What the generator says about a list of names, and about the bindings that it reads.</summary>
public static class Rules
{
    public const string Category = "NvmeGpu.BindingsOnDemand";

    public static readonly DiagnosticDescriptor UnknownName = new(
        "NVG0101",
        "A listed name that the bindings do not have",
        "The bindings have no '{0}'{1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A line of NativeMethods.txt is the C name of a function, struct, union, enum, "
        + "enumerator or "
            + "constant of a bound header, or a pattern of such names.",
        helpLinkUri: PageOf("NVG0101"));

    public static readonly DiagnosticDescriptor AmbiguousName = new(
        "NVG0102",
        "A listed name that two libraries have",
        "'{0}' is a name of more than one library: write one of {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Two headers may declare different things by one name; a library's name before it says "
        + "which.",
        helpLinkUri: PageOf("NVG0102"));

    public static readonly DiagnosticDescriptor PatternWithoutMatch = new(
        "NVG0103",
        "A listed pattern that matches nothing",
        "No name in the bindings matches '{0}', so the line adds nothing: correct it or remove it",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "In a pattern, * stands for any characters and ? for one; case matters.",
        helpLinkUri: PageOf("NVG0103"));

    public static readonly DiagnosticDescriptor ExcludeWithoutEffect = new(
        "NVG0104",
        "A listed exclude that excludes nothing",
        "'{0}' takes nothing away, because no other line lists such a name{1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "A line that begins with - takes names away from what the other lines list.",
        helpLinkUri: PageOf("NVG0104"));

    public static readonly DiagnosticDescriptor DuplicateLine = new(
        "NVG0105",
        "A line that is listed twice",
        "'{0}' is already listed in line {1} of {2}: remove one of them",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "The second line has no effect.",
        helpLinkUri: PageOf("NVG0105"));

    public static readonly DiagnosticDescriptor InlineFunctionsNotMade = new(
        "NVG0106",
        "An inline function that has not been made from its header",
        "'{0}' is not among the committed bindings; if it is an inline function of liburing.h, it is made "
        + "from that "
            + "header, which has not been done here: run ./build/regenerate in NvmeGpu's checkout, then "
            + "build it{1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "Translated inline functions are built from the locked headers and never committed; a "
        + "plain clone "
            + "has none until ./build/regenerate has run.",
        helpLinkUri: PageOf("NVG0106"));

    public static readonly DiagnosticDescriptor ClassOfAReference = new(
        "NVG0107",
        "A listed name whose class comes from a reference, without it",
        "{0} belongs into {1}, but {2}: {3}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "A second class of the same name would hide the referenced one, and with it everything "
        + "that it has.",
        helpLinkUri: PageOf("NVG0107"));

    public static readonly DiagnosticDescriptor UnreadableBindings = new(
        "NVG0108",
        "Bindings that cannot be read",
        "The bindings cannot be read: {0}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        description: "The generator cuts declarations out of the committed bindings by the index beside "
        + "them; both must "
            + "be as the header compiler wrote them.",
        helpLinkUri: PageOf("NVG0108"));

    // Relative to the root of the repository, and of the package, which carries the pages too.
    private static string PageOf(string id) => "analyzers/docs/" + id + ".md";
}
