using NvmeGpu.Bindings;

namespace NvmeGpu.LiburingTests;

/// <summary>The C# functions.</summary>
public sealed unsafe class OurLibrary : Library
{
    public override bool IsOurs => true;

    public override string ToString() => "ours";

    public override int __io_uring_get_cqe(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint submit, uint wait_nr, __sigset_t* sigmask) =>
        Liburing.__io_uring_get_cqe(ring, cqe_ptr, submit, wait_nr, sigmask);

    public override int __io_uring_sqring_wait(io_uring* ring) =>
        Liburing.__io_uring_sqring_wait(ring);

    public override int io_uring_buf_ring_head(io_uring* ring, int buf_group, ushort* head) =>
        Liburing.io_uring_buf_ring_head(ring, buf_group, head);

    public override bool io_uring_check_version(int major, int minor) =>
        Liburing.io_uring_check_version(major, minor);

    public override int io_uring_clone_buffers(io_uring* dst, io_uring* src) =>
        Liburing.io_uring_clone_buffers(dst, src);

    public override int io_uring_clone_buffers_offset(
        io_uring* dst, io_uring* src, uint dst_off, uint src_off, uint nr, uint flags) =>
        Liburing.io_uring_clone_buffers_offset(dst, src, dst_off, src_off, nr, flags);

    public override int io_uring_close_ring_fd(io_uring* ring) =>
        Liburing.io_uring_close_ring_fd(ring);

    public override int io_uring_enable_rings(io_uring* ring) =>
        Liburing.io_uring_enable_rings(ring);

    public override int io_uring_enter(
        uint fd, uint to_submit, uint min_complete, uint flags, __sigset_t* sig) =>
        Liburing.io_uring_enter(fd, to_submit, min_complete, flags, sig);

    public override int io_uring_enter2(
        uint fd, uint to_submit, uint min_complete, uint flags, __sigset_t* sig, nuint sz) =>
        Liburing.io_uring_enter2(fd, to_submit, min_complete, flags, sig, sz);

    public override int io_uring_free_buf_ring(
        io_uring* ring, io_uring_buf_ring* br, uint nentries, int bgid) =>
        Liburing.io_uring_free_buf_ring(ring, br, nentries, bgid);

    public override void io_uring_free_probe(io_uring_probe* probe) =>
        Liburing.io_uring_free_probe(probe);

    public override int io_uring_get_events(io_uring* ring) =>
        Liburing.io_uring_get_events(ring);

    public override io_uring_probe* io_uring_get_probe() =>
        Liburing.io_uring_get_probe();

    public override io_uring_probe* io_uring_get_probe_ring(io_uring* ring) =>
        Liburing.io_uring_get_probe_ring(ring);

    public override int io_uring_major_version() =>
        Liburing.io_uring_major_version();

    public override int io_uring_minor_version() =>
        Liburing.io_uring_minor_version();

    public override nint io_uring_mlock_size(uint entries, uint flags) =>
        Liburing.io_uring_mlock_size(entries, flags);

    public override nint io_uring_mlock_size_params(uint entries, io_uring_params* p) =>
        Liburing.io_uring_mlock_size_params(entries, p);

    public override uint io_uring_peek_batch_cqe(io_uring* ring, io_uring_cqe** cqes, uint count) =>
        Liburing.io_uring_peek_batch_cqe(ring, cqes, count);

    public override void io_uring_queue_exit(io_uring* ring) =>
        Liburing.io_uring_queue_exit(ring);

    public override int io_uring_queue_init(uint entries, io_uring* ring, uint flags) =>
        Liburing.io_uring_queue_init(entries, ring, flags);

    public override int io_uring_queue_init_mem(
        uint entries, io_uring* ring, io_uring_params* p, void* buf, nuint buf_size) =>
        Liburing.io_uring_queue_init_mem(entries, ring, p, buf, buf_size);

    public override int io_uring_queue_init_params(uint entries, io_uring* ring, io_uring_params* p) =>
        Liburing.io_uring_queue_init_params(entries, ring, p);

