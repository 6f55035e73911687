#nullable enable
namespace NvmeGpu;

/// <summary>The driver's counters while it runs: plain fields, written by the driver's thread only.</summary>
partial struct IngestCounts
{
    public long ReadsSubmitted;
    public long ReadsCompleted;
    public long ReadsFailed;
    public long ReadsCancelled;
    public long ShortReads;
    public long Retries;
    public long BytesRead;
    public long BytesPublished;
    public long SlotsPublished;
    public long SlotsConsumed;
    public long SlotsFailed;
    public long SourcesCompleted;
    public long SourcesFailed;
    private long _buffered;
    private long _bouncedByKernel;
    private long _zeroCopyByDesign;
    private long _provenZeroCopy;

    public void Count(ZeroCopyEvidence evidence)
    {
        switch (evidence)
        {
            case ZeroCopyEvidence.ZeroCopyByDesign:
                _zeroCopyByDesign++;
                break;
            case ZeroCopyEvidence.ProvenZeroCopy:
                _provenZeroCopy++;
                break;
            case ZeroCopyEvidence.BouncedByKernel:
                _bouncedByKernel++;
                break;
            default:
                _buffered++;
                break;
        }
    }

    public readonly NvmeGpuIngestTelemetry Snapshot(long enterCalls) => new()
    {
        ReadsSubmitted = ReadsSubmitted,
        ReadsCompleted = ReadsCompleted,
        ReadsFailed = ReadsFailed,
        ReadsCancelled = ReadsCancelled,
        ShortReads = ShortReads,
        Retries = Retries,
        BytesRead = BytesRead,
        BytesPublished = BytesPublished,
        SlotsPublished = SlotsPublished,
        SlotsConsumed = SlotsConsumed,
        SlotsFailed = SlotsFailed,
        SourcesCompleted = SourcesCompleted,
        SourcesFailed = SourcesFailed,
        EnterCalls = enterCalls,
        Buffered = _buffered,
        BouncedByKernel = _bouncedByKernel,
        ZeroCopyByDesign = _zeroCopyByDesign,
        ProvenZeroCopy = _provenZeroCopy,
    };
}
