using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>
/// What inline functions look like in C#. Whether they do what C does is NvmeGpu.InlineFunctions.Tests'
/// matter.
/// </summary>
public sealed class TranslationTests
{
    [Fact]
    public async Task Conversions_are_written_where_C_makes_them_and_left_out_where_CSharp_makes_them() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            #include <stdbool.h>
            struct narrow { unsigned char b; short s; unsigned bits : 3; };
            static inline void store(struct narrow *n, int value)
            {
                n->b = value;
                n->s += value;
                n->bits = n->b + 1;
            }
            static inline bool is_odd(unsigned long value) { return value & 1; }
            static inline int as_number(bool a, bool b) { return a + !b; }
            static inline void *next(void *p, unsigned n) { return p ? p + n : 0; }
            static inline unsigned minus(unsigned u) { return -u; }
            """));

    [Fact]
    public async Task Switches_jump_by_label_where_C_falls_through() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            static inline int f(int x)
            {
                int r = 0;
                switch (x) {
                case 1:
                    r++;
                case 2 ... 4:
                    r++;
                    break;
                default:
                    return -1;
                case 7:
                    r = 7;
                }
                return r;
            }
            """));

    [Fact]
    public async Task What_CSharp_has_no_expression_for_is_a_local_function() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct pair { int a, b; };
            static inline int sum(struct pair *p) { return p->a + p->b; }
            static inline int expressions(int x)
            {
                int y = ({ int t = x * 2; t + 1; });
                int z = (x++, x);
                int *p = &x;
                return sum(&(struct pair){ .b = y }) + z + *p;
            }
            """));

    [Fact]
    public async Task A_function_that_calls_an_exported_one_is_a_method_of_the_function_table() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            int exported(int a, _Bool b);
            static inline int pure(int a) { return a + 1; }
            static inline int both(int a, _Bool b) { return exported(pure(a), b); }
            """));

    [Fact]
    public async Task With_an_overlay_it_calls_our_own_method_and_carries_contracts() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            int exported(void *p);
            static inline int call(void *p) { return exported(p); }
            """, """
            implemented exported
            attribute call(p) = KernelRetains(Until.Completion)
            attribute call() = MayBlock
            attribute call() = return: MustObserve
            man call() = *(3)
            """));

    [Fact]
    public async Task Constants_keep_the_name_that_the_text_has_for_them() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            enum color { RED = 1, GREEN };
            #define FLAG (1U << 4)
            #define MASK (~0UL)
            #define ONE 1
            static inline unsigned flags(unsigned f) { return (f & FLAG) | GREEN | ONE | 2; }
            static inline unsigned long masked(unsigned long f) { return f & MASK; }
            """));

    [Fact]
    public async Task Names_that_would_hide_something_are_changed() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct value { int value; };
            static inline int helper(int in) { return in; }
            static inline int names(struct value *value, int helper_, int object)
            {
                int string = object;
                { int string = 2; object += string; }
                return value->value + string + object + helper(helper_);
            }
            """));

    [Fact]
    public async Task Functions_with_bodies_can_be_left_out() =>
        Snapshot.Verify(await Compiler.SnapshotAsync(
            "static inline int f(void) { return 1; }", overlay: null, "--config", "exclude-funcs-with-body"));

    [Fact]
    public async Task What_a_function_reaches_is_translated_with_it()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        compiler.Write("other.h", "static inline int helper(int a) { return a * 3; }");
        var result = await compiler.CompileAsync("""
            #include "other.h"
            static inline int used(int a) { return helper(a); }
            """);
        Assert.True(result.ExitCode == 0, result.All);
        string text = compiler.Read("InlineFunctions.g.cs");
        Assert.Contains("int helper(int a)", text);
        Assert.Contains("return helper(a);", text);
    }

    [Fact]
    public async Task A_refused_function_has_a_line_with_header_line_and_construct_and_no_method()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        var result = await compiler.CompileAsync("""
            static inline int fine(int a) { return a; }
            static inline int refused(int a)
            {
                __asm__("nop");
                return a;
            }
            static inline int caller(int a) { return refused(a); }
            """);
        Assert.True(result.ExitCode == 0, result.All);
        Assert.Contains("test.h:4: refused: inline assembly", compiler.WithoutPaths(result.Output));
        Assert.Contains(
            "test.h:7: caller: call of refused, which was refused", compiler.WithoutPaths(result.Output));
        string text = compiler.Read("InlineFunctions.g.cs");
        Assert.Contains("fine(", text);
        Assert.DoesNotContain("refused(", text);
        Assert.DoesNotContain("caller(", text);
    }

    [Fact]
    public async Task Translated_functions_can_go_to_a_folder_of_their_own_with_an_index()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        string folder = compiler.PathOf("inline");
        var result = await compiler.CompileAsync("""
            #define ONE 1
            struct thing { int a; };
            /*
             * What it does, if a < b.
             */
            static inline int f(struct thing *t) { return t->a + ONE; }
            """, "--inline-output", folder);
        Assert.True(result.ExitCode == 0, result.All);
        Assert.DoesNotContain("InlineFunctions.g.cs", compiler.OutputFiles());
        string text =
            await System.IO.File.ReadAllTextAsync(System.IO.Path.Combine(folder, "InlineFunctions.g.cs"));
        string index = await System.IO.File.ReadAllTextAsync(System.IO.Path.Combine(folder, "index.txt"));
        string[] entry = Assert.Single(
            index.Split('\n'), line => line.StartsWith("f\t", System.StringComparison.Ordinal)).Split('\t');
        Assert.Equal(["f", "inline", "InlineFunctions.g.cs"], entry[..3]);
        Assert.Equal("ONE thing", entry[5]);
        string slice = text.Substring(int.Parse(entry[3]), int.Parse(entry[4]));
        // The header's own words stand only here: this folder is not committed.
        Assert.StartsWith(
            "    /// <summary>\n    /// What it does, if a &lt; b.\n    /// </summary>\n"
            + "    /// <remarks>Translated from test.h:6.", slice);
        Assert.EndsWith("}\n", slice);
    }
}
