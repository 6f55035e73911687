/* Shapes that C headers have and that are easily got wrong. Ours; compiled by gcc and by the header compiler. */
#include <stddef.h>
#include <stdint.h>

struct flat { uint8_t a; uint32_t b; uint16_t c; uint64_t d; };

struct nested_anonymous {
    int first;
    union {
        struct { uint8_t low; uint8_t high; union { uint16_t deep; uint8_t deepest[2]; }; };
        uint64_t whole;
    };
    struct { int inner; struct { short innermost; } named_inner; } named;
    union { float f; uint32_t bits; } pun;
};

struct bits_mixed { uint32_t a : 3; uint32_t b : 7; int32_t c : 5; uint64_t d : 33; uint8_t e : 2; uint32_t : 0; uint16_t f : 9; };
struct bits_signed { int a : 1; int b : 31; signed char c : 4; long long d : 64; };
struct bits_after_bytes { uint8_t head; uint32_t a : 12; uint32_t b : 12; uint8_t tail; };
union bits_union { uint32_t all; struct { uint32_t x : 10; uint32_t y : 10; uint32_t z : 12; }; };
enum bit_kind { KIND_NONE, KIND_ONE, KIND_BIG = 200 };
struct bits_enum { enum bit_kind kind : 8; unsigned rest : 24; };

struct arrays { uint8_t bytes[5]; uint16_t grid[2][3]; struct flat flats[2]; void *pointers[3]; int (*calls[2])(int, void *); };
struct flexible { uint32_t count; uint64_t items[]; };
struct flexible_in_union { union { struct { uint64_t a; uint32_t b; }; struct { struct { } empty; uint8_t rest[]; }; }; };
struct zero_length { uint16_t count; uint32_t items[0]; };

struct __attribute__((packed)) packed { uint8_t a; uint32_t b; uint64_t c; };
struct __attribute__((packed, aligned(4))) packed_to_four { uint8_t a; uint64_t b; uint8_t c; };
struct aligned_more { int a; } __attribute__((aligned(64)));
struct holds_packed { uint8_t a; struct packed p; struct aligned_more m; };

typedef struct { int x; int y; } point;
typedef point renamed_point;
struct uses_typedefs { renamed_point p; size_t size; ptrdiff_t difference; intptr_t pointer; int64_t wide; long native; };

struct self { struct self *next; struct opaque *handle; const char *name; };
struct keyword { int object; int ref; int checked; int class_; int params; int field; int value; };
struct same_name { int same_name; };
struct oddities { long double ld; __int128 i128; _Bool flag; double d; float f; };
union plain { uint8_t bytes[12]; uint64_t word; };

enum negative { NEGATIVE = -5, POSITIVE = 7 };
enum wide { WIDE = 0x123456789ULL, NARROW = 1 };
enum { LOOSE = 3, LOOSE_NEGATIVE = -3, LOOSE_UNSIGNED = 0xFFFFFFFFu };
struct holds_enums { enum negative n; enum wide w; enum { IN_A, IN_B = 9 } local; };

#define INT_MACRO 42
#define NEGATIVE_MACRO (-42)
#define UNSIGNED_MACRO 0xFFFFFFFFu
#define LONG_MACRO 0x7FFFFFFFFFFFFFFFL
#define ULONG_MACRO (~0UL)
#define INT_MIN_MACRO (-2147483647 - 1)
#define SHIFT_MACRO (1U << 31)
#define CHAR_MACRO 'x'
#define SIZEOF_MACRO sizeof(struct flat)
#define CAST_MACRO ((uint8_t)300)
#define ENUM_MACRO POSITIVE
#define TEXT_MACRO "quote \" tab \t umlaut \xC3\xBC end"
#define POINTER_MACRO ((void *)-1)
#define DOUBLE_MACRO 0.1
#define FLOAT_MACRO 1.5f
#define COMPOSED_MACRO (INT_MACRO | 0x100)

/* Packed bit-fields, whose bits cross every aligned unit, and the end of the struct where no larger unit may reach. */
struct __attribute__((packed)) bits_packed { uint8_t a : 3; uint32_t b : 31; uint64_t c : 61; int16_t d : 9; uint8_t e; };
struct __attribute__((packed)) bits_packed_wide { uint8_t a : 5; uint64_t b : 64; int64_t c : 63; uint8_t d : 4; int64_t e : 60; };
struct __attribute__((packed)) bits_packed_end { uint8_t head[2]; uint32_t a : 20; uint32_t b : 15; int32_t c : 5; };
struct __attribute__((packed, aligned(2))) bits_packed_to_two { uint8_t a : 1; int64_t b : 57; uint16_t c : 14; };
struct __attribute__((packed)) bits_in_bytes { uint8_t lead; uint32_t a : 24; uint32_t b : 8; uint8_t mid; int32_t c : 17; int32_t d : 7; };
struct bits_packed_member { uint16_t a; uint64_t b : 40 __attribute__((packed)); uint64_t c : 50 __attribute__((packed)); };
struct bits_zero { uint8_t a : 3; uint8_t : 0; uint8_t b : 4; uint64_t : 0; uint32_t c : 1; int : 0; int d : 31; };
struct bits_mixed_width { uint8_t a : 7; uint16_t b : 9; uint32_t c : 17; uint64_t d : 47; int8_t e : 2; int16_t f : 15; int64_t g : 1; };
struct bits_bool { _Bool a : 1; _Bool b : 1; unsigned : 5; _Bool c : 1; _Bool whole; };
struct bits_nested { int first; struct { uint32_t x : 4; int32_t y : 28; struct { uint16_t deep : 9; } more; } inner; };
struct bits_long { long a : 40; unsigned long b : 24; unsigned long long c : 1; };
union bits_union_packed { struct __attribute__((packed)) { uint8_t a : 2; uint64_t b : 63; }; uint8_t bytes[9]; };

