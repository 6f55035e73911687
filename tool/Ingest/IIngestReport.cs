using System;

namespace NvmeGpu.Tool.Ingest;

/// <summary>Where results go as they come: lines or JSON. Any thread; nothing throws.</summary>
internal interface IIngestReport : IDisposable
{
    /// <summary>The driver is open.</summary>
    void Begin(IngestSetup setup);

    /// <summary>The consumer has seen every byte of a source.</summary>
    /// <param name="path">As it was given.</param>
    /// <param name="lengthBytes">Bytes.</param>
    /// <param name="hash">Hexadecimal; null when none was asked for.</param>
    void Source(string path, long lengthBytes, string? hash);

    /// <summary>A source failed, or what was named is none.</summary>
    void Failure(string path, string reason);

    /// <summary>Everything has ended.</summary>
    void End(IngestResult result);
}
