using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class DroppedTokenTests
{
    [Theory]
    [InlineData("{|NVG0005:owned.Read(region, fd, 0)|};")]
    [InlineData("{|NVG0005:owned.Nop()|};")]
    [InlineData("{|NVG0005:owned?.Nop()|};")]
    [InlineData("for (int i = 0; i < n; i++) { {|NVG0005:owned.Nop()|}; }")]
    [InlineData("ReadToken token = {|NVG0005:owned.Nop()|};")]
    [InlineData("var token = {|NVG0005:owned.Nop()|}; token = owned.Nop(); owned.Cancel(token);")]
    [InlineData("ReadToken token; token = {|NVG0005:owned.Nop()|};")]
    [InlineData("ReadToken token = owned.Nop(); if (flag) { owned.Cancel(token); return 1; } token = "
    + "{|NVG0005:owned.Nop()|};")]
    [InlineData("void Begin() => {|NVG0005:owned.Nop()|}; Begin();")]
    [InlineData("Action begin = () => { {|NVG0005:owned.Nop()|}; }; begin();")]
    public Task A_token_that_nobody_keeps_is_dropped(string statements) =>
        RingPrograms.Statements<DroppedToken>(statements);

    [Theory]
    [InlineData("_ = owned.Read(region, fd, 0);")]
    [InlineData("ReadToken token = owned.Nop(); while (owned.TryReap(out Completion done)) { if (done.Token "
    + "== token) { break; } }")]
    [InlineData("var tokens = new ReadToken[n]; for (int i = 0; i < n; i++) { tokens[i] = owned.Nop(); }")]
    [InlineData("var tokens = new Queue<ReadToken>(); tokens.Enqueue(owned.Nop()); tokens.Dequeue();")]
    [InlineData("var states = new Dictionary<ReadToken, int>(); states[owned.Nop()] = n; "
    + "states.Remove(owned.Nop());")]
    [InlineData("ReadToken token = owned.Nop(); Action cancel = () => owned.Cancel(token); cancel();")]
    [InlineData("ReadToken token = default; while (flag) { owned.Cancel(token); token = owned.Nop(); }")]
    [InlineData("ReadToken token = flag ? owned.Nop() : owned.Read(region, fd, 0); owned.Cancel(token);")]
    [InlineData("ReadToken token = owned.Nop(); try { owned.Wait(1, default); token = default; } finally { "
    + "owned.Cancel(token); }")]
    [InlineData("User.Equals(owned.Nop(), null);")]
    [InlineData("int index = owned.Nop().Index; if (index < 0) { return 1; }")]
    [InlineData("ReadToken Begin() => owned.Nop(); _ = Begin();")]
    [InlineData("Func<ReadToken> begin = () => owned.Nop(); _ = begin();")]
    [InlineData("Action throwing = () => owned.Nop(); throwing();")]
    [InlineData("(ReadToken first, ReadToken second) = (owned.Nop(), owned.Nop()); owned.Cancel(first); "
    + "owned.Cancel(second);")]
    [InlineData("ReadToken Keep(ReadToken token) => token; Keep(owned.Nop());")]
    public Task A_token_that_is_kept_or_given_up_on_purpose_is_fine(string statements) =>
        RingPrograms.Statements<DroppedToken>(statements);

    [Fact]
    public Task A_method_that_keeps_the_token_itself_may_be_called_as_a_statement() =>
        RingPrograms.Members<DroppedToken>("""
            readonly ReadToken[] _tokens = new ReadToken[8];
            ReadToken Begin(IoUring ring, int slot) => _tokens[slot] = ring.Nop();
            void Fill(IoUring ring) { for (int i = 0; i < 8; i++) { Begin(ring, i); } }
            """);

    [Fact]
    public Task A_token_of_another_type_s_method_is_dropped_without_any_contract_on_the_method() =>
        RingPrograms.Members<DroppedToken>("""
            static class Engine { public static ReadToken Begin(long offset) => new(0); }
            void Run() => {|NVG0005:Engine.Begin(0)|};
            """);

    [Theory]
    [InlineData("{|NVG0005:stream.ReadAsync(region, 3, 0)|};")]
    [InlineData("_ = {|NVG0005:stream.ReadAsync(region, 3, 0)|};")]
    [InlineData("ValueTask<int> read = {|NVG0005:stream.ReadAsync(region, 3, 0)|};")]
    [InlineData("_ = {|NVG0005:stream.ReadAsync(region, 3, 0)|}.AsTask();")]
    [InlineData("{|NVG0005:stream.ReadAsync(region, 3, 0)|}.ConfigureAwait(false);")]
    [InlineData("var read = {|NVG0005:stream.ReadAsync(region, 3, 0)|}; read = stream.ReadAsync(region, 3, "
    + "1); await read;")]
    public Task A_task_that_nobody_awaits_is_dropped(string statements) =>
        RingPrograms.Async<DroppedToken>(statements);

    [Theory]
    [InlineData("int count = await stream.ReadAsync(region, 3, 0); return count;")]
    [InlineData("await stream.ReadAsync(region, 3, 0);")]
    [InlineData("_ = await stream.ReadAsync(region, 3, 0).ConfigureAwait(false);")]
    [InlineData("var read = stream.ReadAsync(region, 3, 0); await Task.Delay(1); return await read;")]
    [InlineData("var reads = new List<Task<int>>(); reads.Add(stream.ReadAsync(region, 3, 0).AsTask()); "
    + "await Task.WhenAll(reads);")]
    [InlineData("Task<int> one = stream.ReadAsync(region, 3, 0).AsTask(), two = stream.ReadAsync(region, 3, "
    + "1).AsTask(); await Task.WhenAll(one, two);")]
    [InlineData(
        "int count = stream.ReadAsync(region, 3, 0).AsTask().GetAwaiter().GetResult(); return count;")]
    [InlineData("Task<int>[] reads = [stream.ReadAsync(region, 3, 0).AsTask()]; await Task.WhenAny(reads);")]
    [InlineData("Func<ValueTask<int>> later = () => stream.ReadAsync(region, 3, 0); await later();")]
    [InlineData("Task<int>? last = null; for (int i = 0; i < n; i++) { if (last is not null) { await last; } "
    + "last = stream.ReadAsync(region, 3, i).AsTask(); }")]
    public Task A_task_that_somebody_awaits_is_fine(string statements) =>
        RingPrograms.Async<DroppedToken>(statements);

    [Theory]
    [InlineData("io_uring_prep_read(io_uring_get_sqe(ring), fd, {|NVG0005:memory.Pin()|}.Pointer, 64, 0);")]
    [InlineData("void* p = {|NVG0005:memory.Pin()|}.Pointer; io_uring_prep_read(io_uring_get_sqe(ring), fd, "
    + "(byte*)p + 8, 64, 0);")]
    [InlineData("io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*){|NVG0005:GCHandle.Alloc(array, "
    + "GCHandleType.Pinned)|}.AddrOfPinnedObject(), 64, 0);")]
    [InlineData("io_uring_get_sqe(ring)->addr = (ulong){|NVG0005:memory.Pin()|}.Pointer;")]
    [InlineData("var h = {|NVG0005:memory.Pin()|}; io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, "
    + "64, 0); h = memory.Pin(); io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, 64, 0); "
    + "h.Dispose();")]
    [InlineData("var h = {|NVG0005:GCHandle.Alloc(array, GCHandleType.Pinned)|}; var p = "
    + "(void*)h.AddrOfPinnedObject(); io_uring_prep_read(io_uring_get_sqe(ring), fd, p, 64, 0); h = "
    + "GCHandle.Alloc(array, GCHandleType.Pinned); h.Free();")]
    public Task A_pin_whose_handle_is_lost_is_dropped(string statements) =>
        RingPrograms.Statements<DroppedToken>(
            "Memory<byte> memory = new byte[64]; var array = new byte[64];\n" + statements);

    [Theory]
    [InlineData("using MemoryHandle h = memory.Pin(); io_uring_prep_read(io_uring_get_sqe(ring), fd, "
    + "h.Pointer, 64, 0);")]
    [InlineData("var h = memory.Pin(); io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, 64, 0); "
    + "h.Dispose(); h = memory.Pin(); h.Dispose();")]
    [InlineData("var h = memory.Pin(); io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, 64, 0); if "
    + "(flag) { h.Dispose(); } h = memory.Pin(); h.Dispose();")]
    [InlineData("var all = new List<MemoryHandle>(); for (int i = 0; i < n; i++) { var h = memory.Pin(); "
    + "all.Add(h); io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, 64, 0); }")]
    [InlineData("var all = new MemoryHandle[n]; MemoryHandle h = memory.Pin(); all[0] = h; "
    + "io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, 64, 0); h = memory.Pin(); all[1] = h;")]
    [InlineData("void* p = memory.Pin().Pointer; Console.WriteLine((nint)p);")]
    [InlineData("MemoryHandle h = default; try { h = memory.Pin(); "
    + "io_uring_prep_read(io_uring_get_sqe(ring), fd, h.Pointer, 64, 0); } finally { h.Dispose(); }")]
    [InlineData("GCHandle h = GCHandle.Alloc(array, GCHandleType.Pinned); "
    + "io_uring_prep_read(io_uring_get_sqe(ring), fd, (void*)h.AddrOfPinnedObject(), 64, 0); h.Free();")]
    public Task A_handle_that_is_kept_or_given_back_is_fine(string statements) =>
        RingPrograms.Statements<DroppedToken>(
            "Memory<byte> memory = new byte[64]; var array = new byte[64];\n" + statements);
}
