using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace NvmeGpu.AnalyzerCorpus.Tests;

/// <summary>
/// Programs that nobody would write: statements that hand memory over, wait, touch it, free it and own it,
/// put together at random, one inside the other, in every kind of statement that leads somewhere. The same
/// number always gives the same program, and nearly all of them compile.
/// </summary>
internal sealed class ComposedProgram
{
    public const int MethodCount = 12;

    private const int StatementsMax = 4;
    private const int DepthMax = 4;

    // How many sorts of statements there are, and how many of them a method gets: with all of them, one would
    // hardly ever meet the one that matters.
    private const int NestedSorts = 11;
    private const int NestedSortsOfMethod = 3;
    private const int SimpleSorts = 26;
    private const int SimpleSortsOfMethod = 7;

    /// <summary>Sorts from here on need a context where pointers are allowed.</summary>
    private const int UnsafeSorts = 14;

    private const string Head = """
        using System;
        using System.Buffers;
        using System.Collections.Generic;
        using System.IO;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using Microsoft.Win32.SafeHandles;
        using NvmeGpu;
        using NvmeGpu.Bindings;
        using NvmeGpu.Contracts;
        using static NvmeGpu.Bindings.Liburing;

        public sealed class Composed
        {
            private static readonly MemoryPool<byte> s_pool = MemoryPool<byte>.Shared;
            private static long s_sum;

            private static void Keep([KernelRetains(Until.Completion)] Memory<byte> memory) => s_sum++;

            [Completes]
            private static void Settle() => s_sum--;

            [Completes]
            private static int Settled() => 0;

            private sealed class Kept([KernelRetains(Until.Completion)] Memory<byte> memory)
            {
                public int Value { get; set; } = memory.Length;
            }

            /// <summary>Its regions are its memory, by contract.</summary>
            private sealed class Store : IDisposable
            {
                [Stable]
                public nint Address => 0;

                [Registered]
                public RegisteredRegion Part => default;

                [return: Registered]
                public RegisteredRegion Give() => default;

                [return: Registered]
                public Task<RegisteredRegion> GiveAsync() => Task.FromResult(Part);

                public void Dispose() => s_sum--;
            }


        """;

    private readonly Random _random;
    private readonly StringBuilder _text = new(Head);

    // What is in scope, innermost last.
    private readonly List<string> _pointers = [];
    private readonly List<string> _memories = [];
    private readonly List<string> _owners = [];
    private readonly List<string> _numbers = [];
    private readonly List<string> _regions = [];
    private readonly List<string> _stores = [];
    private readonly List<string> _entries = [];

    private int _names;
    private int _loops;
    private bool _isSwitch;
    private bool _isAsync;
    private int[] _nested = [];
    private int[] _simple = [];

    private ComposedProgram(int number) => _random = new Random(number);

    /// <summary>One method with these statements, in the same surroundings.</summary>
    public static string With(string statements, bool isAsync = false)
    {
        var program = new ComposedProgram(0);
        program.Begin(0, isAsync);
        return program._text.Append(statements).Append("\n        return count;\n    }\n}\n").ToString();
    }

    /// <param name="number">Any.</param>
    public static string Of(int number)
    {
        var program = new ComposedProgram(number);
        for (int i = 0; i < MethodCount; i++)
        {
            program.Method(i);
        }
        return program._text.Append("}\n").ToString();
    }

    private void Method(int number)
    {
        _isAsync = Chance(5);
        _nested = Some(NestedSorts, NestedSortsOfMethod);
        _simple = [0, .. Some(_isAsync ? UnsafeSorts : SimpleSorts, SimpleSortsOfMethod)];
        Begin(number, _isAsync);
        Into(_numbers, "n", "count");
        Into(_memories, "memory");
        Into(_regions);
        Into(_stores);
        Into(_owners);
        Into(_entries);
        Into(_pointers, _isAsync ? [] : ["outside"]);
        Statements(1);
        // Most right methods wait before they end.
        _text.Append(Chance(2) ? "        Settle();\n" : "").Append("        return count;\n    }\n\n");

        static void Into(List<string> scope, params string[] names)
        {
            scope.Clear();
            scope.AddRange(names);
        }
    }

    private void Begin(int number, bool isAsync)
    {
        string kind = isAsync ? "async Task<int>" : "unsafe int";
        string rings = isAsync ? "" : "io_uring* ring, byte* outside, ";
        _text.Append($$"""
                public static {{kind}} M{{number}}({{rings}}IoUring owned, RegisteredMemory slots,
                    RegisteredFile file, Memory<byte> memory, int n, int[] some, List<int> more)
                {
                    int count = n;

            """);
    }

