using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace NvmeGpu.Tool.Terminal;

/// <summary>
/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a cancellation, so that reads in flight can end in order.
/// A second one ends the process at once, as if nobody listened.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancel = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private int _signal;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    public CancellationToken Token => _cancel.Token;

    /// <summary>The signal's name; null when there was none.</summary>
    public string? SignalName => (PosixSignal)Volatile.Read(ref _signal) switch
    {
        PosixSignal.SIGINT => "SIGINT",
        PosixSignal.SIGTERM => "SIGTERM",
        _ => null,
    };

    public int ExitCode => (PosixSignal)Volatile.Read(ref _signal) == PosixSignal.SIGTERM
        ? Tool.ExitCode.Terminated
        : Tool.ExitCode.Interrupted;

    /// <summary>Ends the work for another reason than a signal.</summary>
    public void Cancel() => _cancel.Cancel();

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _cancel.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.CompareExchange(ref _signal, (int)context.Signal, 0) == 0)
        {
            context.Cancel = true; // the default action does not happen
            _cancel.Cancel();
        }
    }
}
