#nullable enable
#pragma warning disable CS8981 // C names stay as they are
using System.Threading;
using NvmeGpu.Contracts;

namespace NvmeGpu.Bindings;

// C# for the macro io_uring_for_each_cqe.
static partial class Liburing
{
    /// <summary>
    /// The completions that are in the ring now, oldest first, without a system call: <c>foreach
    /// (io_uring_cqe* cqe in io_uring_for_each_cqe(ring)) { ... }</c>. They stay in the ring: count them, and
    /// give the count to io_uring_cq_advance after the loop. See io_uring_for_each_cqe(3).
    /// </summary>
    /// <safety>The ring is initialised, and not advanced, resized or taken down during the loop.</safety>
    [Completes]
    public static unsafe CompletionsInRing io_uring_for_each_cqe(io_uring* ring)
    {
        // SAFETY: the caller's ring is initialised, and stays so during the loop.
        unsafe
        {
            return new CompletionsInRing(ring);
        }
    }

    /// <summary>What <see cref="io_uring_for_each_cqe"/> loops over, and its enumerator.</summary>
    public ref struct CompletionsInRing
    {
        private readonly unsafe io_uring* _ring;
        private readonly uint _tail;
        private uint _next;

        /// <safety>As io_uring_for_each_cqe.</safety>
        internal unsafe CompletionsInRing(io_uring* ring)
        {
            // SAFETY: the ring is initialised.
            unsafe
            {
                _ring = ring;
                // Pairs with the kernel's release store of cq.tail after it wrote the entries. Once: what
                // arrives during the loop is for the next.
                _tail = Volatile.Read(ref *ring->cq.ktail);
                _next = Volatile.Read(ref *ring->cq.khead); // written by us alone
                Current = null;
            }
        }

        /// <summary>The completion; null before the first.</summary>
        /// <safety>It stays the ring's: the same as of io_uring_for_each_cqe.</safety>
        public unsafe io_uring_cqe* Current { get; private set; }

        /// <summary>Itself, for the compiler.</summary>
        public readonly CompletionsInRing GetEnumerator() => this;

        /// <summary>Goes on to the next completion.</summary>
        public bool MoveNext()
        {
            if (_next == _tail)
            {
                return false;
            }
            // SAFETY: the ring is not advanced during the loop, and the mask keeps the position inside.
            unsafe
            {
                Current = CompletionAt(_ring, _next);
            }
            _next = unchecked(_next + 1);
            return true;
        }
    }
}