    private void Block(int depth, string? last = null)
    {
        List<string>[] scopes = [_pointers, _memories, _owners, _numbers, _regions, _stores, _entries];
        int[] counts = [.. scopes.Select(scope => scope.Count)];
        Line(depth, "{");
        Statements(depth + 1);
        if (last is not null)
        {
            Line(depth + 1, last);
        }
        Line(depth, "}");
        for (int i = 0; i < scopes.Length; i++)
        {
            scopes[i].RemoveRange(counts[i], scopes[i].Count - counts[i]);
        }
    }

    private void Statements(int depth)
    {
        for (int left = _random.Next(1, StatementsMax); left > 0; left--)
        {
            if (depth < DepthMax && Chance(3))
            {
                Nested(depth);
            }
            else
            {
                Simple(depth);
            }
        }
    }

    private void Nested(int depth)
    {
        string condition = OneOf("n > 3", "count == n", "some.Length != 0 && n < 9", "more?.Count > n",
            "Math.Max(n, count) > 7", "s_sum > 0 || count > 1");
        switch (OneOf(_nested))
        {
            case 0 or 1:
                Line(depth, $"if ({condition})");
                Block(depth, Jump());
                if (Chance(3))
                {
                    Line(depth, "else");
                    Block(depth);
                }
                break;
            case 2:
                Loop(depth, $"while ({OneOf(condition, "true")})");
                break;
            case 3:
                string index = Name("i");
                Loop(depth, $"for (int {index} = 0; {index} < n; {index}++)");
                break;
            case 4:
                Loop(depth, $"foreach (int {Name("one")} in {Collection()})");
                break;
            case 5:
                Line(depth, "do");
                InLoop(() => Block(depth));
                Line(depth, $"while ({condition});");
                break;
            case 6:
                Line(depth, "try");
                Block(depth, Jump());
                Line(depth, OneOf("finally", "catch (IOException)", "catch"));
                Block(depth);
                break;
            case 7:
                Switch(depth);
                break;
            case 8:
                int count = _owners.Count;
                Line(depth, $"using ({Owned()})");
                Block(depth, Jump());
                _owners.RemoveRange(count, _owners.Count - count);
                break;
            default:
                Block(depth, Jump());
                break;
        }
    }

    private void Loop(int depth, string head)
    {
        Line(depth, head);
        InLoop(() => Block(depth, Jump()));
    }

    private void InLoop(Action body)
    {
        bool wasSwitch = _isSwitch;
        _isSwitch = false;
        _loops++;
        body();
        _loops--;
        _isSwitch = wasSwitch;
    }

