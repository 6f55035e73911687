using System;
using System.Collections.Generic;

namespace NvmeGpu.Runtime.Tests.Ingest;

/// <summary>
/// Results in the place of those of a driver's reads: by the number of the read in the order of completion,
/// which on /dev/null and in one file's page cache is that of submission.
/// </summary>
internal sealed class FaultyReads
{
    private readonly Dictionary<int, int> _resultOf = [];

    /// <summary>How many reads have completed.</summary>
    public int Count { get; private set; }

    /// <summary>Called when a read gets another result.</summary>
    public Action? OnFault { get; init; }

    /// <param name="reads">Numbers from 0, each with the result that it has instead.</param>
    public FaultyReads(params IEnumerable<(int Read, int Result)> reads)
    {
        foreach ((int read, int result) in reads)
        {
            _resultOf.Add(read, result);
        }
    }

    public Completion Change(Completion completion)
    {
        if (!_resultOf.TryGetValue(Count++, out int result))
        {
            return completion;
        }
        OnFault?.Invoke();
        return new Completion(completion.Token, result, completion.AskedBytes, completion.IsCommand);
    }
}
