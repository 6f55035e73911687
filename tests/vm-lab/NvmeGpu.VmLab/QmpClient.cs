using System;
using System.IO;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>
/// QEMU's control channel: one JSON object per line, an answer to each command, events between them
/// (docs/interop/qmp-spec.txt of QEMU).
/// </summary>
internal sealed class QmpClient : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Socket _socket;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;

    private QmpClient(Socket socket)
    {
        _socket = socket;
        var stream = new NetworkStream(socket);
        _reader = new StreamReader(stream);
        _writer = new StreamWriter(stream) { AutoFlush = true };
    }

    public static async Task<QmpClient> ConnectAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            var client = new QmpClient(socket);
            _ = await client.ReceiveAsync(); // its greeting
            await client.ExecuteAsync("qmp_capabilities", []);
            return client;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new LabException($"QEMU's control socket cannot be reached: {e.Message}");
        }
    }

    /// <summary>Runs a command and returns its answer.</summary>
    /// <exception cref="LabException">QEMU refused it, or did not answer.</exception>
    public async Task<JsonNode?> ExecuteAsync(string command, JsonObject arguments)
    {
        var request = new JsonObject { ["execute"] = command, ["arguments"] = arguments };
        await _writer.WriteLineAsync(request.ToJsonString());
        while (true)
        {
            JsonNode answer = await ReceiveAsync();
            if (answer["error"] is { } error)
            {
                throw new LabException($"QEMU refuses {command}: {error["desc"]}");
            }
            if (answer.AsObject().TryGetPropertyValue("return", out JsonNode? value))
            {
                return value;
            }
        }
    }

    /// <summary>Runs a command of the human monitor, for what has no other; it answers with text.</summary>
    /// <exception cref="LabException">The text is one of an error.</exception>
    public async Task ExecuteHumanAsync(string line)
    {
        JsonNode? answer = await ExecuteAsync(
            "human-monitor-command", new JsonObject { ["command-line"] = line });
        if (answer?.GetValue<string>().Trim() is { Length: > 0 } text)
        {
            throw new LabException($"QEMU answers to '{line}': {text}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            string line = await _reader.ReadLineAsync(limit.Token)
                ?? throw new LabException("QEMU has closed its control socket.");
            return JsonNode.Parse(line) ?? throw new LabException("QEMU sent an empty answer.");
        }
        catch (Exception e) when (e is OperationCanceledException or JsonException or IOException)
        {
            throw new LabException($"QEMU's control socket gives no answer: {e.Message}");
        }
    }
}