    public override int io_uring_queue_mmap(int fd, io_uring_params* p, io_uring* ring) =>
        Liburing.io_uring_queue_mmap(fd, p, ring);

    public override int io_uring_register(uint fd, uint opcode, void* arg, uint nr_args) =>
        Liburing.io_uring_register(fd, opcode, arg, nr_args);

    public override int io_uring_register_buf_ring(io_uring* ring, io_uring_buf_reg* reg, uint flags) =>
        Liburing.io_uring_register_buf_ring(ring, reg, flags);

    public override int io_uring_register_buffers(io_uring* ring, iovec* iovecs, uint nr_iovecs) =>
        Liburing.io_uring_register_buffers(ring, iovecs, nr_iovecs);

    public override int io_uring_register_buffers_sparse(io_uring* ring, uint nr) =>
        Liburing.io_uring_register_buffers_sparse(ring, nr);

    public override int io_uring_register_buffers_tags(
        io_uring* ring, iovec* iovecs, ulong* tags, uint nr) =>
        Liburing.io_uring_register_buffers_tags(ring, iovecs, tags, nr);

    public override int io_uring_register_buffers_update_tag(
        io_uring* ring, uint off, iovec* iovecs, ulong* tags, uint nr) =>
        Liburing.io_uring_register_buffers_update_tag(ring, off, iovecs, tags, nr);

    public override int io_uring_register_clock(io_uring* ring, io_uring_clock_register* arg) =>
        Liburing.io_uring_register_clock(ring, arg);

    public override int io_uring_register_eventfd(io_uring* ring, int fd) =>
        Liburing.io_uring_register_eventfd(ring, fd);

    public override int io_uring_register_eventfd_async(io_uring* ring, int fd) =>
        Liburing.io_uring_register_eventfd_async(ring, fd);

    public override int io_uring_register_file_alloc_range(io_uring* ring, uint off, uint len) =>
        Liburing.io_uring_register_file_alloc_range(ring, off, len);

    public override int io_uring_register_files(io_uring* ring, int* files, uint nr_files) =>
        Liburing.io_uring_register_files(ring, files, nr_files);

    public override int io_uring_register_files_sparse(io_uring* ring, uint nr) =>
        Liburing.io_uring_register_files_sparse(ring, nr);

    public override int io_uring_register_files_tags(io_uring* ring, int* files, ulong* tags, uint nr) =>
        Liburing.io_uring_register_files_tags(ring, files, tags, nr);

    public override int io_uring_register_files_update(
        io_uring* ring, uint off, int* files, uint nr_files) =>
        Liburing.io_uring_register_files_update(ring, off, files, nr_files);

    public override int io_uring_register_files_update_tag(
        io_uring* ring, uint off, int* files, ulong* tags, uint nr_files) =>
        Liburing.io_uring_register_files_update_tag(ring, off, files, tags, nr_files);

    public override int io_uring_register_iowq_max_workers(io_uring* ring, uint* values) =>
        Liburing.io_uring_register_iowq_max_workers(ring, values);

    public override int io_uring_register_napi(io_uring* ring, io_uring_napi* napi) =>
        Liburing.io_uring_register_napi(ring, napi);

    public override int io_uring_register_personality(io_uring* ring) =>
        Liburing.io_uring_register_personality(ring);

    public override int io_uring_register_probe(io_uring* ring, io_uring_probe* p, uint nr) =>
        Liburing.io_uring_register_probe(ring, p, nr);

    public override int io_uring_register_region(io_uring* ring, io_uring_mem_region_reg* reg) =>
        Liburing.io_uring_register_region(ring, reg);

    public override int io_uring_register_restrictions(
        io_uring* ring, io_uring_restriction* res, uint nr_res) =>
        Liburing.io_uring_register_restrictions(ring, res, nr_res);

    public override int io_uring_register_ring_fd(io_uring* ring) =>
        Liburing.io_uring_register_ring_fd(ring);