    private void Switch(int depth)
    {
        bool wasSwitch = _isSwitch;
        _isSwitch = true;
        Line(depth, "switch (n)");
        Line(depth, "{");
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            Line(depth + 1, i == 1 && Chance(2) ? "default:" : $"case {i}:");
            Block(depth + 2);
            Line(depth + 2, Jump() ?? "break;");
        }
        Line(depth, "}");
        _isSwitch = wasSwitch;
    }

    /// <summary>What may stand at the end of a block; mostly nothing.</summary>
    private string? Jump() => _random.Next(9) switch
    {
        0 => "return count;",
        1 when _loops > 0 || _isSwitch => "break;",
        2 when _loops > 0 => "continue;",
        3 when Chance(3) => "throw new IOException();",
        _ => null,
    };

    private void Simple(int depth) => Line(depth, OneOf(_simple) switch
    {
        0 or 24 or 25 => "Settle();",
        1 => "count += Math.Min(n, some[0]);",
        2 => $"Keep({OneOf(_memories)});",
        3 => $"owned.Read({Region()}, file, n);",
        4 => "owned.Wait(1, TimeSpan.FromSeconds(1));",
        5 => $"using {Owned()};" + (_owners.Count > 0 && Chance(2) ? $" {Memory(_owners[^1])}" : ""),
        6 when _owners.Count > 0 => Memory(OneOf(_owners)),
        7 => $"{OneOf(_memories)}.Span[0] = {OneOf(_numbers)};".Replace("= n", "= (byte)n")
            .Replace("= c", "= (byte)c").Replace("= v", "= (byte)v"),
        8 => $"RegisteredRegion {Name("region", _regions)} = {Region()};",
        9 when _owners.Count > 0 && _memories.Count > 1 => $"{OneOf(_memories.Skip(1))} = memory;",
        10 when _isAsync => $"await {OneOf("Task.Delay(n)", "File.ReadAllTextAsync(\"a\")")};",
        11 => $"int[] {Name("made")} = {OneOf("new int[n]", "new int[] { n, count }")};",
        12 => "count += new Kept(memory) "
            + $"{{ Value = {OneOf("n", $"{OneOf(_memories)}.Span[0]")} }}.Value;",
        13 => Storing(),
        14 => "io_uring_cqe* "
            + $"{Name("cqe")} = null; io_uring_wait_cqe(ring, &cqe{_names - 1});",
        15 or 16 => ReadInto(OneOf(_pointers)),
        17 => $"byte* {Name("p", _pointers)} = (byte*)NativeMemory.Alloc(64);",
        18 => $"{OneOf(_pointers)}[0] = 1;",
        19 when _pointers.Count > 1 => $"NativeMemory.Free({OneOf(_pointers.Skip(1))});",
        20 => $"int {Name("v", _numbers)} = 0;" + (Chance(2) ? $" {ReadInto($"&{_numbers[^1]}")}" : ""),
        21 => ReadInto($"&{OneOf(_numbers)}"),
        22 => Entry(),
        23 => $"byte* {Name("q", _pointers)} = {OneOf(_pointers.Take(_pointers.Count - 1))};",
        _ => $"count = {OneOf(_numbers)};",
    });

    private string Entry()
    {
        if (_entries.Count == 0 || Chance(3))
        {
            return $"io_uring_sqe* {Name("sqe", _entries)} = io_uring_get_sqe(ring);";
        }
        string entry = OneOf(_entries);
        return OneOf(
            $"io_uring_prep_nop({entry});",
            $"{entry}->user_data = 1;",
            $"{entry} = io_uring_get_sqe(ring);",
            $"io_uring_prep_nop({entry}); {entry}->user_data = 1; io_uring_submit(ring);",
            "if (io_uring_submit(ring) < 1) { return -1; }");
    }

    private string Memory(string owner) => Chance(2)
        ? $"Memory<byte> {Name("m", _memories)} = {owner}.Memory;"
        : $"{OneOf(_memories)} = {owner}.Memory;";

    private string ReadInto(string address) => _isAsync ? "Keep(memory);"
        : $"io_uring_prep_read(io_uring_get_sqe(ring), 0, {address}, 4, 0);";

    private string Storing()
    {
        if (_stores.Count == 0)
        {
            return $"{OneOf("", "using ")}Store {Name("store", _stores)} = new();";
        }
        string store = OneOf(_stores);
        return OneOf(
            $"owned.Read({store}.Part, file, n);",
            $"owned.Read({store}.Give(), file, n);",
            $"owned.Read((RegisteredRegion)(object){store}, file, n);",
            $"{store}.Dispose();",
            _isAsync ? $"owned.Read(await {store}.GiveAsync(), file, n);" : "n++;");
    }

    private string Collection() =>
        OneOf("some", "more", "(IEnumerable<int>)some", $"{OneOf(_memories)}.Span");

    private string Region() => _regions.Count > 1 && Chance(2)
        ? OneOf(_regions.Take(_regions.Count - 1)) : "slots.Region(0, 64)";

    /// <summary>The declaration of something that is disposed at the end of a block.</summary>
    private string Owned() => _random.Next(6) switch
    {
        0 => $"FileStream {Name("file")} = new(\"a\", FileMode.Open)" + Unowned(),
        1 => $"SafeFileHandle {Name("handle")} = File.OpenHandle(\"a\")" + Unowned(),
        2 => $"IoUring {Name("ring")} = IoUring.Create(new IoUringOptions {{ DepthMax = 32 }})" + Unowned(),
        3 => $"IMemoryOwner<byte> {Name("owner", _owners)} = s_pool.Rent(64), {Name("owner", _owners)} = "
            + $"s_pool.Rent({OneOf("8", "some[0]", $"{OneOf(_memories)}.Span[0]")})",
        _ => $"IMemoryOwner<byte> {Name("owner", _owners)} = s_pool.Rent(64)",
    };

    /// <summary>Has no memory to give, and takes its place in the list only to be removed with it.</summary>
    private string Unowned()
    {
        _owners.Add(_owners.Count > 0 ? _owners[^1] : "s_pool.Rent(8)");
        return "";
    }

    private string Name(string stem) => $"{stem}{_names++}";

    private string Name(string stem, List<string> scope)
    {
        scope.Add(Name(stem));
        return scope[^1];
    }

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private int[] Some(int sorts, int count) =>
        [.. Enumerable.Range(0, sorts).OrderBy(_ => _random.Next()).Take(count)];

    private T OneOf<T>(params IEnumerable<T> choices)
    {
        T[] all = [.. choices];
        return all[_random.Next(all.Length)];
    }

    private void Line(int depth, string line) =>
        _text.Append(' ', (4 * depth) + 4).Append(line).Append('\n');
}
