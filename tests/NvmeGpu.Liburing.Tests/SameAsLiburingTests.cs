using System;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using NvmeGpu.Bindings;
using Xunit;
using static NvmeGpu.Bindings.Liburing;

namespace NvmeGpu.LiburingTests;

/// <summary>The same calls on ours and on a real liburing: the same results, the same ring.</summary>
public unsafe class SameAsLiburingTests
{
    private static readonly uint[] s_shapes =
    [
        0, IORING_SETUP_SQE128, IORING_SETUP_CQE32, IORING_SETUP_SQE128 | IORING_SETUP_CQE32,
        IORING_SETUP_IOPOLL,
        IORING_SETUP_NO_SQARRAY, IORING_SETUP_CLAMP, IORING_SETUP_R_DISABLED, IORING_SETUP_COOP_TASKRUN,
        IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, IORING_SETUP_REGISTERED_FD_ONLY, 1u << 30,
        IORING_SETUP_SQPOLL, IORING_SETUP_SQ_AFF, IORING_SETUP_SUBMIT_ALL, IORING_SETUP_TASKRUN_FLAG,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_rings_and_calls_give_the_same_results_and_the_same_ring(int seed)
    {
        Library ours = Libraries.Get("ours");
        Library real = Libraries.Get("liburing");
        for (int i = 0; i < 250; i++)
        {
            int one = (seed * 1_000) + i;
            Assert.Equal(Record(real, new Random(one)), Record(ours, new Random(one)));
        }
    }

    [Fact]
    public void Every_bound_function_is_there_with_the_same_signature()
    {
        var missing = new List<string>();
        foreach (FieldInfo field in typeof(LiburingFunctions).GetFields())
        {
            if (field.IsLiteral)
            {
                continue;
            }
            string? native = field.GetCustomAttribute<NativeTypeNameAttribute>()?.Name;
            Assert.SkipUnless(native is not null, "only Debug builds keep the C spelling");
            MethodInfo? method = typeof(Bindings.Liburing).GetMethod(field.Name);
            var wanted = new List<string>();
            foreach (Type parameter in field.FieldType.GetFunctionPointerParameterTypes())
            {
                wanted.Add(parameter.ToString());
            }
            var found = new List<string>();
            var names = new List<string>();
            foreach (ParameterInfo parameter in method?.GetParameters() ?? [])
            {
                found.Add(parameter.ParameterType.ToString());
                names.Add(parameter.Name!);
            }
            string result = field.FieldType.GetFunctionPointerReturnType().ToString();
            if (native.StartsWith("_Bool", StringComparison.Ordinal))
            {
                result = typeof(bool).ToString();
            }
            bool isNamedAlike = names.TrueForAll(
                name => native.Contains(name + ",", StringComparison.Ordinal)
                    || native.EndsWith(name + ")", StringComparison.Ordinal));
            if (!isNamedAlike || method?.ReturnType.ToString() != result
                || !found.ToArray().AsSpan().SequenceEqual(
                wanted.ToArray()))
            {
                missing.Add(field.Name + ": " + native);
            }
        }
        Assert.Empty(missing);
    }

    /// <summary>Makes a ring, does this and that with it, and writes down what came of it.</summary>
    private static string Record(Library library, Random random)
    {
        var log = new List<string>();
        using var memory = new Pages(1 << 20);
        using var ring = new TestRing(library);
        io_uring_params p = default;
        p.flags = s_shapes[random.Next(s_shapes.Length)] | s_shapes[random.Next(s_shapes.Length)];
        if (random.Next(3) == 0)
        {
            p.flags |= IORING_SETUP_CQSIZE;
            p.cq_entries = (uint)random.Next(0, 300);
        }
        p.sq_thread_idle = 2_000;
        uint asked = p.flags;
        uint entries = (uint)random.Next(0, 100);
        bool isInMemory = random.Next(3) == 0;
        int made = isInMemory
            ? library.io_uring_queue_init_mem(
                entries, ring.Ring, &p, memory.Address, (nuint)(random.Next(0, 10) * 4096))
            : library.io_uring_queue_init_params(entries, ring.Ring, &p);
        // Where two things are wrong (too little memory and a flag), which one is said first may differ.
        string result = made < 0 && isInMemory ? "refused" : made.ToString(CultureInfo.InvariantCulture);
        log.Add($"flags {asked:x} entries {entries} made {result}");
        if (made < 0)
        {
            return string.Join('\n', log);
        }
        log.Add(Describe(ring.Ring) + $" {p.flags:x} {p.features:x} {p.sq_entries} {p.cq_entries}");
        bool isPolling = (p.flags & IORING_SETUP_SQPOLL) != 0;
        for (int i = 0; i < 30; i++)
        {
            log.Add(Step(ring, random, isPolling));
        }
        log.Add(Describe(ring.Ring));
        int fd = ring.Ring->ring_fd;
        library.io_uring_queue_exit(ring.Ring);
        log.Add($"open {TestRing.IsOpen(fd)}");
        return string.Join('\n', log);
    }

    private static string Step(TestRing ring, Random random, bool isPolling)
    {
        Library library = ring.Library;
        io_uring_cqe* cqe = null;
        io_uring_cqe** cqes = stackalloc io_uring_cqe*[8];
        __kernel_timespec time = TestRing.Time(1);
        uint any = (uint)random.Next(0, 4);
        string what;
        long result;
        switch (random.Next(isPolling ? 6 : 17))
        {
            case 0:
                (what, result) = ("sparse", library.io_uring_register_buffers_sparse(ring.Ring, any));
                break;
            case 1:
                (what, result) = ("unregister", library.io_uring_unregister_buffers(ring.Ring));
                break;
            case 2:
                (what, result) = ("files", library.io_uring_register_files_sparse(ring.Ring, any));
                break;
            case 3:
                (what, result) = ("unregister files", library.io_uring_unregister_files(ring.Ring));
                break;
            case 4:
                (what, result) = ("enable", library.io_uring_enable_rings(ring.Ring));
                break;
            case 5:
                (what, result) = ("dontfork", (ring.Ring->flags & IORING_SETUP_NO_MMAP) != 0
                    ? 0 // liburing asks for no bytes there
                    : library.io_uring_ring_dontfork(ring.Ring));
                break;
            case 6 or 7 or 8:
                uint room = ring.Ring->sq.ring_entries - (ring.Ring->sq.sqe_tail - *ring.Ring->sq.khead);
                ring.Nops(any * 100, (int)Math.Min(any, room));
                (what, result) = ("nops", room);
                break;
            case 9:
                (what, result) = ("submit", library.io_uring_submit(ring.Ring));
                break;
            case 10:
                (what, result) = ("get events", library.io_uring_get_events(ring.Ring));
                break;
            case 11:
                (what, result) = ("submit and get", library.io_uring_submit_and_get_events(ring.Ring));
                break;
            case 12:
                (what, result) = ("batch", library.io_uring_peek_batch_cqe(ring.Ring, cqes, any));
                ring.Advance((uint)result);
                cqe = result > 0 ? cqes[0] : null;
                break;
            case 13:
                (what, result) = ("wait", library.io_uring_wait_cqes(ring.Ring, &cqe, any, &time, null));
                break;
            case 14:
                if (random.Next(2) == 0)
                {
                    (what, result) = ("register ring", library.io_uring_register_ring_fd(ring.Ring));
                }
                else
                {
                    (what, result) = ("unregister ring", ring.Ring->ring_fd == -1
                        ? 0 // then nothing is left
                        : library.io_uring_unregister_ring_fd(ring.Ring));
                }
                break;
            case 15:
                (what, result) = (
                    "close", random.Next(4) == 0 ? library.io_uring_close_ring_fd(ring.Ring) : 0);
                break;
            default:
                (what, result) = ("look", library.__io_uring_get_cqe(ring.Ring, &cqe, 0, 0, null));
                break;
        }
        long place = cqe == null ? -1 : cqe - ring.Ring->cq.cqes;
        return $"{what} {any}: {result}, {place}, ready {ring.ReadyCount}, {Describe(ring.Ring)}";
    }

    /// <summary>
    /// All of a ring but addresses (as distances), and int_flags, which are each library's own.
    /// </summary>
    private static string Describe(io_uring* ring)
    {
        byte* sq = (byte*)ring->sq.ring_ptr;
        byte* cq = (byte*)ring->cq.ring_ptr;
        bool isInMemory = (ring->flags & IORING_SETUP_NO_MMAP) != 0;
        return string.Join(
            ' ',
            $"{ring->flags:x} {ring->features:x} fd {ring->ring_fd == -1}",
            $"{ring->enter_ring_fd == ring->ring_fd}",
            $"sq {(byte*)ring->sq.khead - sq} {(byte*)ring->sq.ktail - sq} {(byte*)ring->sq.kring_mask - sq}",
            $"{(byte*)ring->sq.kring_entries - sq} {(byte*)ring->sq.kflags - sq}",
            $"{(byte*)ring->sq.kdropped - sq}",
            $"{(ring->sq.array == null ? -1 : (byte*)ring->sq.array - sq)}",
            $"{ring->sq.sqe_head} {ring->sq.sqe_tail}",
            $"{ring->sq.ring_sz} {ring->sq.ring_mask} {ring->sq.ring_entries}",
            $"{*ring->sq.khead} {*ring->sq.ktail}",
            $"cq {cq - sq} {(byte*)ring->cq.khead - cq} {(byte*)ring->cq.ktail - cq}",
            $"{(byte*)ring->cq.kring_mask - cq} {(byte*)ring->cq.kring_entries - cq}",
            $"{(byte*)ring->cq.kflags - cq}",
            $"{(byte*)ring->cq.koverflow - cq} {(byte*)ring->cq.cqes - cq} {ring->cq.ring_sz}",
            $"{ring->cq.ring_mask} {ring->cq.ring_entries} {*ring->cq.khead} {*ring->cq.ktail}",
            isInMemory ? $"memory {sq - (byte*)ring->sq.sqes}" : "");
    }
}
