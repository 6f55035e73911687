using System;
using System.Collections.Generic;
using System.Linq;

namespace NvmeGpu.VmLab;

/// <summary>All guests that the lab boots.</summary>
internal static class Scenarios
{
    private static readonly string[] s_blockReads =
    [
        "Buffered_registered_reads_bring_every_byte_of_the_drive",
        "Direct_registered_reads_bring_every_byte_of_the_drive",
        "Direct_reads_of_single_blocks_begin_at_any_block",
        "The_driver_ingests_the_whole_drive_through_the_page_cache",
        "The_driver_ingests_the_whole_drive_with_direct_reads",
        "The_trial_read_of_the_probe_is_proven_on_the_drive",
        "The_probe_finds_that_io_uring_and_passthrough_are_there",
    ];

    private static readonly string[] s_passthrough =
    [
        "Passthrough_into_RAM_brings_every_byte",
        "Passthrough_into_registered_RAM_brings_every_byte",
        "One_command_brings_as_much_as_the_namespace_allows_and_not_a_block_more",
        "Reads_of_another_shape_are_refused_before_the_kernel_sees_them",
        "A_ring_with_small_entries_is_refused",
        "A_read_beyond_the_end_has_the_status_LBA_out_of_range",
        "A_foreign_namespace_is_refused",
    ];

    private const string LargeRegistrations =
        "Regions_of_a_registration_larger_than_a_command_are_read_into";

    private static readonly string[] s_peer =
    [
        "The_probe_finds_that_the_kernel_has_peer_to_peer_DMA",
        "The_probe_finds_no_IOMMU_in_the_way",
        "The_probe_proves_both_paths_into_peer_memory",
        "Memory_of_a_controller_is_classified_as_peer_pages",
        "A_mapped_BAR_is_classified_as_opaque_and_no_read_takes_it",
        "Peer_pages_cannot_be_registered",
        "Passthrough_into_the_memory_of_another_controller_brings_every_byte",
        "An_unaligned_read_into_peer_memory_succeeds_and_is_copied_by_the_kernel",
        "A_direct_read_into_the_memory_of_another_controller_brings_every_byte",
    ];

    private static readonly string[] s_ingestRanges =
    [
        "The_driver_ingests_the_whole_namespace_by_passthrough",
        "The_driver_splits_slots_at_what_a_command_may_transfer",
        "A_range_beyond_the_end_has_the_status_LBA_out_of_range",
        "Requests_read_blocks_of_a_namespace_and_bad_ones_fail_alone",
    ];

    private static readonly string[] s_ingestPeer =
    [
        "The_driver_ingests_by_passthrough_into_the_memory_of_another_controller",
        "A_megakernel_on_the_host_consumes_slots_in_the_memory_of_another_controller",
        "The_driver_reads_files_into_the_memory_of_another_controller",
        "Left_the_choice_the_driver_reads_into_the_memory_that_is_proven",
    ];

    // Without PCI_P2PDMA: what is left on the kernels that most people have.
    private static readonly string[] s_fallBack =
    [
        .. s_blockReads, .. s_passthrough,
        "The_probe_finds_that_the_kernel_lacks_peer_to_peer_DMA",
        "The_probe_refuses_peer_paths_with_the_kernels_lack_as_the_reason",
        "A_kernel_without_peer_to_peer_DMA_publishes_no_memory",
    ];

    private static readonly string[] s_refused =
    [
        "Memory_of_a_controller_is_classified_as_peer_pages",
        "Passthrough_into_RAM_brings_every_byte",
        "Passthrough_across_the_host_bridge_is_refused",
        "The_probe_says_that_the_drive_does_not_reach_peer_memory",
        "The_driver_reads_nothing_into_memory_that_the_drive_does_not_reach",
        "Left_the_choice_the_driver_reads_into_host_memory_and_says_why",
    ];

    private static readonly string[] s_userReads =
    [
        "A_user_without_permission_is_told_how_to_give_it",
        "A_user_who_may_read_the_device_reads_by_commands",
        "A_write_by_a_user_who_opened_for_reading_is_EACCES",
    ];

