#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// The ring's table of registered files.
static partial class Liburing
{
    /// <summary>
    /// Registers files; the place in the array is the index, -1 leaves it empty. 0 or a negative errno: EBUSY
    /// when the ring has a table. A table larger than RLIMIT_NOFILE raises the soft limit where the hard one
    /// allows, otherwise it is EMFILE. See io_uring_register_files(3).
    /// </summary>
    /// <safety><paramref name="files"/> has <paramref name="nr_files"/> elements during the call.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_files(io_uring* ring, int* files, uint nr_files)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            int result = Register(ring, io_uring_register_op.IORING_REGISTER_FILES, files, nr_files);
            return result == -Libc.EMFILE && RaiseFileLimit(nr_files)
                ? Register(ring, io_uring_register_op.IORING_REGISTER_FILES, files, nr_files)
                : result;
        }
    }

    /// <summary>
    /// As io_uring_register_files; when a file is let go, a completion with its tag is posted, but for tag 0.
    /// See io_uring_register_files_tags(3).
    /// </summary>
    /// <safety>As io_uring_register_files; <paramref name="tags"/> has as many elements.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_files_tags(io_uring* ring, int* files, ulong* tags, uint nr)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            return RegisterFileTable(
                ring, new io_uring_rsrc_register { nr = nr, data = (ulong)files, tags = (ulong)tags });
        }
    }

    /// <summary>
    /// Makes a table of <paramref name="nr"/> empty places; Linux 5.19. Limits as in io_uring_register_files.
    /// 0 or a negative errno. See io_uring_register_files_sparse(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_files_sparse(io_uring* ring, uint nr)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            return RegisterFileTable(
                ring, new io_uring_rsrc_register { nr = nr, flags = IORING_RSRC_REGISTER_SPARSE });
        }
    }

    /// <summary>
    /// Fills, replaces or (-1) empties <paramref name="nr_files"/> places from <paramref name="off"/> on.
    /// Returns how many, or a negative errno. See io_uring_register_files_update(3).
    /// </summary>
    /// <safety>As io_uring_register_files.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_files_update(
        io_uring* ring, uint off, int* files, uint nr_files)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            var argument = new io_uring_files_update { offset = off, fds = (ulong)files };
            return Register(ring, io_uring_register_op.IORING_REGISTER_FILES_UPDATE, &argument, nr_files);
        }
    }

    /// <summary>
    /// As io_uring_register_files_update, with tags. See io_uring_register_files_update_tag(3).
    /// </summary>
    /// <safety>As io_uring_register_files_tags; <paramref name="tags"/> may be null.</safety>
    [MayBlock]
    [return: MustObserve]
    public static unsafe int io_uring_register_files_update_tag(
        io_uring* ring, uint off, int* files, ulong* tags, uint nr_files)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            var argument = new io_uring_rsrc_update2
            {
                offset = off,
                data = (ulong)files,
                tags = (ulong)tags,
                nr = nr_files,
            };
            return UpdateTable(ring, io_uring_register_op.IORING_REGISTER_FILES_UPDATE2, ref argument);
        }
    }

    /// <summary>
    /// Lets the table go; files that operations still use stay open until they complete. 0, or ENXIO without
    /// a table. See io_uring_unregister_files(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [MayBlock]
    public static unsafe int io_uring_unregister_files(io_uring* ring)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            return Register(ring, io_uring_register_op.IORING_UNREGISTER_FILES, null, 0);
        }
    }

    /// <summary>
    /// Limits the places that IORING_FILE_INDEX_ALLOC takes to <paramref name="len"/> from
    /// <paramref name="off"/> on; Linux 6.0. 0 or a negative errno. See
    /// io_uring_register_file_alloc_range(3).
    /// </summary>
    /// <safety>The ring is initialised.</safety>
    [return: MustObserve]
    public static unsafe int io_uring_register_file_alloc_range(io_uring* ring, uint off, uint len)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            var argument = new io_uring_file_index_range { off = off, len = len };
            return Register(ring, io_uring_register_op.IORING_REGISTER_FILE_ALLOC_RANGE, &argument, 0);
        }
    }

    private static unsafe int RegisterFileTable(io_uring* ring, io_uring_rsrc_register argument)
    {
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            int result = RegisterTable(ring, io_uring_register_op.IORING_REGISTER_FILES2, ref argument);
            return result == -Libc.EMFILE && RaiseFileLimit(argument.nr)
                ? RegisterTable(ring, io_uring_register_op.IORING_REGISTER_FILES2, ref argument)
                : result;
        }
    }

    /// <summary>
    /// Raises the soft limit of open files so that there is room for so many more, at most to the hard limit.
    /// </summary>
    /// <returns>Whether it was raised.</returns>
    private static unsafe bool RaiseFileLimit(uint count)
    {
        rlimit limit;
        // SAFETY: the caller's arrays have that many elements; the kernel reads them during the call only.
        unsafe
        {
            if (Libc.getrlimit(Libc.RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
            {
                return false;
            }
            ulong room = limit.rlim_max - limit.rlim_cur;
            limit.rlim_cur += Math.Min(count, room);
            return Libc.setrlimit(Libc.RLIMIT_NOFILE, &limit) == 0;
        }
    }
}
