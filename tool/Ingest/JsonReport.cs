using System.Buffers;
using System.Text.Json;
using System.Threading;
using NvmeGpu.Tool.Terminal;

namespace NvmeGpu.Tool.Ingest;

/// <summary>
/// One JSON document, written as it comes: however many sources there are, only a buffer of it is in memory.
/// <code>
///   { "format": 1, "setup": {...}, "sources": [ {"path", "bytes", "hash"} | {"path", "error"} ... ],
///   "result": {...} }
/// </code>
/// </summary>
internal sealed class JsonReport : IIngestReport
{
    private const int FlushBytes = 32 << 10;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes * 2);
    private readonly StandardOutput _output;
    private readonly Utf8JsonWriter _writer;
    private readonly IIngestReport _failures;
    private bool _isInSources;

    /// <param name="output">Where the document goes.</param>
    /// <param name="failures">Failures are told to people too, on standard error.</param>
    public JsonReport(StandardOutput output, IIngestReport failures)
    {
        _output = output;
        _failures = failures;
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Indented = true });
        _writer.WriteStartObject();
        _writer.WriteNumber("format", 1);
    }

    public void Begin(IngestSetup setup)
    {
        lock (_gate)
        {
            _writer.WritePropertyName("setup");
            JsonSerializer.Serialize(_writer, setup, IngestJson.Default.IngestSetup);
            FlushIfLarge(isForced: true);
        }
    }

    public void Source(string path, long lengthBytes, string? hash)
    {
        lock (_gate)
        {
            BeginSource(path);
            _writer.WriteNumber("bytes", lengthBytes);
            if (hash is not null)
            {
                _writer.WriteString("hash", hash);
            }
            _writer.WriteEndObject();
            FlushIfLarge();
        }
    }

    public void Failure(string path, string reason)
    {
        lock (_gate)
        {
            BeginSource(path);
            _writer.WriteString("error", reason);
            _writer.WriteEndObject();
            FlushIfLarge();
        }
        _failures.Failure(path, reason);
    }

    public void End(IngestResult result)
    {
        lock (_gate)
        {
            if (!_isInSources)
            {
                _writer.WriteStartArray("sources");
            }
            _writer.WriteEndArray();
            _writer.WritePropertyName("result");
            JsonSerializer.Serialize(_writer, result, IngestJson.Default.IngestResult);
            _writer.WriteEndObject();
            _writer.Flush();
            _buffer.Write("\n"u8);
            FlushIfLarge(isForced: true);
        }
        _failures.End(result);
    }

    public void Dispose() => _writer.Dispose();

    private void BeginSource(string path)
    {
        if (!_isInSources)
        {
            _writer.WriteStartArray("sources");
            _isInSources = true;
        }
        _writer.WriteStartObject();
        _writer.WriteString("path", path);
    }

    private void FlushIfLarge(bool isForced = false)
    {
        if (isForced || _writer.BytesPending + _buffer.WrittenCount > FlushBytes)
        {
            _writer.Flush();
            _output.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
        }
    }
}