    // What NVMe commands meet: time, faults, other namespaces and paths, polling. Together here, in the list
    // below by the spread.
    private static readonly Scenario[] s_commands =
    [
        new("commands-unplug", "the drive is taken out under commands, and put back")
        {
            HasFaults = true,
            Tests =
            [
                "Unplugging_the_drive_ends_every_command_in_flight_and_none_is_wrong",
                "A_source_whose_drive_is_unplugged_fails_and_the_driver_goes_on",
            ],
        },
        new("commands-slow", "a drive that holds commands back, or is reset under them")
        {
            HasFaults = true,
            Tests =
            [
                "Stalled_commands_are_waited_for_and_their_bytes_are_right",
                "The_driver_waits_for_a_stalled_drive_and_its_bytes_are_right",
                "A_controller_reset_ends_every_command_in_flight_and_none_is_wrong",
                "A_command_whose_own_time_is_over_is_given_up_in_words",
            ],
        },
        new("commands-timed-out", "a drive that takes longer than the kernel waits")
        {
            HasFaults = true,
            KernelArguments = "nvme_core.io_timeout=3",
            Tests =
            [
                "A_command_that_the_kernel_gives_up_says_so_in_words",
                "A_source_whose_commands_time_out_fails_and_the_driver_goes_on",
                "Tearing_the_drive_out_ends_every_command_in_flight_and_none_is_wrong",
            ],
        },
        new("namespaces", "one controller with namespaces of several formats")
        {
            FurtherNamespaces =
            [
                new(2, 4096),
                new(3, 512, MetadataBytes: 8, IsMetadataExtended: true),
                new(4, 512, MetadataBytes: 8),
            ],
            Tests =
            [
                "Every_namespace_of_a_controller_brings_its_own_bytes",
                "The_number_of_another_namespace_is_refused",
                "Blocks_with_metadata_behind_them_bring_both",
                "The_driver_ingests_blocks_with_metadata_behind_them",
                "Blocks_with_metadata_apart_are_refused_without_a_place_for_it",
                "Blocks_with_metadata_apart_bring_both",
                "The_driver_ingests_blocks_with_metadata_apart",
            ],
        },
        new("multipath", "two controllers of one subsystem lead to the namespace")
        {
            HasSecondPath = true,
            Tests =
            [
                "A_namespace_with_two_paths_is_one_device_and_brings_every_byte",
                "Unplugging_one_of_two_paths_leaves_the_namespace_readable",
            ],
        },
        new("poll-queues", "the kernel's driver has a queue that is polled")
        {
            KernelArguments = "nvme.poll_queues=1",
            Tests =
            [
                "Polled_commands_bring_every_byte_without_an_interrupt",
                "Polled_direct_reads_bring_every_byte",
                "The_driver_ingests_the_whole_namespace_by_polling",
            ],
        },
        new("users", "users and root at the drive, and the command nvmegpu")
        {
            HasTool = true,
            Tests =
            [
                .. s_userReads,
                "No_write_leaves_the_ring_although_the_kernel_would_do_it_for_root",
                "Without_polled_queues_commands_bring_every_byte_all_the_same",
                "Without_polled_queues_a_polled_direct_read_is_refused",
                "The_command_probe_says_that_both_peer_paths_are_proven",
                "The_command_ingest_prints_the_hash_of_a_range_of_blocks",
                "The_command_ingest_refuses_a_range_past_the_end",
            ],
        },
    ];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("switch-512", "both controllers behind one switch, 512-byte blocks")
        {
            Tests =
            [
                .. s_blockReads, .. s_passthrough, LargeRegistrations, .. s_peer, .. s_ingestRanges,
                .. s_ingestPeer,
            ],
        },
        new("switch-4096", "the same with 4096-byte blocks")
        {
            BlockBytes = 4096,
            Tests =
            [
                .. s_blockReads, .. s_passthrough, LargeRegistrations, .. s_peer, .. s_ingestRanges,
                .. s_ingestPeer,
            ],
        },
        new("root-ports", "two root ports of a host bridge that is not on the kernel's list")
        {
            Topology = BusTopology.RootPorts,
            IsEmulated = true,
            Tests = s_refused,
        },
        new("root-bus", "both on the root bus, likewise")
        {
            Topology = BusTopology.RootBus,
            IsEmulated = true,
            Tests = s_refused,
        },
        new("root-ports-zen", "two root ports of an AMD Zen, which is on the kernel's list")
        {
            Topology = BusTopology.RootPorts,
            Cpu = "max,family=23,model=1",
            IsEmulated = true,
            Tests = s_peer,
        },
        new("iommu", "an IOMMU that translates, in which peer DMA goes astray without an error")
        {
            HasIommu = true,
            KernelArguments = "intel_iommu=on",
            Tests =
            [
                "The_probe_finds_that_the_IOMMU_translates",
                "Passthrough_into_RAM_brings_every_byte",
                "Behind_an_IOMMU_passthrough_reports_success_and_nothing_arrives",
                "The_probe_says_that_bytes_for_peer_memory_never_arrive",
                "The_driver_reads_nothing_into_memory_that_the_drive_does_not_reach",
                "Left_the_choice_the_driver_reads_into_host_memory_and_says_why",
            ],
        },
        new("ext4", "files of a filesystem, read by commands from where it says that they are")
        {
            HasFilesystem = true,
            Filesystems = [FilesystemDrive.Ext4Partition],
            HasTool = true,
            Tests =
            [
                "A_file_in_one_piece_read_by_its_extents_is_the_file",
                "A_file_in_many_pieces_read_by_its_extents_is_the_file",
                "A_sparse_file_is_refused_by_the_place_of_its_hole",
                "A_file_on_another_filesystem_is_refused",
                "A_file_that_changes_during_the_read_is_noticed",
                "The_driver_reads_files_by_their_extents",
                "The_driver_reads_files_by_their_extents_into_the_memory_of_another_controller",
                "The_driver_reads_files_of_a_filesystem_into_the_memory_of_another_controller",
                "A_file_that_changes_while_the_driver_reads_it_by_its_extents_fails",
                "Files_that_have_no_trustworthy_extents_are_refused_by_the_driver",
                "The_command_ingest_reads_a_file_by_each_path_and_says_which",
                "A_file_on_a_partition_is_found_behind_its_start",
                "Blocks_kept_beyond_the_end_are_no_part_of_the_file",
                "A_file_of_1000_extents_read_by_them_is_the_file",
            ],
        },
        new("ext4-changes", "files of an ext4 that others change while they are read so")
        {
            Filesystems = [FilesystemDrive.Ext4Partition],
            HasDefragmenter = true,
            PeerMegabytes = null,
            Tests =
            [
                "A_file_that_is_moved_is_noticed_until_it_is_moved_back",
                "A_file_that_grows_meanwhile_is_right_or_counts_as_changed",
                "A_file_that_is_cut_off_meanwhile_is_right_or_counts_as_changed",
                "A_file_that_gets_a_hole_meanwhile_is_right_or_counts_as_changed",
                "A_file_that_is_moved_meanwhile_is_right_or_counts_as_changed",
                "A_hole_punched_while_the_driver_reads_ends_the_file",
                "A_file_that_gets_a_hole_under_the_driver_is_right_or_counts_as_changed",
                "A_file_that_is_moved_under_the_driver_is_right_or_counts_as_changed",
                "A_file_that_e4defrag_moves_while_the_driver_reads_it_fails",
            ],
        },
        new("xfs", "the same with xfs, and filesystems that are refused")
        {
            Filesystems = [FilesystemDrive.Xfs, FilesystemDrive.Btrfs],
            HasModules = true,
            PeerMegabytes = null,
            Tests =
            [
                "A_file_in_one_piece_on_xfs_is_the_file",
                "A_file_in_many_pieces_on_xfs_is_the_file",
                "A_sparse_file_on_xfs_is_refused_by_the_place_of_its_hole",
                "A_file_on_xfs_that_changes_during_the_read_is_noticed",
                "A_file_on_xfs_that_is_written_to_meanwhile_is_right_or_counts_as_changed",
                "The_driver_reads_files_of_xfs_by_their_extents",
                "A_file_on_xfs_that_changes_while_the_driver_reads_it_fails",
                "A_hole_punched_on_xfs_while_the_driver_reads_ends_the_file",
                "Files_of_xfs_without_trustworthy_extents_are_refused_by_the_driver",
                "A_file_on_xfs_that_is_written_to_under_the_driver_is_right_or_counts_as_changed",
                "A_file_on_overlayfs_is_refused",
                "A_file_on_btrfs_is_refused",
            ],
        },
        new("speed", "reads per second beside a program in C, in pairs")
        {
            IsFull = true,
            HasCReader = true,
            PeerMegabytes = null,
            Tests =
            [
                "The_owned_ring_reads_as_fast_as_C_into_registered_memory",
                "The_owned_ring_reads_as_fast_as_C_into_ordinary_memory",
            ],
        },
        new("extents", "a file of 10,000 extents")
        {
            IsFull = true,
            Filesystems = [FilesystemDrive.Ext4Partition],
            PeerMegabytes = null,
            Tests = ["A_file_of_10000_extents_read_by_them_is_the_file"],
        },
        new("media-errors", "sectors of the drive that cannot be read")
        {
            HasFaults = true,
            BadSectors = [2048],
            OnceBadSectors = [4096],
            Tests =
            [
                "A_bad_sector_is_ENODATA_for_that_read_and_no_other",
                "After_an_error_that_happens_once_the_same_command_brings_every_byte",
                "Passthrough_of_a_bad_sector_has_the_status_unrecovered_read_error",
                "The_driver_fails_with_the_drives_error_when_a_sector_is_bad",
            ],
        },
        new("media-errors-driver", "the same under the ingest driver's commands")
        {
            HasFaults = true,
            BadSectors = [2048],
            OnceBadSectors = [4096],
            Tests =
            [
                "A_bad_sector_fails_its_range_with_the_drives_status_and_no_other",
                "A_bad_sector_in_the_middle_of_a_range_ends_it_with_the_drives_status",
                "Only_the_slot_of_a_bad_sector_fails_where_that_is_allowed",
            ],
        },
        new("slow-drive", "a drive that holds reads back, or takes long")
        {
            HasFaults = true,
            Tests =
            [
                "A_stalled_drive_is_waited_for_and_its_bytes_are_right",
                "A_slow_drive_is_waited_for_and_its_bytes_are_right",
                "A_controller_reset_under_load_loses_no_read",
            ],
        },
        new("unplug", "the drive is taken out under load")
        {
            Tests = ["Unplugging_the_drive_under_load_ends_every_read_and_none_is_wrong"],
        },
        new("unplug-driver", "the drive is taken out under the ingest driver")
        {
            HasFaults = true,
            Tests = ["The_driver_fails_when_the_drive_is_unplugged_under_it"],
        },
        new("unplug-peer", "the controller whose memory is read into is taken out")
        {
            Tests = ["After_the_memorys_controller_is_gone_reads_and_copies_are_EFAULT"],
        },
        .. s_commands,
        new("kernel-6.12", "Debian 13's kernel, without peer-to-peer DMA")
        {
            Kernel = "6.12",
            Tests = [.. s_fallBack, LargeRegistrations, .. s_ingestRanges, .. s_userReads],
        },
        new("kernel-6.1", "Debian 12's kernel, without peer-to-peer DMA")
        {
            Kernel = "6.1",
            Tests =
            [
                .. s_fallBack,
                "A_user_without_permission_is_told_how_to_give_it",
                "Linux_6_1_lets_only_root_send_commands",
                "Linux_6_1_refuses_regions_of_a_registration_larger_than_a_command",
                "Linux_6_1_ingests_by_passthrough_into_slots_no_larger_together_than_a_command",
            ],
        },
        new("soak", "every path at random places for two minutes")
        {
            IsFull = true,
            Settings = [("soak.seconds", "120")],
            Tests = ["Random_reads_on_every_path_stay_right"],
        },
    ];

    /// <exception cref="LabException">There is none of that name.</exception>
    public static Scenario Find(string name) =>
        All.FirstOrDefault(scenario => scenario.Name == name) ?? throw new LabException(
            $"there is no scenario '{name}'; there are {string.Join(", ", All.Select(s => s.Name))}.");

    /// <summary>
    /// Those in which a test of that name, or with that in its name, is run, cut down to it.
    /// </summary>
    /// <exception cref="LabException">None has it.</exception>
    public static IReadOnlyList<Scenario> Only(IEnumerable<Scenario> scenarios, string test)
    {
        Scenario[] some =
        [
            .. scenarios
                .Select(scenario => scenario with
                {
                    Tests = [.. scenario.Tests.Where(name => name.Contains(test, StringComparison.Ordinal))],
                })
                .Where(scenario => scenario.Tests.Count > 0),
        ];
        return some.Length > 0 ? some : throw new LabException(
            $"no test with '{test}' in its name is run in these scenarios; --list shows which are.");
    }
}
