#nullable enable
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>A thread of one's own makes, uses and disposes the ring; others only post.</summary>
public sealed class RingThread : IDisposable
{
    private readonly BlockingCollection<(string Path, TaskCompletionSource<int> Done)> _requests = new(64);
    private readonly Thread _thread;

    public RingThread()
    {
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public Task<int> ReadHeadAsync(string path)
    {
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add((path, done));
        return done.Task;
    }

    public void Dispose()
    {
        _requests.CompleteAdding();
        _thread.Join();
        _requests.Dispose();
    }

    private void Serve()
    {
        using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 1 });
        using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(4096);
        RegisteredRegion region = ring.Register(buffer).Region(0, 512);
        foreach ((string path, TaskCompletionSource<int> done) in _requests.GetConsumingEnumerable())
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle(path);
                RegisteredFile file = ring.Register(handle);
                _ = ring.Read(region, file, 0);
                ring.Unregister(file);
                ring.Wait(1, Timeout.InfiniteTimeSpan);
                if (ring.TryReap(out Completion completion) && completion.IsSuccess)
                {
                    done.SetResult(completion.ByteCount);
                }
                else
                {
                    done.SetException(new IOException(path));
                }
            }
            catch (IOException e)
            {
                done.SetException(e);
            }
        }
    }
}
