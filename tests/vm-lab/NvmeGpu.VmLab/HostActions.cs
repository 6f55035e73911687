using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>What a guest test can ask the host for, by the words of its line.</summary>
internal sealed class HostActions(GuestFolder folder) : IAsyncDisposable
{
    private const string Stall = "stall";

    private readonly Dictionary<string, (long StartBytes, long EndBytes)> _traced = [];
    private QmpClient? _qmp;
    private (string Name, long StartBytes)? _tracing;

    /// <summary>What the drives mapped during each trace, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DmaRange>> Traces() => _traced.ToDictionary(
        trace => trace.Key,
        trace => DmaRange.Read(folder.Trace, trace.Value.StartBytes, trace.Value.EndBytes));

    /// <exception cref="LabException">It cannot be done, or is not known.</exception>
    public async Task DoAsync(string action)
    {
        QmpClient qmp = _qmp ??= await QmpClient.ConnectAsync(folder.QmpSocket);
        switch (action.Split(' '))
        {
            // From here to "trace off", whatever the drives read or write is known by that name.
            case ["trace", "off"]:
                await SetTraceAsync(qmp, isOn: false);
                if (_tracing is { } ended)
                {
                    _traced[ended.Name] = (ended.StartBytes, TraceBytes());
                }
                _tracing = null;
                break;
            case ["trace", string name]:
                _tracing = (name, TraceBytes());
                await SetTraceAsync(qmp, isOn: true);
                break;

            // Asks the guest's kernel to let go, as the button at a slot does.
            case ["unplug", "A" or "A2" or "B"]:
                _ = await qmp.ExecuteAsync(
                    "device_del", new JsonObject { ["id"] = $"nv{action["unplug ".Length..]}" });
                break;

            // The drive again, after it was unplugged, in the same slot of the switch.
            case ["plug", "A"]:
                await PlugAsync(qmp);
                break;

            // The next read is held back inside blkdebug, until resumed.
            case ["stall"]:
                await qmp.ExecuteHumanAsync($"qemu-io dA \"break read_aio {Stall}\"");
                break;
            case ["resume"]:
                await qmp.ExecuteHumanAsync($"qemu-io dA \"resume {Stall}\"");
                break;

            // So many operations per second from now on; 0 takes the limit away.
            case ["slow", string text]
                when int.TryParse(text, CultureInfo.InvariantCulture, out int perSecond):
                _ = await qmp.ExecuteAsync("qom-set", new JsonObject
                {
                    ["path"] = "/objects/throttle",
                    ["property"] = "limits",
                    ["value"] = new JsonObject { ["iops-total"] = perSecond },
                });
                break;

            default:
                throw new LabException($"the host knows no action '{action}'.");
        }
    }

    // QEMU takes the old one away only when the guest has let go of it and switched the slot off.
    private static async Task PlugAsync(QmpClient qmp)
    {
        const int AttemptsMax = 200;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                _ = await qmp.ExecuteAsync("device_add", new JsonObject
                {
                    ["driver"] = "nvme",
                    ["id"] = "nvA",
                    ["serial"] = DiskImage.Serial,
                    ["bus"] = "slot0",
                    ["drive"] = "dA",
                });
                return;
            }
            catch (LabException) when (attempt < AttemptsMax)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task SetTraceAsync(QmpClient qmp, bool isOn) => _ = await qmp.ExecuteAsync(
        "trace-event-set-state", new JsonObject { ["name"] = QemuCommand.MapEvent, ["enable"] = isOn });

    // QEMU writes line by line, so all that it has done until its answer is in the file.
    private long TraceBytes() => new FileInfo(folder.Trace) is { Exists: true } file ? file.Length : 0;

    public ValueTask DisposeAsync() => _qmp?.DisposeAsync() ?? ValueTask.CompletedTask;
}
