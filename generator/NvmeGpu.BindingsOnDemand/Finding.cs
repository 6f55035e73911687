using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NvmeGpu.BindingsOnDemand;

/// <summary>
/// A place in a text file, as values: a <see cref="Location"/> would keep the text and its tree alive.
/// </summary>
internal sealed record Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>A diagnostic that is still to be reported.</summary>
internal sealed record Finding(DiagnosticDescriptor Rule, Place? Place, EquatableArray<string> Arguments)
{
    public Finding(DiagnosticDescriptor rule, Place? place, params string[] arguments)
        : this(rule, place, arguments.ToEquatableArray())
    {
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Rule, Place?.ToLocation() ?? Location.None, [.. Arguments.Select(argument => (object)argument)]);
}
