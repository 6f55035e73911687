#nullable enable
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal sealed unsafe class Staging(CudaFunctions cuda)
{
    private void* _staging;

    public void* Address => _staging;

    public bool Read(io_uring* ring, int fd)
    {
        io_uring_prep_read(io_uring_get_sqe(ring), fd, _staging, 1 << 20, 0);
        int submitted = io_uring_submit(ring);
        CUresult released = {|NVG0003:cuda.cuMemFreeHost(_staging)|};
        return released == CUresult.CUDA_SUCCESS && submitted == 1;
    }
}
