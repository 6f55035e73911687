using System.Threading.Tasks;
using NvmeGpu.Analyzers.Rules;
using Xunit;

namespace NvmeGpu.Analyzers.Tests;

public sealed class SingleIssuerTests
{
    [Theory]
    [InlineData("var ring = IoUring.Create(new IoUringOptions { DepthMax = 8 }); await Task.Yield(); "
    + "{|NVG0013:ring.Submit()|};")]
    [InlineData(
        "using var ring = IoUring.Create(new()); await work; int n = {|NVG0013:ring.Wait(1, limit)|};")]
    [InlineData("using (var ring = IoUring.Create(default)) { await work; {|NVG0013:ring.Submit()|}; }")]
    [InlineData("given.Submit(); await work; {|NVG0013:given.Submit()|};")]
    [InlineData(
        "_ = given.Nop(); await work.ConfigureAwait(false); while ({|NVG0013:given.TryReap(out _)|}) { }")]
    [InlineData(
        "_ring.Submit(); await work; {|NVG0013:_ring.Submit()|}; {|NVG0013:this._ring.Wait(1, limit)|};")]
    [InlineData("_ring = IoUring.Create(new()); await work; {|NVG0013:_ring.Submit()|};")]
    [InlineData("IoUring? ring = IoUring.Create(new()); await work; ring?{|NVG0013:.Submit()|};")]
    [InlineData("var ring = IoUring.Create(new()); var same = ring; await work; {|NVG0013:same.Submit()|};")]
    [InlineData("var ring = IoUring.Create(new()); await work; {|NVG0013:ring.Register(limit)|};")]
    public Task A_ring_is_not_used_after_an_await(string statements) =>
        RingPrelude.Members<SingleIssuer>(InAsync(statements));

