using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace NvmeGpu.Tool.Terminal;

/// <summary>
/// Standard output that notices when nobody reads it any more, which <see cref="Console"/> hides. It never
/// throws: whoever writes looks at <see cref="Failure"/>, or is told by the callback.
/// </summary>
internal sealed class StandardOutput : IDisposable
{
    private const int Epipe = 32; // errno(3), found in IOException.HResult

    private readonly Stream _stream = Open();
    private readonly Action? _onFailure;

    public StandardOutput(Action? onFailure = null) => _onFailure = onFailure;

    /// <summary>Why nothing more is written; null while all is well.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>The reader has closed its end.</summary>
    public bool IsBrokenPipe => Failure?.HResult == Epipe;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Failure is not null)
        {
            return;
        }
        try
        {
            _stream.Write(bytes);
            _stream.Flush();
        }
        catch (IOException e)
        {
            Failure = e;
            _onFailure?.Invoke();
        }
    }

    public void Dispose() => _stream.Dispose();

    private static Stream Open()
    {
        // FileStream reports EPIPE. But on what can be sought it writes at an offset of its own, and would
        // overwrite what others have written to the same file; there the console's stream is right, and no
        // pipe can break.
        var stream =
            new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!stream.CanSeek)
        {
            return stream;
        }
        stream.Dispose();
        return Console.OpenStandardOutput();
    }
}
