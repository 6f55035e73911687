#nullable enable
using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using NvmeGpu;

/// <summary>A safetensors-like file: a length, a header in JSON, then the tensors.</summary>
public sealed class ModelLoader : IAsyncDisposable
{
    public sealed record Tensor(string Name, long Offset, int Length);

    private readonly UringStream _stream;
    private readonly GpuMappedBuffer _buffer;
    private readonly RegisteredMemory _memory;

    private ModelLoader(UringStream stream, GpuMappedBuffer buffer)
    {
        _stream = stream;
        _buffer = buffer;
        _memory = stream.Register(buffer);
    }

    public static ModelLoader Open(long slabBytes)
    {
        UringStream stream = UringStream.Open(new IoUringOptions { DepthMax = 32 });
        try
        {
            GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(slabBytes);
            try
            {
                return new ModelLoader(stream, buffer);
            }
            catch
            {
                buffer.Dispose();
                throw;
            }
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public async Task<IReadOnlyDictionary<string, RegisteredRegion>> LoadAsync(
        string path, CancellationToken cancel)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        RegisteredFile file = _stream.Register(handle);
        try
        {
            List<Tensor> tensors = await ReadHeaderAsync(file, cancel).ConfigureAwait(false);
            var loaded = new Dictionary<string, RegisteredRegion>(tensors.Count);
            var running = new List<Task<int>>(tensors.Count);
            long next = 0;
            foreach (Tensor tensor in tensors)
            {
                RegisteredRegion into = _memory.Region(next, tensor.Length);
                next = (next + tensor.Length + 255) & ~255L;
                running.Add(_stream.ReadAsync(into, file, tensor.Offset, cancel).AsTask());
                loaded.Add(tensor.Name, into);
            }
            int[] counts = await Task.WhenAll(running).ConfigureAwait(false);
            for (int i = 0; i < counts.Length; i++)
            {
                if (counts[i] != tensors[i].Length)
                {
                    throw new EndOfStreamException(tensors[i].Name);
                }
            }
            return loaded;
        }
        finally
        {
            _stream.Unregister(file);
        }
    }

    private async Task<List<Tensor>> ReadHeaderAsync(RegisteredFile file, CancellationToken cancel)
    {
        RegisteredRegion prefix = _memory.Region(0, 8);
        if (await _stream.ReadAsync(prefix, file, 0, cancel).ConfigureAwait(false) < 8)
        {
            throw new InvalidDataException("There is no header.");
        }
        int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(Bytes(prefix)));
        RegisteredRegion text = _memory.Region(8, length);
        int got = await _stream.ReadAsync(text, file, 8, cancel).ConfigureAwait(false);
        return Parse(Bytes(text)[..got], 8 + length);
    }

    private static List<Tensor> Parse(ReadOnlySpan<byte> json, long first)
    {
        var reader = new Utf8JsonReader(json);
        var tensors = new List<Tensor>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                tensors.Add(new Tensor(reader.GetString()!, first + tensors.Count * 4096L, 4096));
            }
        }
        return tensors;
    }

    private static unsafe ReadOnlySpan<byte> Bytes(in RegisteredRegion region) =>
        new((void*)region.Address, region.LengthBytes);

    public async ValueTask DisposeAsync()
    {
        _stream.Release(_memory);
        await _stream.DisposeAsync().ConfigureAwait(false);
        _buffer.Dispose();
    }
}