    [Theory]
    [InlineData("while (flag) { {|NVG0013:given.Wait(1, limit)|}; await work; }")]
    [InlineData("given.Submit(); if (flag) { await work; } {|NVG0013:given.Submit()|};")]
    [InlineData("given.Submit(); try { await work; } finally { {|NVG0013:given.Submit()|}; }")]
    [InlineData("try { given.Submit(); await work; } catch (IOException) { {|NVG0013:given.Submit()|}; }")]
    [InlineData("given.Submit(); await foreach (int i in many) { {|NVG0013:given.Submit()|}; }")]
    [InlineData("int sum = given.Submit() + await number + {|NVG0013:given.Submit()|};")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = true }); bound.Submit(); await work; "
    + "{|NVG0013:bound.Submit()|};")]
    [InlineData(
        "Func<Task> f = async () => { given.Submit(); await work; {|NVG0013:given.Submit()|}; }; await f();")]
    [InlineData("async Task F() { given.Submit(); await work; {|NVG0013:given.Submit()|}; } await F();")]
    public Task Every_path_through_an_await_is_followed(string statements) =>
        RingPrelude.Members<SingleIssuer>(InAsync(statements));

    [Theory]
    [InlineData("var ring = IoUring.Create(new()); Task.Run(() => {|NVG0013:ring.Submit()|});")]
    [InlineData("given.Submit(); Task.Run(() => { {|NVG0013:given.Wait(1, limit)|}; });")]
    [InlineData("Task.Run(() => { {|NVG0013:given.Wait(1, limit)|}; }); given.Submit();")]
    [InlineData(
        "var ring = IoUring.Create(new()); new Thread(() => { {|NVG0013:ring.Submit()|}; }).Start();")]
    [InlineData(
        "var ring = IoUring.Create(new()); ThreadPool.QueueUserWorkItem(_ => {|NVG0013:ring.Submit()|});")]
    [InlineData("var ring = IoUring.Create(new()); Parallel.For(0, 4, i => {|NVG0013:ring.Nop()|});")]
    [InlineData("var ring = IoUring.Create(new()); Task.Factory.StartNew(() => {|NVG0013:ring.Submit()|});")]
    [InlineData("_ring = IoUring.Create(new()); new Thread(Loop).Start(); void Loop() { "
    + "{|NVG0013:_ring.Submit()|}; }")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = true }); bound.Submit(); Task.Run(() => "
    + "{|NVG0013:bound.Submit()|});")]
    public Task A_ring_is_not_used_by_a_function_that_another_thread_runs(string statements) =>
        RingPrelude.Members<SingleIssuer>(InMethod(statements));

    [Theory]
    [InlineData("IORING_SETUP_SINGLE_ISSUER")]
    [InlineData("flag ? IORING_SETUP_SINGLE_ISSUER : IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SQPOLL")]
    public Task A_raw_ring_of_a_single_issuer_is_no_different(string flags) =>
        RingPrelude.Members<SingleIssuer>($$"""
        unsafe io_uring* _raw;
        async Task Run(bool flag)
        {
            unsafe { io_uring_queue_init(8, _raw, {{flags}}); io_uring_submit(_raw); }
            await Task.Yield();
            unsafe { {|NVG0013:io_uring_submit(_raw)|}; io_uring_queue_exit(_raw); }
        }
        """);

    [Theory]
    [InlineData("0")]
    [InlineData("IORING_SETUP_SQPOLL")]
    [InlineData("flag ? IORING_SETUP_SINGLE_ISSUER : 0")]
    [InlineData("flags")]
    [InlineData("IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_R_DISABLED")]
    public Task A_raw_ring_that_is_not_known_to_have_one_issuer_is_anybodys(string flags) =>
        RingPrelude.Members<SingleIssuer>($$"""
        unsafe io_uring* _raw;
        async Task Run(bool flag, uint flags)
        {
            unsafe { io_uring_queue_init(8, _raw, {{flags}}); }
            await Task.Yield();
            unsafe { io_uring_submit(_raw); io_uring_queue_exit(_raw); }
        }
        """);

    [Theory]
    [InlineData("await work; given.Submit();")]
    [InlineData("given.Submit(); given.Wait(1, limit); await work;")]
    [InlineData("var ring = IoUring.Create(new()); await work; ring.Dispose();")]
    [InlineData("using var ring = IoUring.Create(new()); ring.Submit(); await work;")]
    [InlineData("given.Submit(); await work; int left = given.InFlightCount + given.DepthMax;")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = true }); await work; bound.Submit(); "
    + "bound.Wait(1, limit);")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = flag }); await work; bound.Submit();")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = true }); bound.Register(limit); await "
    + "work; bound.Submit();")]
    [InlineData("var ring = IoUring.Create(options); await work; ring.Submit();")]
    [InlineData("IoUring ring = Make(); await work; ring.Submit();")]
    [InlineData("if (flag) { given.Submit(); } else { await work; given.Submit(); }")]
    [InlineData("while (flag) { using var ring = IoUring.Create(new()); ring.Submit(); ring.Wait(1, limit); "
    + "await work; }")]
    [InlineData("IoUring ring = IoUring.Create(new()); ring.Submit(); await work; ring = "
    + "IoUring.Create(new()); ring.Submit();")]
    [InlineData("using var stream = UringStream.Open(new()); await stream.ReadAsync(0); await work; await "
    + "stream.ReadAsync(1);")]
    [InlineData("given.Submit(); await work; await LaterAsync(given); static Task LaterAsync(IoUring r) { "
    + "r.Submit(); return Task.CompletedTask; }")]
    [InlineData("given.Submit(); try { await work; } finally { given.Dispose(); }")]
    [InlineData("Func<int> f = () => given.Submit(); await work; f();")]
    [InlineData("await Task.Run(() => { using var ring = IoUring.Create(new()); ring.Submit(); ring.Wait(1, "
    + "limit); });")]
    public Task Correct_asynchronous_code_is_let_alone(string statements) =>
        RingPrelude.Members<SingleIssuer>(InAsync(statements));

    [Theory]
    [InlineData("new Thread(() => { using var ring = IoUring.Create(new()); ring.Submit(); }).Start();")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = true }); new Thread(() => { "
    + "bound.Submit(); bound.Wait(1, limit); }).Start();")]
    [InlineData("var bound = IoUring.Create(new() { BindOnFirstUse = true }); bound.Register(limit); "
    + "Task.Run(() => bound.Submit()).Wait(); bound.Dispose();")]
    [InlineData("var bound = IoUring.Create(options); Task.Run(() => bound.Submit());")]
    [InlineData("if (flag) { new Thread(() => given.Submit()).Start(); } else { given.Submit(); }")]
    [InlineData("if (flag) { Task.Run(() => { given.Submit(); }); return; } given.Submit();")]
    [InlineData("IoUring? ring = null; var t = new Thread(() => { ring = IoUring.Create(new()); "
    + "ring.Submit(); }); t.Start(); t.Join(); ring!.Dispose();")]
    [InlineData("var ring = IoUring.Create(new()); Parallel.For(0, 4, _ => ring.Dispose());")]
    [InlineData("var ring = IoUring.Create(new()); ring.Submit(); Task.Run(() => "
    + "Console.WriteLine(ring.InFlightCount));")]
    [InlineData("var ring = IoUring.Create(new()); OnRingThread(() => ring.Submit()); static void "
    + "OnRingThread(Func<int> f) { f(); }")]
    [InlineData("var rings = new List<IoUring>(); for (int i = 0; i < 4; i++) { "
    + "rings.Add(IoUring.Create(new() { BindOnFirstUse = true })); } Parallel.ForEach(rings, r => "
    + "r.Submit());")]
    [InlineData("_ring = IoUring.Create(new() { BindOnFirstUse = true }); new Thread(Loop).Start(); void "
    + "Loop() { while (_ring.Wait(1, limit) > 0) { } }")]
    public Task Correct_use_of_threads_is_let_alone(string statements) =>
        RingPrelude.Members<SingleIssuer>(InMethod(statements));

    private static string InAsync(string statements) => $$"""
        IoUring _ring = null!;
        IoUring Make() => _ring;
        async Task Run(IoUring given, IoUringOptions options, Task work, Task<int> number,
            IAsyncEnumerable<int> many, TimeSpan limit, bool flag)
        {
            {{statements}}
        }
        """;

    private static string InMethod(string statements) => $$"""
        IoUring _ring = null!;
        void Run(IoUring given, IoUringOptions options, TimeSpan limit, bool flag)
        {
            {{statements}}
        }
        """;
}
