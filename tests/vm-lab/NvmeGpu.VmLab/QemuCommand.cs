using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace NvmeGpu.VmLab;

/// <summary>The command line of QEMU for a scenario.</summary>
internal static class QemuCommand
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>The trace event with the bus addresses that a drive reads from and writes to.</summary>
    public const string MapEvent = "pci_nvme_map_addr";

    private const int MemoryMegabytes = 512;

    // Nothing of it changes what is tested; all of it saves boot time.
    private const string KernelArguments =
        "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off nokaslr audit=0 apparmor=0 lsm= "
        + "tsc=reliable "
        + "no_timer_check random.trust_cpu=on initcall_blacklist=load_system_certificate_list "
        + "cryptomgr.notests i8042.noaux i8042.nokbd";

    /// <summary>A guest that runs tests: results on its second serial port, which is QEMU's stdio.</summary>
    /// <param name="scenario">What to build.</param>
    /// <param name="parts">Kernel, initramfs, image.</param>
    /// <param name="accelerator">kvm or tcg.</param>
    /// <param name="folder">Where this guest's sockets, logs and images are.</param>
    public static IReadOnlyList<string> ForTests(
        Scenario scenario, LabParts parts, Accelerator accelerator, GuestFolder folder) =>
    [
        .. Machine(scenario, parts, accelerator, folder, ""),
        "-serial", $"file:{folder.Console}",
        "-serial", "stdio",
        "-qmp", $"unix:{folder.QmpSocket},server=on,wait=off",
        "-D", folder.Trace,
        .. Devices(scenario, folder.Image(parts, scenario)),
    ];

    /// <summary>A guest with a shell on its console, which is this terminal.</summary>
    public static IReadOnlyList<string> ForShell(
        Scenario scenario, LabParts parts, Accelerator accelerator, GuestFolder folder) =>
    [
        .. Machine(
            scenario, parts, accelerator, folder,
            " lab.shell=1 " + string.Join(' ', Settings(scenario).Select(
                setting => $"lab.{setting.Key}={setting.Value}"))),
        "-serial", "mon:stdio",
        .. Devices(scenario, folder.Image(parts, scenario)),
    ];

    /// <summary>What the guest has to know of its drives.</summary>
    public static IEnumerable<(string Key, string Value)> Settings(Scenario scenario) =>
    [
        ("controllers", DiskImage.Serial + (scenario.PeerMegabytes is null ? "" : ",B")
            + (scenario.HasFilesystem ? $",{Ext4Image.Serial}" : "")
            + string.Concat(scenario.Filesystems.Select(drive => $",{drive.Serial}"))),
        ($"seed.{DiskImage.Serial}", DiskImage.Seed.ToString("x", CultureInfo.InvariantCulture)),
        ($"bytes.{DiskImage.Serial}", $"{DiskImage.LengthBytes}"),
        .. scenario.FurtherNamespaces.Select(further => (
            $"seed.{DiskImage.Serial}.{further.Id}",
            DiskImage.SeedOf(further).ToString("x", CultureInfo.InvariantCulture))),
        .. scenario.HasFilesystem
            ? [($"seed.{Ext4Image.Serial}", Ext4Image.Seed.ToString("x", CultureInfo.InvariantCulture))]
            : Array.Empty<(string, string)>(),
        .. scenario.Filesystems.Select(drive => (
            $"seed.{drive.Serial}", FilesystemDrive.Seed.ToString("x", CultureInfo.InvariantCulture))),
        ("partition.bytes", $"{FilesystemDrive.PartitionStartBytes}"),
        .. scenario.Settings,
    ];

    private static IEnumerable<string> Machine(
        Scenario scenario, LabParts parts, Accelerator accelerator, GuestFolder folder,
        string furtherArguments) =>
    [
        "-accel", accelerator == Accelerator.Kvm ? "kvm" : "tcg,thread=multi",
        // A nested KVM may offer the register behind arch-capabilities and then refuse to set it.
        "-cpu", accelerator == Accelerator.Kvm ? "host,arch-capabilities=off" : scenario.Cpu,
        "-M", scenario.HasIommu ? "q35,kernel-irqchip=split" : "q35",
        "-m", $"{MemoryMegabytes}",
        // Two of them failed to boot now and then when emulated: the kernel changes its own code while it
        // runs.
        "-smp", "1",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-kernel", parts.Kernels[scenario.Kernel],
        "-initrd", folder.Initramfs(parts, scenario),
        "-append", $"{KernelArguments} {scenario.KernelArguments}{furtherArguments}",
    ];

    private static IEnumerable<string> Devices(Scenario scenario, string image) =>
    [
        .. scenario.HasIommu ? (string[])["-device", "intel-iommu"] : [],
        // A BAR that no driver has claimed, for mappings without page structures.
        "-device", "pci-testdev",
        .. Bus(scenario.Topology),
        .. scenario.HasSecondPath ? (string[])["-device", "nvme-subsys,id=subsystem,nqn=lab"] : [],
        .. scenario.HasFaults ? FaultyDrive(scenario, image) : Drive(DiskImage.Serial, image),
        .. Controllers(scenario),
        "-device",
        $"nvme-ns,drive=dA,bus=nvA,nsid=1,logical_block_size={scenario.BlockBytes},"
            + $"physical_block_size={scenario.BlockBytes}",
        .. scenario.FurtherNamespaces.SelectMany(Namespace),
        .. scenario.PeerMegabytes is { } megabytes
            ? (string[])
                ["-device", $"nvme,id=nvB,serial=B,bus={Slot(scenario.Topology, 1)},cmb_size_mb={megabytes}"]
            : [],
        .. scenario.HasFilesystem
            ? (string[])
            [
                .. Drive("F", Ext4Image.FilePath),
                "-device", $"nvme,id=nvF,serial={Ext4Image.Serial},bus={Slot(scenario.Topology, 2)}",
                "-device", "nvme-ns,drive=dF,bus=nvF,nsid=1",
            ]
            : [],
        .. scenario.Filesystems.SelectMany(drive => (string[])
        [
            .. Drive(drive.Serial, drive.FilePath),
            "-device", $"nvme,id=nv{drive.Serial},serial={drive.Serial},bus=pcie.0",
            "-device", $"nvme-ns,drive=d{drive.Serial},bus=nv{drive.Serial},nsid=1",
        ]),
    ];

    // The paths of a subsystem have the serial number of the whole.
    private static IEnumerable<string> Controllers(Scenario scenario)
    {
        string first = $"nvme,id=nvA,serial={DiskImage.Serial},bus={Slot(scenario.Topology, 0)}";
        return scenario.HasSecondPath
            ?
            [
                "-device", $"{first},subsys=subsystem",
                "-device",
                $"nvme,id=nvA2,serial={DiskImage.Serial},bus={Slot(scenario.Topology, 2)},subsys=subsystem",
            ]
            : ["-device", first];
    }

    private static IEnumerable<string> Namespace(FurtherNamespace further) =>
    [
        .. Drive($"{DiskImage.Serial}{further.Id}", DiskImage.Prepare(further)),
        "-device",
        $"nvme-ns,drive=d{DiskImage.Serial}{further.Id},bus=nvA,nsid={further.Id},"
            + $"logical_block_size={further.BlockBytes},physical_block_size={further.BlockBytes},"
            + $"ms={further.MetadataBytes},mset={(further.IsMetadataExtended ? 1 : 0)}",
    ];

    private static string[] Bus(BusTopology topology) => topology switch
    {
        BusTopology.Switch =>
        [
            "-device", "pcie-root-port,id=root0,chassis=1,slot=1",
            "-device", "x3130-upstream,id=up,bus=root0",
            "-device", "xio3130-downstream,id=slot0,bus=up,chassis=2,slot=0",
            "-device", "xio3130-downstream,id=slot1,bus=up,chassis=3,slot=1",
            "-device", "xio3130-downstream,id=slot2,bus=up,chassis=4,slot=2",
        ],
        BusTopology.RootPorts =>
        [
            "-device", "pcie-root-port,id=slot0,chassis=1,slot=1",
            "-device", "pcie-root-port,id=slot1,chassis=2,slot=2",
            "-device", "pcie-root-port,id=slot2,chassis=3,slot=3",
        ],
        _ => [],
    };

    private static string Slot(BusTopology topology, int number) =>
        topology == BusTopology.RootBus ? "pcie.0" : $"slot{number}";

    // What a guest writes goes to a temporary file of QEMU's: the image serves all of them.
    private static string[] Drive(string serial, string image) =>
    [
        "-drive",
        $"if=none,id=d{serial},file={Escape(image)},format=raw,cache=unsafe,aio=threads,snapshot=on",
    ];

    /// <summary>
    /// file, throttle (slow), blkdebug (errors, stalls), raw: in this order, because errors are injected
    /// where the format above asks for sectors.
    /// </summary>
    private static IEnumerable<string> FaultyDrive(Scenario scenario, string image)
    {
        string errors = "";
        int number = 0;
        foreach (int sector in scenario.BadSectors.Concat(scenario.OnceBadSectors))
        {
            string rule = $",inject-error.{number}";
            errors += $"{rule}.event=read_aio{rule}.iotype=read{rule}.errno=5{rule}.sector={sector}"
                + (number >= scenario.BadSectors.Count ? $"{rule}.once=on" : "");
            number++;
        }
        return
        [
            "-object", "throttle-group,id=throttle",
            "-blockdev", $"driver=file,node-name=file,filename={Escape(image)},locking=off",
            "-blockdev", "driver=throttle,node-name=slow,throttle-group=throttle,file=file",
            "-blockdev", $"driver=blkdebug,node-name=errors,image=slow{errors}",
            "-blockdev", "driver=raw,node-name=dA,file=errors",
        ];
    }

    // QEMU takes a comma in a value when it stands there twice.
    private static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
