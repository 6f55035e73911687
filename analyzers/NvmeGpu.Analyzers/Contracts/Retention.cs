namespace NvmeGpu.Analyzers.Contracts;

/// <summary>The values of <c>NvmeGpu.Contracts.Until</c>.</summary>
internal enum Retention
{
    Submit = 0,
    Completion = 1,
    Event = 2,
}

internal static class RetentionText
{
    /// <summary>The words for a message: "keeps this address until ...".</summary>
    public static string End(this Retention retention) => retention switch
    {
        Retention.Submit => "the submission",
        Retention.Event => "its CUDA event has completed",
        _ => "its completion was seen",
    };
}
