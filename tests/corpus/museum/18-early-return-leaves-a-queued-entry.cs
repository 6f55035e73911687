#nullable enable
// Museum row 18: https://github.com/alibaba/PhotonLibOS/issues/1270 (C++)
// A coroutine's I/O function puts the address of a context on its stack into the entry's user data, then asks
// for a second entry for the timeout. If there is none it returns; the first entry is queued all the same,
// goes out with the next submit of the event loop, and its completion is written into the dead frame.
// caught: NVG0002
using NvmeGpu.Bindings;
using NvmeGpu.Contracts;
using static NvmeGpu.Bindings.Liburing;

internal struct IoContext
{
    public int Result;
    public bool IsDone;
}

internal static unsafe class CoroutineIo
{
    public static int Read(
        io_uring* ring, int fd, [KernelRetains(Until.Completion)] byte* buffer, uint lengthBytes,
        long timeoutSeconds)
    {
        IoContext context = default;
        IoContext timerContext = default;
        __kernel_timespec timeout = default;
        io_uring_sqe* sqe = io_uring_get_sqe(ring);
        if (sqe == null)
        {
            return -1;
        }
        io_uring_prep_read(sqe, fd, buffer, lengthBytes, 0);
        sqe->user_data = {|NVG0002.may:(ulong)&context|};
        if (timeoutSeconds >= 0)
        {
            sqe->flags |= (byte)IOSQE_IO_LINK;
            io_uring_sqe* timer = io_uring_get_sqe(ring);
            if (timer == null)
            {
                return -1;
            }
            timeout.tv_sec = timeoutSeconds;
            io_uring_prep_link_timeout(timer, &timeout, 0);
            timer->user_data = (ulong)&timerContext;
        }
        EventLoop.SleepUntilReaped(ring, timeoutSeconds >= 0 ? 2 : 1);
        return context.IsDone ? context.Result : -1;
    }
}

internal static unsafe class EventLoop
{
    public static void SleepUntilReaped(io_uring* ring, int count)
    {
        while (count > 0)
        {
            io_uring_cqe* cqe;
            if (io_uring_submit_and_wait(ring, 1) < 0 || io_uring_peek_cqe(ring, &cqe) != 0)
            {
                continue;
            }
            var context = (IoContext*)cqe->user_data;
            context->Result = cqe->res;
            context->IsDone = true;
            io_uring_cqe_seen(ring, cqe);
            count--;
        }
    }
}
