using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>
/// A running QEMU whose guest talks over its standard streams. It ends with this object, and also with this
/// program, however that ends.
/// </summary>
internal sealed class QemuProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<int> _exit;

    private QemuProcess(Process process, Task<int> exit)
    {
        _process = process;
        _exit = exit;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null)
            {
                _lines.Writer.TryComplete();
            }
            else
            {
                _lines.Writer.TryWrite(line.Data.TrimEnd('\r'));
            }
        };
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_error)
            {
                _error.AppendLine(line.Data);
            }
        };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What the guest sends, line by line; ends with QEMU.</summary>
    public ChannelReader<string> Lines => _lines.Reader;

    public int Id => _process.Id;

    /// <summary>What QEMU itself had to say.</summary>
    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString().Trim();
            }
        }
    }

    /// <summary>Starts a program (QEMU, or in tests another one) that is killed when this one ends.</summary>
    /// <exception cref="LabException">It is not on this machine.</exception>
    public static async Task<QemuProcess> StartAsync(string program, IEnumerable<string> arguments)
    {
        // PR_SET_PDEATHSIG (prctl(2)) sends the signal when the *thread* that forked ends, so it is one that
        // lives as long as the process.
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        var exited = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                var start = new ProcessStartInfo(
                    "setpriv", ["--pdeathsig", "KILL", program, .. arguments])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                Process process = Process.Start(start) ?? throw new LabException($"{program} did not start.");
                started.SetResult(process);
                process.WaitForExit();
                exited.SetResult(process.ExitCode);
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or LabException)
            {
                started.TrySetException(new LabException($"{program} cannot be started: {e.Message}"));
            }
        })
        { IsBackground = true, Name = "vm-lab guest" };
        thread.Start();
        return new QemuProcess(await started.Task, exited.Task);
    }

    /// <summary>Sends the guest a line.</summary>
    public async Task SendAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteAsync(line + "\n");
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended; the end of Lines says so.
        }
    }

    public Task<int> WaitForExitAsync() => _exit;

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        _ = await _exit;
        _process.Dispose();
    }
}