    public override int io_uring_register_sync_cancel(io_uring* ring, io_uring_sync_cancel_reg* reg) =>
        Liburing.io_uring_register_sync_cancel(ring, reg);

    public override int io_uring_register_wait_reg(io_uring* ring, io_uring_reg_wait* reg, int nr) =>
        Liburing.io_uring_register_wait_reg(ring, reg, nr);

    public override int io_uring_resize_rings(io_uring* ring, io_uring_params* p) =>
        Liburing.io_uring_resize_rings(ring, p);

    public override int io_uring_ring_dontfork(io_uring* ring) =>
        Liburing.io_uring_ring_dontfork(ring);

    public override int io_uring_setup(uint entries, io_uring_params* p) =>
        Liburing.io_uring_setup(entries, p);

    public override io_uring_buf_ring* io_uring_setup_buf_ring(
        io_uring* ring, uint nentries, int bgid, uint flags, int* err) =>
        Liburing.io_uring_setup_buf_ring(ring, nentries, bgid, flags, err);

    public override int io_uring_submit(io_uring* ring) =>
        Liburing.io_uring_submit(ring);

    public override int io_uring_submit_and_get_events(io_uring* ring) =>
        Liburing.io_uring_submit_and_get_events(ring);

    public override int io_uring_submit_and_wait(io_uring* ring, uint wait_nr) =>
        Liburing.io_uring_submit_and_wait(ring, wait_nr);

    public override int io_uring_submit_and_wait_min_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, uint min_wait,
        __sigset_t* sigmask) =>
        Liburing.io_uring_submit_and_wait_min_timeout(ring, cqe_ptr, wait_nr, ts, min_wait, sigmask);

    public override int io_uring_submit_and_wait_reg(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, int reg_index) =>
        Liburing.io_uring_submit_and_wait_reg(ring, cqe_ptr, wait_nr, reg_index);

    public override int io_uring_submit_and_wait_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, __sigset_t* sigmask) =>
        Liburing.io_uring_submit_and_wait_timeout(ring, cqe_ptr, wait_nr, ts, sigmask);

    public override int io_uring_unregister_buf_ring(io_uring* ring, int bgid) =>
        Liburing.io_uring_unregister_buf_ring(ring, bgid);

    public override int io_uring_unregister_buffers(io_uring* ring) =>
        Liburing.io_uring_unregister_buffers(ring);

    public override int io_uring_unregister_eventfd(io_uring* ring) =>
        Liburing.io_uring_unregister_eventfd(ring);

    public override int io_uring_unregister_files(io_uring* ring) =>
        Liburing.io_uring_unregister_files(ring);

    public override int io_uring_unregister_iowq_aff(io_uring* ring) =>
        Liburing.io_uring_unregister_iowq_aff(ring);

    public override int io_uring_unregister_napi(io_uring* ring, io_uring_napi* napi) =>
        Liburing.io_uring_unregister_napi(ring, napi);

    public override int io_uring_unregister_personality(io_uring* ring, int id) =>
        Liburing.io_uring_unregister_personality(ring, id);

    public override int io_uring_unregister_ring_fd(io_uring* ring) =>
        Liburing.io_uring_unregister_ring_fd(ring);

    public override int io_uring_wait_cqe_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, __kernel_timespec* ts) =>
        Liburing.io_uring_wait_cqe_timeout(ring, cqe_ptr, ts);

    public override int io_uring_wait_cqes(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, __sigset_t* sigmask) =>
        Liburing.io_uring_wait_cqes(ring, cqe_ptr, wait_nr, ts, sigmask);

    public override int io_uring_wait_cqes_min_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, uint min_ts_usec,
        __sigset_t* sigmask) =>
        Liburing.io_uring_wait_cqes_min_timeout(ring, cqe_ptr, wait_nr, ts, min_ts_usec, sigmask);

    public override int io_uring_register_iowq_aff(io_uring* ring, nuint cpusz, void* mask) =>
        Liburing.io_uring_register_iowq_aff(ring, cpusz, (cpu_set_t*)mask);
}