/* Alignment beyond the natural one, of types and of members. */
struct aligned_member { char a; int b __attribute__((aligned(32))); char c; };
struct aligned_small { char a; short b; } __attribute__((aligned(8)));
struct aligned_char { char a; } __attribute__((aligned(4)));
union aligned_union { char a; int b; } __attribute__((aligned(128)));
struct holds_aligned { char a; struct aligned_small s; struct aligned_char c[3]; char b; };
struct packed_holds_aligned { char a; struct aligned_char c; short s; } __attribute__((packed));
struct packed_array { char a; struct packed items[3]; void *pointer; } __attribute__((packed));
typedef int aligned_int __attribute__((aligned(16)));
struct uses_aligned_int { char a; aligned_int i; };
typedef uint64_t less_aligned __attribute__((aligned(4)));
struct uses_less_aligned { uint32_t a; less_aligned b; };
_Alignas(64) struct holds_wide { _Alignas(16) char a; double d; };
struct aligned_around_packed { struct packed p; } __attribute__((aligned(8)));
#pragma pack(push, 2)
struct pragma_two { char a; uint64_t b; char c; int d : 3; };
#pragma pack(pop)

/* Arrays without bytes, at the end and elsewhere, and structs without bytes. */
struct nothing { };
struct also_nothing { struct nothing n; int none[0]; };
union nothing_at_all { };
struct around_nothing { int a; struct nothing middle; int b; struct nothing many[4]; char c; struct also_nothing end; };
struct zero_in_the_middle { uint8_t a; uint64_t none[0]; uint8_t b; struct flat no_flats[0]; uint16_t c; };
struct only_zero { uint64_t none[0]; };
struct flexible_structs { int count; struct flat items[]; };
struct flexible_pointers { int count; char *items[]; };
struct flexible_grid { int count; uint16_t rows[][4]; };
union flexible_union { int count; uint64_t items[0]; };
struct ends_in_flexible { int a; struct flexible inner; };
struct zero_of_grids { uint8_t grid[0][7]; uint8_t empty_rows[3][0]; int a; };

/* Five levels of members without a name. */
struct deeply_anonymous {
    int a;
    union {
        struct { int b; union { struct { int c; union { struct { uint8_t d : 4; uint8_t e : 4; }; uint16_t f; }; }; uint64_t g; }; };
        struct __attribute__((packed)) { uint8_t h; uint64_t i; };
    };
    struct { union { int j; struct { int k; struct { int l[2]; } m; }; }; } n[2];
    struct { union { int o; struct { int p; struct { int q[2]; } r; }; }; } s;
};

/* What C# has no type for. */
typedef float float4 __attribute__((vector_size(16)));
typedef uint8_t byte8 __attribute__((vector_size(8)));
struct vectors { char a; float4 b; byte8 c; float4 d[2]; };
struct complexes { _Complex float a; _Complex double b; _Complex long double c; char d; };
struct atomics { _Atomic int a; _Atomic long b; _Atomic char c; };
struct wide_numbers { char a; unsigned __int128 b; long double c[2]; __int128 *pointer; _Float16 half; };
struct bools { _Bool a; _Bool b[3]; _Bool *pointer; };
struct incompletes { struct never_defined *a; union never_defined_either *b; struct never_defined *c[2]; enum later *d; };
enum later { LATER };
struct grids { int a[2][3][4]; struct flat b[2][2]; void *c[2][3]; char d[1][1][1]; int (*e)[5]; int (*f[3])[2]; };
struct pointers { void **a; struct self ***b; int (*c)(int (*)(void)); void (*(*d)(int))(long); const char *const *e; };

enum minimum { MINIMUM = (-9223372036854775807LL - 1), MAXIMUM = 9223372036854775807LL };
enum all_bits { NO_BITS, ALL_BITS = 0xFFFFFFFFFFFFFFFFULL };
enum top_bit { TOP_BIT = 0x80000000u, TOP_ZERO = 0 };
enum __attribute__((packed)) packed_enum { PACKED_A, PACKED_B = 200 };
enum __attribute__((packed)) packed_negative { PACKED_MINUS = -1, PACKED_PLUS = 127 };
enum __attribute__((packed)) packed_wide { PACKED_WIDE = 70000 };
enum { LOOSE_TOP_BIT = 1U << 31, LOOSE_OTHER = 1 };
enum { LOOSE_ALL_BITS = 0xFFFFFFFFFFFFFFFFULL, LOOSE_ONE = 1 };
enum { SELF_DEFINED = 4, REDEFINED = 5 };
#define SELF_DEFINED SELF_DEFINED
#define REDEFINED 6
struct holds_packed_enums { enum packed_enum a; enum packed_negative b; enum packed_wide c; enum minimum d; enum all_bits e : 64; };

static const unsigned long long VARIABLE_WIDE = 0xFFFFFFFF00000000ULL;
static const int VARIABLE_NEGATIVE = -3;
static const uint8_t VARIABLE_BYTE = 200;
static const double VARIABLE_REAL = 2.5;
typedef struct typedef_and_tag { int a; } typedef_and_tag;
typedef union { int a; float b; } nameless_union;
typedef enum { NAMELESS_A, NAMELESS_B = -1 } nameless_enum;
struct uses_nameless { nameless_union u; nameless_enum e; typedef_and_tag t; };
