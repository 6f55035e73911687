using System.Collections.Generic;
using System.Globalization;

namespace NvmeGpu.Analyzers.Benchmarks;

/// <summary>The two programs that the rules are measured on.</summary>
internal static class GeneratedCode
{
    /// <summary>
    /// Ordinary files of about 60 lines, which never name the library; and one that does, since a project
    /// that has it somewhere uses it.
    /// </summary>
    public static IEnumerable<string> WithoutTheLibrary(int fileCount)
    {
        yield return s_submitting.Replace("_N_", "Only");
        for (int i = 0; i < fileCount; i++)
        {
            yield return s_ordinary.Replace("_N_", i.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// Methods that submit and wait, ten to a file: five shapes by C names and five with the owned types, one
    /// loop, one error path and one release each.
    /// </summary>
    public static IEnumerable<string> WithSubmissions(int methodCount)
    {
        for (int i = 0; i < methodCount / 10; i++)
        {
            yield return s_submitting.Replace("_N_", i.ToString(CultureInfo.InvariantCulture));
        }
    }

    private const string s_ordinary = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Text;
        using System.Threading;
        using System.Threading.Tasks;

        namespace Ordinary.Part_N_;

        public sealed record Order_N_(int Number, string Customer, decimal Amount, DateTime Day);

        public sealed class Orders_N_
        {
            private readonly Dictionary<int, Order_N_> _orders = new();
            private readonly object _gate = new();
            private byte[] _buffer = new byte[4096];

            public int Count { get; private set; }

            public void Add(Order_N_ order)
            {
                ArgumentNullException.ThrowIfNull(order);
                lock (_gate)
                {
                    _orders[order.Number] = order;
                    Count = _orders.Count;
                }
            }

            public decimal Total(string customer) => _orders.Values
                .Where(order => order.Customer == customer && order.Amount > 0)
                .OrderBy(order => order.Day)
                .Sum(order => order.Amount);

            public async Task<int> ReadAsync(Stream stream, CancellationToken cancel)
            {
                int total = 0;
                int read;
                while ((read = await stream.ReadAsync(_buffer, cancel).ConfigureAwait(false)) > 0)
                {
                    for (int i = 0; i < read; i++)
                    {
                        total = unchecked((total * 31) + _buffer[i]);
                    }
                    if (total % 7 == 3)
                    {
                        Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, 65536));
                    }
                }
                return total;
            }

            public string Describe(object? value) => value switch
            {
                null => "nothing",
                int number when number < 0 => "negative " + number,
                int number => string.Format("{0:N0}", number),
                string { Length: > 10 } text => text[..10] + "...",
                IEnumerable<string> many => string.Join(", ", many.Select(one => one.Trim())),
                _ => value.ToString() ?? "",
            };

            public bool TryParse(ReadOnlySpan<char> text, out Order_N_? order)
            {
                order = null;
                int comma = text.IndexOf(',');
                if (comma < 0 || !int.TryParse(text[..comma], out int number))
                {
                    return false;
                }
                var builder = new StringBuilder();
                foreach (char letter in text[(comma + 1)..])
                {
                    builder.Append(char.ToUpperInvariant(letter));
                }
                order = new Order_N_(number, builder.ToString(), number * 1.25m, DateTime.UnixEpoch.AddDays(number));
                return true;
            }
        }
        """;

    private const string s_raw = """
            public static int Raw_K_(io_uring* ring, int fd, int n)
            {
                byte* buffer = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
                try
                {
                    for (int i = 0; i < n; i++)
                    {
                        io_uring_sqe* sqe = io_uring_get_sqe(ring);
                        if (sqe == null)
                        {
                            return -1;
                        }
                        io_uring_prep_read(sqe, fd, buffer, 4096, (ulong)i * 4096);
                        io_uring_sqe_set_data64(sqe, (ulong)i);
                        if (io_uring_submit(ring) != 1)
                        {
                            Environment.FailFast("io_uring_submit");
                        }
                        io_uring_cqe* cqe = null;
                        while (io_uring_wait_cqe(ring, &cqe) != 0)
                        {
                        }
                        int result = cqe->res;
                        ulong which = io_uring_cqe_get_data64(cqe);
                        io_uring_cqe_seen(ring, cqe);
                        if (result < 4096 || which != (ulong)i)
                        {
                            return result;
                        }
                        _sum += buffer[0];
                    }
                    return 0;
                }
                finally
                {
                    NativeMemory.AlignedFree(buffer);
                }
            }

        """;

    private const string s_owned = """
            public static int Owned_K_(IoUring ring, RegisteredMemory memory, RegisteredFile file, int n)
            {
                int total = 0;
                int begun = 0;
                for (int i = 0; i < n; i++)
                {
                    ReadToken token = ring.Read(memory.Region(i * 4096L, 4096), file, i * 4096L);
                    begun += token.Index >= 0 ? 1 : 0;
                    if (ring.Submit() == 0)
                    {
                        break;
                    }
                }
                while (begun > 0)
                {
                    ring.Wait(1, TimeSpan.FromSeconds(1));
                    while (ring.TryReap(out Completion completion))
                    {
                        begun--;
                        if (completion.IsSuccess && !completion.IsShort)
                        {
                            total += completion.ByteCount;
                        }
                    }
                }
                return total;
            }

        """;

    // Reads of a batch are in flight when the inner loop's round ends, and owners are disposed by the
    // language: that needs the whole analysis.
    private const string s_batch = """
            public static int Batch_K_(SafeFileHandle handle, int n)
            {
                using IoUring ring = IoUring.Create(new IoUringOptions { DepthMax = 32 });
                using GpuMappedBuffer buffer = GpuMappedBuffer.AllocateHost(32 * 4096);
                RegisteredMemory memory = ring.Register(buffer);
                RegisteredFile file = ring.Register(handle);
                int total = 0;
                for (int at = 0; at < n; at += 32)
                {
                    int batch = Math.Min(32, n - at);
                    for (int i = 0; i < batch; i++)
                    {
                        _ = ring.Read(memory.Region(i * 4096L, 4096), file, (at + i) * 4096L);
                    }
                    if (ring.Submit() < batch)
                    {
                        return -1;
                    }
                    while (batch > 0)
                    {
                        ring.Wait(batch, TimeSpan.FromSeconds(1));
                        while (ring.TryReap(out Completion completion))
                        {
                            batch--;
                            total += completion.IsSuccess ? completion.ByteCount : 0;
                        }
                    }
                }
                return total;
            }

        """;

    private static readonly string s_submitting =
        """
        #nullable enable
        using System;
        using System.Runtime.InteropServices;
        using Microsoft.Win32.SafeHandles;
        using NvmeGpu;
        using NvmeGpu.Bindings;
        using static NvmeGpu.Bindings.Liburing;

        namespace Submitting.Part_N_;

        public static unsafe class Submissions_N_
        {
            private static long _sum;

        """
        + string.Concat(Methods())
        + "}\n";

    private static IEnumerable<string> Methods()
    {
        foreach ((string method, int count) in
            new (string, int)[] { (s_raw, 4), (s_owned, 4), (s_batch, 2) })
        {
            for (int i = 0; i < count; i++)
            {
                yield return method.Replace("_K_", i.ToString(CultureInfo.InvariantCulture));
            }
        }
    }
}
