using System;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace NvmeGpu.VmLab;

/// <summary>What a guest test can ask the host for, by the words of its line.</summary>
internal sealed class HostActions(GuestFolder folder) : IAsyncDisposable
{
    private const string Stall = "stall";

    private QmpClient? _qmp;

    /// <exception cref="LabException">It cannot be done, or is not known.</exception>
    public async Task DoAsync(string action)
    {
        QmpClient qmp = _qmp ??= await QmpClient.ConnectAsync(folder.QmpSocket);
        switch (action.Split(' '))
        {
            // Whatever the drives read or write from now on is in the trace.
            case ["trace", "on" or "off"]:
                _ = await qmp.ExecuteAsync("trace-event-set-state", new JsonObject
                {
                    ["name"] = QemuCommand.MapEvent,
                    ["enable"] = action.EndsWith("on", StringComparison.Ordinal),
                });
                break;

            // Asks the guest's kernel to let go, as the button at a slot does; it takes its time (5 s).
            case ["unplug", "A" or "B"]:
                _ = await qmp.ExecuteAsync("device_del", new JsonObject { ["id"] = $"nv{action[^1]}" });
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

    public ValueTask DisposeAsync() => _qmp?.DisposeAsync() ?? ValueTask.CompletedTask;
}
