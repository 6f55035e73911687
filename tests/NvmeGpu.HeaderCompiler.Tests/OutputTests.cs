using System.Threading.Tasks;
using NvmeGpu.TestKit;
using Xunit;

namespace NvmeGpu.HeaderCompiler.Tests;

/// <summary>
/// What each C construct becomes. That the numbers in it are right is tested against gcc, with the bindings.
/// </summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Members_of_anonymous_structs_and_unions_are_members_of_the_struct_itself() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct outer {
                int first;
                union {
                    unsigned long long whole;
                    struct { unsigned low; union { unsigned high; short pair[2]; }; };
                };
                struct { int inner; union { int i; float f; } pun; } named;
            };
            """));

    [Fact]
    public async Task Bit_fields_are_properties_over_the_smallest_unit_that_holds_them() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            enum kind { NONE, SOME };
            struct bits { unsigned a : 3; int b : 5; unsigned long long c : 33; unsigned : 4;
                enum kind d : 2; unsigned e : 20; };
            """));

    [Fact]
    public async Task Arrays_have_their_length_and_flexible_ones_have_an_accessor() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct item { short a; };
            struct arrays { unsigned char bytes[5]; int grid[2][3]; struct item items[4];
                void *pointers[3]; };
            struct flexible { unsigned count; unsigned long long items[]; };
            struct zero { unsigned count; int items[0]; };
            """));

    [Fact]
    public async Task Enums_have_the_underlying_type_of_the_C_compiler_and_nameless_ones_are_constants() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            enum plain { A, B = 5, C };
            enum negative { N = -1, M };
            enum wide { W = 0x100000000LL };
            enum { LOOSE = 3 };
            typedef enum { T1, T2 } typedefed;
            struct uses { enum plain p; typedefed t; enum { LOCAL } l; };
            """));

    [Fact]
    public async Task Typedefs_are_resolved_and_their_names_kept_in_an_attribute() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            typedef unsigned int u32;
            typedef u32 handle;
            typedef unsigned long size_t;
            typedef struct { int x; } point;
            typedef point renamed;
            typedef int (*callback)(handle, void *);
            struct uses { handle h; size_t s; renamed p; callback c; const char *text;
                long l; unsigned long ul; char ch; };
            """));

    [Fact]
    public async Task Structs_that_are_only_declared_are_opaque() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct engine;
            typedef struct context *context_handle;
            struct engine *open_engine(context_handle context);
            """));

    [Fact]
    public async Task Each_kind_of_macro_becomes_a_constant_of_its_type_or_is_reported() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            #define GUARD
            #define INT 1
            #define HEX 0x10
            #define UNSIGNED (1U << 31)
            #define LONG 0x100000000
            #define ULONG (~0UL)
            #define NEGATIVE (-1) /* this comment is not copied */
            #define CHARACTER 'a'
            #define TEXT "a \"quoted\" text\n"
            #define BINARY "a\0b"
            #define UMLAUT "\xC3\xBC"
            #define REAL 1.5
            #define SINGLE 0.1f
            #define POINTER ((void *)0x1)
            #define COMPOSED (INT | HEX)
            #define FUNCTION_LIKE(x) ((x) + 1)
            #define CALLED FUNCTION_LIKE(41)
            #define CODE do { } while (0)
            #define UNKNOWN does_not_exist
            #define TYPE struct thing
            #define REDEFINED 1
            #undef REDEFINED
            #define REDEFINED 2
            """));

    [Fact]
    public async Task Functions_are_a_table_of_pointers_and_inline_ones_are_methods() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct thing { int a; };
            int start(struct thing *thing, const char *name, unsigned flags);
            void stop(void);
            struct thing copy(struct thing thing);
            int old_name_v2(int object, int values[4]);
            #define old_name old_name_v2
            int print(const char *format, ...);
            static inline int twice(int x) { return 2 * x; }
            """, more: ["--libraryPath", "libtest.so.1"]));

    [Fact]
    public async Task Names_that_are_words_of_CSharp_are_escaped() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            struct object { int ref; int checked; int field; unsigned value : 3; };
            struct same { int same; };
            enum event { params, lock };
            int is(int out, struct object *object);
            #define namespace 3
            """));

    [Fact]
    public async Task What_CSharp_has_no_type_for_is_a_block_of_bytes_and_a_warning() =>
        Snapshot.Verify(await Compiler.SnapshotAsync("""
            typedef float vec __attribute__((vector_size(16)));
            struct blocks { long double ld; __int128 big; vec v; _Complex double z; };
            struct __attribute__((aligned(64))) wide { int a; };
            struct __attribute__((packed)) tight { char a; int b; };
            long double by_value(long double x);
            """));

    [Fact]
    public async Task An_overlay_adds_contracts_summaries_flags_and_types() =>
        Snapshot.Verify(await Compiler.SnapshotAsync(
            """
            struct request { void *address; unsigned length; };
            enum mode { READ = 1, WRITE = 2 };
            #define REQUEST_READ (sizeof(struct request) << 16)
            int submit(struct request *request, void *data);
            int ready(void);
            #define submit_now submit
            """,
            """
            # a comment
            attribute request.address = KernelRetains(Until.Completion)
            attribute submit(data) = KernelRetains(Until.Submit)
            attribute submit() = MayBlock
            attribute submit() = return: MustObserve
            attribute REQUEST_READ = RequiresRing(RingShape.Sqe128)
            summary request = One request.
            man *() = *(2)
            flags mode
            type REQUEST_* = uint
            gc-free ready()
            """));

    [Fact]
    public async Task Typedef_names_replace_tags_where_the_overlay_says_so() =>
        Snapshot.Verify(await Compiler.SnapshotAsync(
            """
            typedef struct copy_st { int a; } copy_v2;
            typedef copy_v2 copy;
            typedef enum result_enum { OK } result;
            typedef struct stream_st *stream;
            result run(copy *c, stream s);
            """,
            "names typedef"));

    [Fact]
    public async Task Only_traversed_headers_count_and_what_they_reach()
    {
        await Compiler.RequireLibClangAsync();
        using var compiler = new Compiler();
        compiler.Write("other.h", """
            struct reached { int a; };
            struct not_reached { int b; };
            #define OTHER 1
            #define WANTED 2
            """);
        compiler.Write(
            "lib/main.h", "#include \"other.h\"\nstruct root { struct reached *r; };\n#define MAIN 3\n");
        string overlay = compiler.Write("test.overlay", "also WANTED");

        ChildResult result = await compiler.CompileAsync(
            "#include \"lib/main.h\"", "--traverse", "lib/main.h", "--overlay", overlay,
            "--include-directory",
            compiler.PathOf("."));

        Assert.True(result.ExitCode == 0, result.All);
        string index = await System.IO.File.ReadAllTextAsync(
            compiler.PathOf("out/index.txt"), TestContext.Current.CancellationToken);
        Assert.Contains("\nroot\t", index, System.StringComparison.Ordinal);
        Assert.Contains("\nreached\t", index, System.StringComparison.Ordinal);
        Assert.Contains("\nMAIN\t", index, System.StringComparison.Ordinal);
        Assert.Contains("\nWANTED\t", index, System.StringComparison.Ordinal);
        Assert.DoesNotContain("not_reached", index, System.StringComparison.Ordinal);
        Assert.DoesNotContain("OTHER", index, System.StringComparison.Ordinal);
    }
}
