#nullable enable
using NvmeGpu.Contracts;

internal abstract class Submitter
{
    protected abstract int Submit([{|NVG0090:KernelRetains(Until.Completion)|}] bool isUrgent);
}
