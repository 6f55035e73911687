using Microsoft.CodeAnalysis;

namespace NvmeGpu.Analyzers.Rules.Completions;

/// <summary>One use of a completion's result.</summary>
/// <param name="read">The expression that reads it: <c>cqe->res</c>, <c>completion.IsSuccess</c>.</param>
/// <param name="comparison">The comparison that uses it, for a test against 0; else the same.</param>
internal readonly struct ResultReading(IOperation read, IOperation comparison, ResultUse use)
{
    public IOperation Read { get; } = read;

    public IOperation Comparison { get; } = comparison;

    public ResultUse Use { get; } = use;
}
