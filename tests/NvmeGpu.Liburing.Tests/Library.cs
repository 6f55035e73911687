using NvmeGpu.Bindings;

namespace NvmeGpu.LiburingTests;

/// <summary>liburing's exported functions, so that each test runs on ours and on the real ones.</summary>
public abstract unsafe class Library
{
    public abstract bool IsOurs { get; }

    public abstract int __io_uring_get_cqe(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint submit, uint wait_nr, __sigset_t* sigmask);

    public abstract int __io_uring_sqring_wait(io_uring* ring);

    public abstract int io_uring_buf_ring_head(io_uring* ring, int buf_group, ushort* head);

    public abstract bool io_uring_check_version(int major, int minor);

    public abstract int io_uring_clone_buffers(io_uring* dst, io_uring* src);

    public abstract int io_uring_clone_buffers_offset(
        io_uring* dst, io_uring* src, uint dst_off, uint src_off, uint nr, uint flags);

    public abstract int io_uring_close_ring_fd(io_uring* ring);

    public abstract int io_uring_enable_rings(io_uring* ring);

    public abstract int io_uring_enter(
        uint fd, uint to_submit, uint min_complete, uint flags, __sigset_t* sig);

    public abstract int io_uring_enter2(
        uint fd, uint to_submit, uint min_complete, uint flags, __sigset_t* sig, nuint sz);

    public abstract int io_uring_free_buf_ring(
        io_uring* ring, io_uring_buf_ring* br, uint nentries, int bgid);

    public abstract void io_uring_free_probe(io_uring_probe* probe);

    public abstract int io_uring_get_events(io_uring* ring);

    public abstract io_uring_probe* io_uring_get_probe();

    public abstract io_uring_probe* io_uring_get_probe_ring(io_uring* ring);

    public abstract int io_uring_major_version();

    public abstract int io_uring_minor_version();

    public abstract nint io_uring_mlock_size(uint entries, uint flags);

    public abstract nint io_uring_mlock_size_params(uint entries, io_uring_params* p);

    public abstract uint io_uring_peek_batch_cqe(io_uring* ring, io_uring_cqe** cqes, uint count);

    public abstract void io_uring_queue_exit(io_uring* ring);

    public abstract int io_uring_queue_init(uint entries, io_uring* ring, uint flags);

    public abstract int io_uring_queue_init_mem(
        uint entries, io_uring* ring, io_uring_params* p, void* buf, nuint buf_size);

    public abstract int io_uring_queue_init_params(uint entries, io_uring* ring, io_uring_params* p);

    public abstract int io_uring_queue_mmap(int fd, io_uring_params* p, io_uring* ring);

    public abstract int io_uring_register(uint fd, uint opcode, void* arg, uint nr_args);

    public abstract int io_uring_register_buf_ring(io_uring* ring, io_uring_buf_reg* reg, uint flags);

    public abstract int io_uring_register_buffers(io_uring* ring, iovec* iovecs, uint nr_iovecs);

    public abstract int io_uring_register_buffers_sparse(io_uring* ring, uint nr);

    public abstract int io_uring_register_buffers_tags(io_uring* ring, iovec* iovecs, ulong* tags, uint nr);

    public abstract int io_uring_register_buffers_update_tag(
        io_uring* ring, uint off, iovec* iovecs, ulong* tags, uint nr);

    public abstract int io_uring_register_clock(io_uring* ring, io_uring_clock_register* arg);

    public abstract int io_uring_register_eventfd(io_uring* ring, int fd);

    public abstract int io_uring_register_eventfd_async(io_uring* ring, int fd);

    public abstract int io_uring_register_file_alloc_range(io_uring* ring, uint off, uint len);

    public abstract int io_uring_register_files(io_uring* ring, int* files, uint nr_files);

    public abstract int io_uring_register_files_sparse(io_uring* ring, uint nr);

    public abstract int io_uring_register_files_tags(io_uring* ring, int* files, ulong* tags, uint nr);

    public abstract int io_uring_register_files_update(io_uring* ring, uint off, int* files, uint nr_files);

    public abstract int io_uring_register_files_update_tag(
        io_uring* ring, uint off, int* files, ulong* tags, uint nr_files);

    public abstract int io_uring_register_iowq_max_workers(io_uring* ring, uint* values);

    public abstract int io_uring_register_napi(io_uring* ring, io_uring_napi* napi);

    public abstract int io_uring_register_personality(io_uring* ring);

    public abstract int io_uring_register_probe(io_uring* ring, io_uring_probe* p, uint nr);

    public abstract int io_uring_register_region(io_uring* ring, io_uring_mem_region_reg* reg);

    public abstract int io_uring_register_restrictions(
        io_uring* ring, io_uring_restriction* res, uint nr_res);

    public abstract int io_uring_register_ring_fd(io_uring* ring);

    public abstract int io_uring_register_sync_cancel(io_uring* ring, io_uring_sync_cancel_reg* reg);

    public abstract int io_uring_register_wait_reg(io_uring* ring, io_uring_reg_wait* reg, int nr);

    public abstract int io_uring_resize_rings(io_uring* ring, io_uring_params* p);

    public abstract int io_uring_ring_dontfork(io_uring* ring);

    public abstract int io_uring_setup(uint entries, io_uring_params* p);

    public abstract io_uring_buf_ring* io_uring_setup_buf_ring(
        io_uring* ring, uint nentries, int bgid, uint flags, int* err);

    public abstract int io_uring_submit(io_uring* ring);

    public abstract int io_uring_submit_and_get_events(io_uring* ring);

    public abstract int io_uring_submit_and_wait(io_uring* ring, uint wait_nr);

    public abstract int io_uring_submit_and_wait_min_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, uint min_wait,
        __sigset_t* sigmask);

    public abstract int io_uring_submit_and_wait_reg(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, int reg_index);

    public abstract int io_uring_submit_and_wait_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, __sigset_t* sigmask);

    public abstract int io_uring_unregister_buf_ring(io_uring* ring, int bgid);

    public abstract int io_uring_unregister_buffers(io_uring* ring);

    public abstract int io_uring_unregister_eventfd(io_uring* ring);

    public abstract int io_uring_unregister_files(io_uring* ring);

    public abstract int io_uring_unregister_iowq_aff(io_uring* ring);

    public abstract int io_uring_unregister_napi(io_uring* ring, io_uring_napi* napi);

    public abstract int io_uring_unregister_personality(io_uring* ring, int id);

    public abstract int io_uring_unregister_ring_fd(io_uring* ring);

    public abstract int io_uring_wait_cqe_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, __kernel_timespec* ts);

    public abstract int io_uring_wait_cqes(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, __sigset_t* sigmask);

    public abstract int io_uring_wait_cqes_min_timeout(
        io_uring* ring, io_uring_cqe** cqe_ptr, uint wait_nr, __kernel_timespec* ts, uint min_ts_usec,
        __sigset_t* sigmask);

    public abstract int io_uring_register_iowq_aff(io_uring* ring, nuint cpusz, void* mask);
}
