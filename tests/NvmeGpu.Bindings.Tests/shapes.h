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
