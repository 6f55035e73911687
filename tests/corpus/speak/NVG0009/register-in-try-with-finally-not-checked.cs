#nullable enable
using System;
using NvmeGpu.Bindings;
using static NvmeGpu.Bindings.Liburing;

internal static unsafe class Eventful
{
    public static void Listen(io_uring* ring, int eventFd, Action listen)
    {
        try
        {
            {|NVG0009:io_uring_register_eventfd(ring, eventFd)|};
            listen();
        }
        finally
        {
            if (io_uring_unregister_eventfd(ring) != 0)
            {
                Console.Error.WriteLine("The event descriptor is still registered.");
            }
        }
    }
}
