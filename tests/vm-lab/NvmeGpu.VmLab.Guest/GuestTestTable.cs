using System;
using System.Collections.Generic;
using NvmeGpu.VmLab.Guest.Tests;

namespace NvmeGpu.VmLab.Guest;

/// <summary>
/// Every test there is. A new one is a static method that takes a <see cref="GuestContext"/>, a line here,
/// and its name in the scenarios (Scenarios.cs) in which it is to be run.
/// </summary>
internal static class GuestTestTable
{
    public static IReadOnlyList<GuestTest> All { get; } =
    [
        Of(BlockReadTests.Buffered_registered_reads_bring_every_byte_of_the_drive),
        Of(BlockReadTests.Direct_registered_reads_bring_every_byte_of_the_drive),
        Of(BlockReadTests.Direct_reads_of_single_blocks_begin_at_any_block),
        Of(IngestTests.The_driver_ingests_the_whole_drive_through_the_page_cache),
        Of(IngestTests.The_driver_ingests_the_whole_drive_with_direct_reads),
        Of(IngestRangeTests.The_driver_ingests_the_whole_namespace_by_passthrough),
        Of(IngestRangeTests.The_driver_splits_slots_at_what_a_command_may_transfer),
        Of(IngestRangeTests.The_driver_ingests_by_passthrough_into_the_memory_of_another_controller),
        Of(IngestRangeTests.A_megakernel_on_the_host_consumes_slots_in_the_memory_of_another_controller),
        Of(IngestRangeTests.The_driver_reads_files_into_the_memory_of_another_controller),
        Of(IngestRangeTests.The_driver_reads_nothing_into_memory_that_the_drive_does_not_reach),
        Of(IngestRangeTests.Left_the_choice_the_driver_reads_into_the_memory_that_is_proven),
        Of(IngestRangeTests.Left_the_choice_the_driver_reads_into_host_memory_and_says_why),
        Of(IngestFileTests.The_driver_reads_files_by_their_extents),
        Of(IngestFileTests.The_driver_reads_files_by_their_extents_into_the_memory_of_another_controller),
        Of(IngestFileTests.The_driver_reads_files_of_a_filesystem_into_the_memory_of_another_controller),
        Of(IngestFileTests.A_file_that_changes_while_the_driver_reads_it_by_its_extents_fails),
        Of(IngestFileTests.Files_that_have_no_trustworthy_extents_are_refused_by_the_driver),
        Of(IngestRangeTests.A_bad_sector_fails_its_range_with_the_drives_status_and_no_other),
        Of(IngestRangeTests.A_bad_sector_in_the_middle_of_a_range_ends_it_with_the_drives_status),
        Of(IngestRangeTests.A_range_beyond_the_end_has_the_status_LBA_out_of_range),
        Of(ProbeTests.The_probe_finds_that_io_uring_and_passthrough_are_there),
        Of(ProbeTests.The_probe_finds_that_the_kernel_has_peer_to_peer_DMA),
        Of(ProbeTests.The_probe_finds_that_the_kernel_lacks_peer_to_peer_DMA),
        Of(ProbeTests.The_probe_finds_no_IOMMU_in_the_way),
        Of(ProbeTests.The_probe_finds_that_the_IOMMU_translates),
        Of(ProbeTests.The_trial_read_of_the_probe_is_proven_on_the_drive),
        Of(ProbeTests.The_probe_proves_both_paths_into_peer_memory),
        Of(ProbeTests.The_probe_says_that_bytes_for_peer_memory_never_arrive),
        Of(ProbeTests.The_probe_says_that_the_drive_does_not_reach_peer_memory),
        Of(ProbeTests.The_probe_refuses_peer_paths_with_the_kernels_lack_as_the_reason),
        Of(PeerMemoryTests.Memory_of_a_controller_is_classified_as_peer_pages),
        Of(PeerMemoryTests.A_mapped_BAR_is_classified_as_opaque_and_no_read_takes_it),
        Of(PeerMemoryTests.Peer_pages_cannot_be_registered),
        Of(PeerMemoryTests.A_kernel_without_peer_to_peer_DMA_publishes_no_memory),
        Of(PassthroughTests.Passthrough_into_RAM_brings_every_byte),
        Of(PassthroughTests.Passthrough_into_registered_RAM_brings_every_byte),
        Of(PassthroughTests.One_command_brings_as_much_as_the_namespace_allows_and_not_a_block_more),
        Of(PassthroughTests.Regions_of_a_registration_larger_than_a_command_are_read_into),
        Of(PassthroughTests.Linux_6_1_refuses_regions_of_a_registration_larger_than_a_command),
        Of(PassthroughTests.Reads_of_another_shape_are_refused_before_the_kernel_sees_them),
        Of(PassthroughTests.Passthrough_into_the_memory_of_another_controller_brings_every_byte),
        Of(PassthroughTests.An_unaligned_read_into_peer_memory_succeeds_and_is_copied_by_the_kernel),
        Of(PassthroughTests.A_direct_read_into_the_memory_of_another_controller_brings_every_byte),
        Of(PassthroughTests.Passthrough_across_the_host_bridge_is_refused),
        Of(PassthroughTests.Behind_an_IOMMU_passthrough_reports_success_and_nothing_arrives),
        Of(PassthroughTests.A_ring_with_small_entries_is_refused),
        Of(PassthroughTests.A_read_beyond_the_end_has_the_status_LBA_out_of_range),
        Of(PassthroughTests.A_foreign_namespace_is_refused),
        Of(ExtentTests.A_file_in_one_piece_read_by_its_extents_is_the_file),
        Of(ExtentTests.A_file_in_many_pieces_read_by_its_extents_is_the_file),
        Of(ExtentTests.A_sparse_file_is_refused_by_the_place_of_its_hole),
        Of(ExtentTests.A_file_on_another_filesystem_is_refused),
        Of(ExtentTests.A_file_that_changes_during_the_read_is_noticed),
        Of(FaultTests.A_bad_sector_is_ENODATA_for_that_read_and_no_other),
        Of(FaultTests.After_an_error_that_happens_once_the_same_command_brings_every_byte),
        Of(FaultTests.Passthrough_of_a_bad_sector_has_the_status_unrecovered_read_error),
        Of(FaultTests.The_driver_fails_with_the_drives_error_when_a_sector_is_bad),
        Of(FaultTests.A_stalled_drive_is_waited_for_and_its_bytes_are_right),
        Of(FaultTests.A_slow_drive_is_waited_for_and_its_bytes_are_right),
        Of(FaultTests.Unplugging_the_drive_under_load_ends_every_read_and_none_is_wrong),
        Of(FaultTests.The_driver_fails_when_the_drive_is_unplugged_under_it),
        Of(FaultTests.A_controller_reset_under_load_loses_no_read),
        Of(PeerRemovalTests.After_the_memorys_controller_is_gone_reads_and_copies_are_EFAULT),
        Of(SoakTests.Random_reads_on_every_path_stay_right),
    ];

    // NativeAOT keeps the names of methods that delegates are made of.
    private static GuestTest Of(Action<GuestContext> body) => new(body.Method.Name, body);
}
