/*
 * Inline functions with the constructs of C that liburing does not use: for the header compiler's translation, compared
 * with gcc call by call. Ours. Everything here is defined for all arguments, given that overflow wraps (-fwrapv) and that
 * memory has no types (-fno-strict-aliasing): divisors and shift counts are made legal first, and floating-point numbers
 * are cut to the range of the integer that they become.
 */
#ifndef CONSTRUCTS_H
#define CONSTRUCTS_H

typedef signed char s8;
typedef unsigned char u8;
typedef short s16;
typedef unsigned short u16;
typedef int s32;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;

enum color { COLOR_RED, COLOR_GREEN = 5, COLOR_BLUE, COLOR_ALL = 0xff };
enum level { LEVEL_LOW = -3, LEVEL_ZERO = 0, LEVEL_HIGH = 7 };
enum { ANONYMOUS_LIMIT = 12 };

struct point {
	int x;
	int y;
};

struct box {
	struct point low;
	struct point high;
	long tag;
};

struct mixed {
	u8 byte;
	s8 tiny;
	u16 half;
	s16 small;
	u32 word;
	s32 number;
	u64 wide;
	s64 large;
	_Bool flag;
	float single;
	double real;
};

struct bits {
	u32 three : 3;
	u32 five : 5;
	s32 seven : 7;
	u32 : 4;
	s32 one : 1;
	u32 : 0;
	u32 seventeen : 17;
	s32 fifteen : 15;
	u64 forty : 40;
	s64 twenty : 20;
	_Bool yes : 1;
};

struct __attribute__((packed)) packed_bits {
	u8 kind : 4;
	u32 wide : 27;
	u16 rest : 9;
	u8 tail;
};

union word {
	u32 all;
	s32 number;
	u16 halves[2];
	u8 bytes[4];
	float single;
};

struct nested {
	u32 first;
	union {
		struct {
			u16 low;
			u16 high;
		};
		u32 both;
		struct point *where;
	};
	struct {
		u8 kind;
		u8 code;
	} inner;
	union word value;
};

struct flexible {
	u32 count;
	u16 spare[2];
	u16 items[];
};

struct table {
	s32 cells[3][4];
	struct point points[4];
	u8 names[2][6];
};

struct node {
	struct node *next;
	s32 value;
	u32 weight;
};

typedef int (*binary_op)(int, int);

struct operation {
	binary_op apply;
	s32 left;
	s32 right;
};

/* Functions of a library, seen from here. */
int constructs_ask(int question, u32 detail);
void constructs_tell(struct point *where, u64 what);
u16 constructs_narrow(u16 a, s8 b);
struct point *constructs_find(struct point *first, int count);

/* --- conversions between integers --- */

static inline int to_s8(int a) { return (s8)a; }
static inline int to_u8(int a) { return (u8)a; }
static inline int to_s16(long a) { return (s16)a; }
static inline unsigned to_u16(long a) { return (u16)a; }
static inline long from_u32(u32 a) { return a; }
static inline long from_s32(s32 a) { return a; }
static inline unsigned long sign_extended(s8 a) { return a; }
static inline u64 zero_extended(u8 a) { return a; }
static inline u32 s8_to_u32(s8 a) { return a; }
static inline u16 s8_to_u16(s8 a) { return a; }
static inline s8 u64_to_s8(u64 a) { return a; }
static inline u8 passed_on_narrow(u32 a) { return zero_extended(a); }
static inline char plain_char(int a) { char c = a; return c < 0 ? -c : c; }
static inline int char_compare(char a, unsigned char b) { return a < b; }
static inline long all_of(s8 a, u8 b, s16 c, u16 d, s32 e, u32 f, s64 g, u64 h)
{
	return a + b + c + d + e + f + g + h;
}

static inline int promoted_add(u8 a, u8 b) { return a + b; }
static inline int promoted_not(u8 a) { return ~a; }
static inline int promoted_minus(u16 a) { return -a; }
static inline u32 promoted_shift(u8 a, u32 n) { return a << (n & 15); }
static inline int promoted_compare(u8 a, s8 b) { return a == b; }
static inline int promoted_subtract_is_negative(u16 a, u16 b) { return a - b < 0; }
static inline int unsigned_subtract_is_negative(u32 a, u32 b) { return a - b < 0; }
static inline int mixed_compare(int a, unsigned b) { return a < b; }
static inline int mixed_compare_wide(int a, u64 b) { return a > b; }
static inline int mixed_compare_long(long a, u32 b) { return a >= b; }
static inline int mixed_equal(s8 a, u32 b) { return a == b; }
static inline u64 mixed_multiply(int a, u32 b) { return a * b; }
static inline long mixed_long(int a, u32 b, long c) { return a + b + c; }
static inline s64 mixed_divide(s32 a, u32 b) { return a / (b | 1); }
static inline s64 mixed_remainder(s16 a, u64 b) { return a % (b | 1); }
static inline u64 mixed_or(s8 a, u64 b) { return a | b; }
static inline u64 mask_not(u32 a, u64 b) { return b & ~a; }
static inline u64 mask_not_one(u64 b) { return b & ~1; }
static inline u64 mask_not_one_unsigned(u64 b) { return b & ~1u; }
static inline int divide(int a, int b)
{
	if (b == 0 || b == -1)
		return 0;
	return a / b;
}
static inline int remainder_of(int a, int b) { return b == 0 || b == -1 ? 0 : a % b; }
static inline s8 divide_narrow(s8 a, s8 b) { return b ? a / b : -1; }
static inline u64 multiply_wide(u32 a, u32 b) { return (u64)a * b; }
static inline s64 multiply_signed(s32 a, s32 b) { return (s64)a * b; }
static inline int overflows(int a, int b) { return a * b - a + b; }
static inline int negate(int a) { return -a; }
static inline unsigned negate_unsigned(unsigned a) { return -a; }
static inline u64 negate_to_wide(u32 a) { return -a; }
static inline long shift_left(long a, u32 n) { return a << (n & 63); }
static inline long shift_right(long a, u32 n) { return a >> (n & 63); }
static inline unsigned shift_right_unsigned(unsigned a, u64 n) { return a >> (n % 32); }
static inline int shift_right_narrow(s16 a, s8 n) { return a >> (n & 7); }
static inline int shift_by_long(int a, long n) { return a << (n & 31); }
static inline u64 rotate(u64 a, u32 n) { n &= 63; return n ? a << n | a >> (64 - n) : a; }
static inline u16 swap_bytes(u16 a) { return (u16)(a << 8 | a >> 8); }
static inline u32 builtin_swap_16(u16 a) { return __builtin_bswap16(a); }
static inline u32 builtin_swap_32(u32 a) { return __builtin_bswap32(a); }
static inline u64 builtin_swap_64(u64 a) { return __builtin_bswap64(a); }
static inline int likely(int a, int b) { return __builtin_expect(!!(a > b), 1) ? a : b; }

/* --- _Bool and truth --- */

static inline _Bool to_bool(int a) { return a; }
static inline _Bool to_bool_narrow(u64 a) { return (_Bool)a; }
static inline _Bool pointer_to_bool(const int *p) { return p; }
static inline _Bool double_to_bool(double a) { return a; }
static inline int bool_arithmetic(_Bool a, _Bool b) { return a + b - !a * 5; }
static inline int bool_increment(int a) { _Bool b = a; b += 1; return b; }
static inline _Bool bool_store(struct mixed *m, u32 a) { m->flag = a & 0x100; return !m->flag; }
static inline int bool_compare(_Bool a, int b) { return a == b; }
static inline int not_not(long a) { return !!a; }
static inline int not_pointer(const char *p) { return !p; }
static inline int truth_as_number(int a, int b) { return (a < b) + (a == b) * 2 + ((a > b) << 2); }
static inline u64 truth_stored(u32 a, u32 b) { u64 r = a <= b; return r - 1; }
static inline int and_or(int a, int b, int c) { return (a && b) || c; }
static inline int and_or_effects(int *p, int a)
{
	return (a > 0 && ++*p > 5) || (a < -3 && (*p -= 2) != 0 && (*p)++);
}
static inline int and_pointer(const struct node *n) { return n && n->next && n->next->value; }
static inline int or_double(double a, float b) { return a || b; }
static inline int bitwise_truth(int a, int b) { return (a > 0) & (b > 0) | (a == b) ^ (a != 7); }
static inline int not_of_compare(u8 a, s16 b) { return !(a >= b); }
static inline int minus_truth(int a) { return -(a != 0); }
static inline int tilde_truth(int a) { return ~(a == 3); }

/* --- compound assignment and steps --- */

static inline u8 add_to_narrow(u8 a, int b) { a += b; return a; }
static inline u8 narrow_everything(u8 a, int b)
{
	a += b;
	a -= 3;
	a *= b;
	a ^= 0x155;
	a <<= b & 3;
	a |= b >> 4;
	a >>= 1;
	a &= ~2;
	a %= (b & 15) + 1;
	a /= 3;
	return a;
}
static inline s8 narrow_signed(s8 a, long b)
{
	a += b;
	a *= 5;
	a <<= 1;
	a >>= 2;
	a %= 17;
	return a;
}
static inline s16 narrow_divide(s16 a, u32 b) { a /= b | 1; return a; }
static inline int divide_by_unsigned(int a, u32 b) { a /= b | 1; return a; }
static inline int shift_assign(int a, u64 b) { a <<= b & 31; a >>= 3u; return a; }
static inline u64 wide_assign(u64 a, s32 b) { a += b; a ^= -1; a -= b; a *= b; a |= b; return a; }
static inline int assign_double(int a, double b) { a = a % 1000; a *= b > 100 ? 2.5 : 0.5; return a; }
static inline u16 assign_chain(struct mixed *m, u32 a) { m->half = m->byte = a; return m->half + 1; }
static inline int assign_in_condition(int a, int b) { int c; if ((c = a - b) > 3) return c; return -c; }
static inline int assign_value(u8 *p, int a) { return *p = a; }
static inline int compound_value(u8 *p, int a) { return (*p += a) + 1; }
static inline int compound_through_call(u32 *p, int a) { return (*(p + (a & 3)) -= a) > 5; }
static inline u32 steps(u32 a) { u32 b = a++; u32 c = ++a; u32 d = a--; u32 e = --a; return b ^ c * 3 ^ d * 5 ^ e * 7 ^ a; }
static inline u8 steps_narrow(u8 a) { u8 b = a++; u8 c = --a; a++; return b + c * 2 + a; }
static inline int steps_value_of_narrow(u8 a) { return ++a; }
static inline int steps_value_of_narrow_signed(s8 a) { int b = a--; return b * 1000 + a; }
static inline int steps_memory(int *p) { int a = (*p)++; ++*p; --p[1]; p[2]--; return a + *p; }
static inline int steps_fields(struct mixed *m) { m->tiny++; --m->half; return m->byte++ + ++m->small; }
static inline int steps_pointer(int *p) { int *q = p; int a = *q++; int b = *++q; q--; return a - b + *q-- + (int)(q - p); }
static inline double steps_double(double a) { a++; --a; return a++ + 1; }
static inline u32 step_of_index(u32 *p, u32 i) { i &= 7; p[i++] = 1; p[++i] += 2; return i; }
static inline int step_of_array_element(int i) { int a[4] = { 1, 2, 3, 4 }; a[i & 3]++; --a[0]; return a[0] + a[i & 3] * 10; }

/* --- loops --- */

static inline int sum_for(int n) { int sum = 0; for (int i = 0; i < (n & 31); i++) sum += i * n; return sum; }
static inline int sum_for_two(int n) { int s = 0; for (int i = 0, j = n & 15; i < j; i++, j--) s += i * j; return s; }
static inline int for_without_init(int n) { int i = n & 7, s = 0; for (; i < 10; i++) s += i; return s; }
static inline int for_without_step(int n) { int s = 0; for (int i = n & 7; i < 10;) { s += i; i += 2; } return s; }
static inline int for_without_condition(int n) { int s = 0; for (int i = n & 7;; i++) { if (i > 9) break; s += i; } return s; }
static inline int for_without_anything(int n) { int s = n & 7; for (;;) { if (s > 20) break; s += 3; } return s; }
static inline int for_only_condition(int n) { n &= 15; for (; n > 3;) n -= 2; return n; }
static inline int for_only_step(int n) { n &= 15; for (;; n += 3) if (n > 20) return n; }
static inline int for_assigning(int *p, int n) { int i; int s = 0; for (i = 0; i < 4; ++i) { if (p[i] == n) continue; s += p[i]; } return s + i; }
static inline int for_over_pointer(const u8 *p) { int s = 0; for (const u8 *q = p; q != p + 8; ++q) s = s * 3 + *q; return s; }
static inline int for_empty_body(const char *s) { int n = 0; for (; s[n] && n < 15; n++); return n; }
static inline int for_comma_condition(int n) { int s = 0; for (int i = 0; s += i, i < (n & 7); i++) s ^= 1; return s; }
static inline int while_loop(u32 n) { int c = 0; while (n) { n &= n - 1; c++; } return c; }
static inline int while_step(u32 n) { int c = 0; n &= 31; while (n--) c += n & 1; return c; }
static inline int while_break_continue(u32 n) { int c = 0; while (n) { n >>= 1; if (n & 1) continue; if (c > 4) break; c++; } return c; }
static inline int do_loop(u32 n) { int c = 0; do { c++; n >>= 3; } while (n); return c; }
static inline int do_continue(u32 n) { int c = 0; do { n >>= 1; if (n & 2) continue; c++; } while (n > 1); return c; }
static inline int do_once(int a) { do { if (a < 0) break; a++; } while (0); return a; }
static inline int nested_loops(u32 a, u32 b)
{
	int s = 0;
	for (u32 i = 0; i < (a & 7); i++) {
		for (u32 j = 0; j < (b & 7); j++) {
			if (j == i)
				continue;
			if (j > i + 3)
				break;
			s += i * 10 + j;
		}
		if (s > 200)
			break;
	}
	return s;
}
static inline u32 list_sum(struct node *n) { u32 s = 0; while (n) { s += n->weight; n = n->next; } return s; }
static inline struct node *list_find(struct node *n, s32 v) { for (; n; n = n->next) if (n->value > v) return n; return 0; }

/* --- switch --- */

static inline int switch_plain(int a) { switch (a) { case 0: return 5; case 1: return 7; case -1: return 9; default: return a; } }
static inline int switch_fall(u32 a) { int r = 0; switch (a & 7) { case 0: r += 1; case 1: r += 2; break; case 2: case 3: r += 4; default: r += 8; case 5: r += 16; } return r; }
static inline int switch_default_first(int a) { int r = 1; switch (a & 3) { default: r = 2; case 1: r *= 3; break; case 2: r = 9; } return r; }
static inline int switch_no_default(int a) { switch (a & 7) { case 2: a++; break; case 4: a--; } return a; }
static inline int switch_enum(enum color c) { switch (c) { case COLOR_RED: return 1; case COLOR_GREEN: return 2; case COLOR_BLUE: break; default: return 4; } return 3; }
static inline int switch_signed_enum(enum level l) { switch (l) { case LEVEL_LOW: return -1; case LEVEL_ZERO: return 0; case LEVEL_HIGH: return 1; } return 2; }
static inline int switch_range(int a) { switch (a) { case 1 ... 5: return 1; case 'a' ... 'z': return 2; case -10 ... -1: return 3; } return 0; }
static inline int switch_narrow(u8 a) { switch (a) { case 0: return 1; case 255: return 2; case 7: return 3; } return 4; }
static inline int switch_wide(u64 a) { switch (a) { case 0xffffffffffffffff: return 1; case 1ull << 40: return 2; case 0: return 3; } return 4; }
static inline int switch_in_loop(u32 a)
{
	int r = 0;
	for (int i = 0; i < 10; i++) {
		switch ((a >> i) & 3) {
		case 0:
			continue;
		case 1:
			r += 1;
			break;
		case 2:
			r += 10;
			if (r > 25)
				return r;
		case 3:
			r += 100;
		}
		r++;
	}
	return r;
}
static inline int loop_in_switch(int a) { int r = 0; switch (a & 1) { case 0: for (int i = 0; i < 5; i++) { if (i == 3) break; r += i; } r += 50; break; case 1: while (1) { if (++r > 3) break; } } return r; }
static inline int switch_nested(int a, int b) { switch (a & 3) { case 0: switch (b & 1) { case 0: return 1; default: break; } return 2; case 1: b = 5; case 2: switch (b) { case 5: return 3; } } return b; }
static inline int switch_declares(int a) { switch (a & 3) { case 1: { int b = a * 2; return b; } case 2: { int b = a * 3; a = b; break; } } return a; }
static inline int switch_without_cases(int a) { switch (a++) { default: a += 2; } return a; }

/* --- goto --- */

static inline int goto_forward(int a) { if (a < 0) goto out; a += 5; out: return a; }
static inline int goto_backward(u32 a) { int n = 0; again: if (a > 3) { a /= 4; n++; goto again; } return n; }
static inline int goto_cleanup(int a, int *p)
{
	int error = -1;
	if (a & 1)
		goto fail;
	*p = a;
	if (a & 2)
		goto fail_late;
	return 0;
fail_late:
	*p = 0;
	error = -2;
fail:
	return error;
}
static inline int goto_out_of_loops(u32 a) { int i, j; for (i = 0; i < 5; i++) for (j = 0; j < 5; j++) if (((a >> i) ^ j) == 3) goto found; return -1; found: return i * 10 + j; }
static inline int goto_out_of_switch(int a) { switch (a & 3) { case 0: a = 9; goto done; case 1: a = 4; break; default: goto done; } a *= 2; done: return a; }
static inline int goto_label_at_end(int *p, int a) { if (a > 0) goto end; *p = a; end:; return *p; }

/* --- ?:, comma, statement expressions --- */

static inline long conditional_types(int a, u32 b, int c) { return c ? a : b; }
static inline int conditional_nested(int a, int b) { return a < b ? -1 : a > b ? 1 : 0; }
static inline const void *conditional_pointer(const int *p, int a) { return a ? p : (void *)0; }
static inline void conditional_void(int *p, int a) { a ? (void)(*p = 1) : (void)(p[1] = 2); }
static inline int conditional_lvalue(int *p, int *q, int a) { *(a ? p : q) = a; return *p - *q; }
static inline double conditional_real(int a, double b) { return a > 0 ? a : b; }
static inline int conditional_missing(int a, int b) { return a ?: b; }
static inline int conditional_missing_once(int *p) { return (*p)++ ?: 77; }
static inline u8 conditional_narrow(u8 a, int b) { return b > 3 ? a : b; }
static inline int comma(int a, int b) { return a++, b += a, a * b; }
static inline int comma_nested(int a) { int b = (a += 2, a * 3); return b - (a--, a); }
static inline void comma_statement(int *p, int a) { *p = a, p[1] = a + 1; }
static inline int statement_expression(int a, int b) { return ({ int t = a * 2; t > b ? t : b; }) + 1; }
static inline int statement_expression_effect(int *p, int a) { int r = ({ *p += a; int t = *p; t * 2; }); return r + *p; }
#define CONSTRUCTS_MAX(a, b) ({ __typeof__(a) max_a = (a); __typeof__(b) max_b = (b); max_a > max_b ? max_a : max_b; })
static inline int statement_expression_macro(int a, int b, int c) { return CONSTRUCTS_MAX(a + 1, b) - CONSTRUCTS_MAX(b, c); }
static inline int statement_expression_nested(int a, int b, int c) { return CONSTRUCTS_MAX(CONSTRUCTS_MAX(a, b), c); }
static inline int order_of_effects(int *p, int a) { int r = 0; r += *p; *p = a; r = r * 3 + *p; return r; }

/* --- bit-fields --- */

static inline int bits_read(const struct bits *b) { return b->three + b->five * 10 + b->seven * 1000 + b->one; }
static inline long bits_read_wide(const struct bits *b) { return b->seventeen + b->fifteen + (long)b->forty - b->twenty; }
static inline void bits_write(struct bits *b, int a) { b->three = a; b->five = a >> 3; b->seven = a; b->one = a; }
static inline void bits_write_wide(struct bits *b, long a) { b->seventeen = a; b->fifteen = a >> 5; b->forty = a; b->twenty = a; b->yes = a; }
static inline int bits_assign_value(struct bits *b, int a) { return b->seven = a; }
static inline u32 bits_assign_value_unsigned(struct bits *b, int a) { return (b->three = a) + 100; }
static inline void bits_compound(struct bits *b, int a) { b->three += a; b->five ^= a; b->seven -= a; b->seventeen *= 3; b->fifteen <<= 2; b->forty |= a; }
static inline int bits_steps(struct bits *b) { int r = b->three++; r = r * 10 + ++b->five; r = r * 10 + b->seven--; r += --b->fifteen; return r; }
static inline int bits_promoted(const struct bits *b) { return b->three - 5 < 0; }
static inline int bits_compare(const struct bits *b, int a) { return b->seventeen > a; }
static inline u32 packed_read(const struct packed_bits *p) { return p->kind + p->wide + p->rest + p->tail; }
static inline void packed_write(struct packed_bits *p, u32 a) { p->kind = a; p->wide = a >> 2; p->rest += a; p->tail--; }
static inline struct bits *bits_copy(struct bits *a, const struct bits *b) { *a = *b; a->three = 1; return a; }

/* --- structs and unions --- */

static inline struct point make_point(int x, int y) { struct point p = { x, y }; return p; }
static inline struct point make_point_compound(int x, int y) { return (struct point){ .y = y, .x = x + 1 }; }
static inline struct point swap_point(struct point p) { int t = p.x; p.x = p.y; p.y = t; return p; }
static inline struct box make_box(struct point low, struct point high, long tag) { return (struct box){ low, high, .tag = tag }; }
static inline struct box grow(struct box b, int n) { b.low.x -= n; b.high.y += n; b.tag++; return b; }
static inline long box_of_calls(int a, int b) { return make_box(make_point(a, b), swap_point(make_point(a, b)), 5).high.x; }
static inline void copy_struct(struct box *a, const struct box *b) { *a = *b; a->low = b->high; }
static inline struct point zeroed(int a) { struct point p = { 0 }; p.y = a; return p; }
static inline struct box partly(int a) { struct box b = { .high = { .y = a }, .low = { 1 } }; return b; }
static inline int struct_local_copy(struct point *p) { struct point old = *p; p->x = 9; p->y++; return old.x - p->x + old.y; }
static inline void compound_pointer(struct point *out, int a) { struct point *p = &(struct point){ a, a + 1 }; *out = *p; }
static inline int address_of_local(int a) { int b = a; int *p = &b; *p += 2; return b; }
static inline int address_of_parameter(int a) { int *p = &a; ++*p; return a; }
static inline int address_of_field(struct box *b) { int *p = &b->high.y; *p ^= 3; return p == &b->high.x + 1; }
static inline u32 union_bytes(u32 a) { union word w; w.all = a; return w.bytes[0] * 3 + w.halves[1]; }
static inline u32 union_write(union word *w, int a) { w->halves[a & 1] = a; w->bytes[3]++; return w->all; }
static inline u32 float_bits(float a) { union word w = { .single = a }; return w.all == 0x80000000 ? 1 : w.number < 0 ? 2 : 3; }
static inline u32 anonymous(struct nested *n) { n->low = n->high; n->high += 2; n->inner.code = n->inner.kind + 1; return n->both; }
static inline void anonymous_set(struct nested *n, u32 a) { n->both = a; n->value.all = a; n->value.bytes[1] = 0; }
static inline int mixed_fields(struct mixed *m) { m->word = m->tiny; m->number = m->half; m->wide = m->small; m->large = m->word; return m->byte - m->tiny; }
static inline void mixed_store(struct mixed *m, u64 a) { m->byte = a; m->tiny = a; m->half = a; m->small = a; m->word = a; m->number = a; m->wide = a; m->large = a; m->flag = a; }
static inline int chase(struct node *n) { return n->next ? n->next->next ? n->next->next->value : 1 : 0; }
static inline void link_nodes(struct node *a, struct node *b) { b->next = a->next; a->next = b; }

/* --- arrays and pointers --- */

static inline int local_array(int i) { int a[4] = { 10, 20, 30, 40 }; return a[i & 3]; }
static inline int local_array_partial(int i) { int a[5] = { 1, 2 }; a[i & 3] += 7; return a[0] + a[1] * 10 + a[2] * 100 + a[3] * 1000 + a[4]; }
static inline int local_array_designated(int i) { s16 a[] = { [3] = 5, [1] = -2, 9 }; return a[i & 3] + (int)sizeof(a); }
static inline int local_array_of_structs(int i) { struct point a[2] = { { 1, 2 }, { .y = 3 } }; a[i & 1].x += 4; return a[0].x * 100 + a[1].x * 10 + a[1].y; }
static inline int local_array_2d(int i, int j) { int a[2][3] = { { 1, 2, 3 }, { 4, 5 } }; a[1][2] = i; return a[i & 1][(u32)j % 3]; }
static inline int local_array_passed(int n) { u8 a[8]; for (int i = 0; i < 8; i++) a[i] = n >> i; return for_over_pointer(a); }
static inline int local_text(int i) { char a[6] = "hello"; a[i & 3] ^= 32; return a[0] * 2 + a[3] + a[5]; }
static inline int const_table(int i) { static const int table[4] = { 3, -1, 4, 1 }; return table[i & 3]; }
static inline int const_table_narrow(int i) { static const u8 t[] = { 200, 'b', [4] = 255 }; return t[(u32)i % sizeof(t)] - 250; }
static inline int const_local(int i) { const u8 mask = 0xf0; const int limit = ANONYMOUS_LIMIT; return (i & mask) + limit; }
static inline int text_literal(int i) { const char *s = "\x41\tz"; return s[i & 3]; }
static inline int text_index(int i) { return "abcdef"[i & 3]; }
static inline int text_passed(void) { return for_empty_body("twelve\n") * 2; }
static inline int text_length(void) { return sizeof("four\n"); }
static inline int table_cell(struct table *t, u32 i, u32 j) { t->cells[i % 3][j & 3] += 1; return t->cells[(i + 1) % 3][j & 3]; }
static inline int table_points(struct table *t, u32 i) { struct point *p = &t->points[i & 3]; p->x += i; (*p).y--; return t->points[0].x; }
static inline int table_names(struct table *t, u32 i) { t->names[i & 1][5] = i; return t->names[1][i % 6]; }
static inline int pointer_to_array(int (*rows)[4], u32 i) { return rows[1][i & 3] + (*rows)[0] + *rows[2]; }
static inline u32 flexible_items(struct flexible *f, u32 i) { f->items[i & 3] = i; f->count++; return f->items[0] + f->spare[1]; }
static inline long pointer_difference(struct point *a, struct point *b) { return b - a; }
static inline long pointer_difference_bytes(struct point *a, struct point *b) { return (char *)b - (char *)a; }
static inline int pointer_compare(int *a, int *b) { return (a < b) + (a == b) * 2 + (a >= b) * 4; }
static inline int *pointer_add(int *p, int n) { return p + n; }
static inline int *pointer_subtract(int *p, u32 n) { return p - (n & 0xffff); }
static inline u8 *pointer_add_narrow(u8 *p, s8 n) { p += n; return p; }
static inline int *pointer_add_wide(long n, int *p) { return n + p; }
static inline void *void_pointer_add(void *p, unsigned long n) { return p + n; }
static inline int pointer_index_negative(int *p) { int *q = p + 3; return q[-1] - q[-3] + 2[p]; }
static inline u64 pointer_to_integer(void *p) { return (u64)(unsigned long)p >> 4; }
static inline void *integer_to_pointer(u32 a) { return (void *)(long)(int)a; }
static inline u32 pointer_to_narrow(void *p) { return (u32)(unsigned long)p; }
static inline int pointer_pointer(int **pp) { **pp += 1; *pp = *pp + 1; return **pp; }
static inline int *pointer_pointer_step(int **pp) { return (*pp)++; }
static inline void pointer_swap(int **a, int **b) { int *t = *a; *a = *b; *b = t; }
static inline u32 read_as(const u8 *p) { return *(const u32 *)p + *(const u16 *)(p + 4); }
static inline void write_as(u8 *p, u64 a) { *(u16 *)p = a; *(s32 *)(p + 4) = a >> 8; }
static inline struct point *container_of_y(int *y) { return (struct point *)((char *)y - __builtin_offsetof(struct point, y)); }
static inline int volatile_read(volatile u32 *p) { u32 a = *p; *p = a + 1; return *p == a + 1; }
static inline void copy_bytes(u8 *a, const u8 *b) { __builtin_memcpy(a, b, 8); }
static inline void set_bytes(u8 *a, int b) { __builtin_memset(a, b, 5); }
static inline void copy_text(char *to, const char *from) { int i = 0; while ((to[i] = from[i]) && i < 14) i++; }
static inline void clear(struct box *b) { *b = (struct box){ 0 }; }

/* --- function pointers --- */

static inline int call_pointer(binary_op op, int a, int b) { return op(a, b) + (*op)(b, a); }
static inline int call_member(struct operation *o) { return o->apply(o->left, o->right); }
static inline int call_if_any(binary_op op, int a) { return op ? op(a, 1) : -1; }
static inline int call_of_array(binary_op first, binary_op second, int i) { binary_op ops[2] = { first, second }; return ops[i & 1](i, 3); }
static inline int is_same_function(binary_op first, binary_op second) { return first == second; }
static inline int call_external(int a, u32 b) { if (constructs_ask(a, b) < 0) return constructs_ask(-1, 0); return a; }
static inline u32 call_external_narrow(int a, int b) { return constructs_narrow(a, b) + 1; }
static inline void call_external_void(struct point *p, long a) { constructs_tell(p, a); constructs_tell(p + 1, -1); }
static inline int call_external_local(int a) { struct point p = { a, 1 }; constructs_tell(&p, 7); return p.x + p.y; }
static inline int call_external_pointer(struct point *p, int a) { struct point *found = constructs_find(p, a); return found ? found->x : -1; }
static inline int call_in_condition(int a) { int n = 0; while (constructs_ask(n, a) > 0 && n < 5) n++; return n; }
static inline int arguments_convert(u64 a) { return switch_narrow(a) + to_s8(a) + promoted_add(a >> 8, a >> 16); }
static inline u32 factorial(u32 n) { return n < 2 ? 1 : n % 16 * factorial(n % 16 - 1); }
static inline void recursive_void(int *p, int n) { if ((n & 3) == 0) return; *p += n; recursive_void(p + 1, n - 1); }

/* --- sizeof and its like --- */

static inline unsigned long sizes(void) { return sizeof(struct box) * 1000 + sizeof(int *) * 100 + sizeof(struct flexible) + sizeof(union word); }
static inline unsigned long size_of_expression(struct table *t) { return sizeof(t->cells) + sizeof t->cells[0] + sizeof(*t) + sizeof(t->names[0][0]); }
static inline int size_in_arithmetic(int a) { return a < sizeof(int); }
static inline unsigned long alignments(void) { return _Alignof(struct box) * 10 + __alignof__(u16); }
static inline unsigned long offsets(void) { return __builtin_offsetof(struct box, high.y) * 100 + __builtin_offsetof(struct table, points[2].y); }
static inline unsigned long size_of_unevaluated(int a) { unsigned long s = sizeof(a++); return s * 10 + (a == 5); }

/* --- constants --- */

static inline u64 constants_integer(int i)
{
	switch (i & 15) {
	case 0: return 0x7fffffff;
	case 1: return 0x80000000;
	case 2: return -0x80000000;
	case 3: return 2147483648;
	case 4: return 0777;
	case 5: return 'A' + '\n' + '\xff';
	case 6: return ~0;
	case 7: return ~0u;
	case 8: return -1;
	case 9: return -1u;
	case 10: return 18446744073709551615ull;
	case 11: return -2147483647 - 1;
	case 12: return 1ul << 40;
	case 13: return 0b1011;
	case 14: return -9223372036854775807l - 1;
	default: return 4294967295 + 1;
	}
}
static inline double constants_real(int i) { return i & 1 ? 1.5e3 : i & 2 ? 0x1p-3 : i & 4 ? .25f : 1. / 3; }
static inline int enum_arithmetic(enum color c) { return c + COLOR_BLUE - COLOR_GREEN * 2; }
static inline enum color enum_result(int a) { return a & 1 ? COLOR_ALL : (enum color)a; }
static inline int enum_compare(enum level l) { return l < LEVEL_ZERO || l == LEVEL_HIGH; }
static inline u32 enum_mask(u32 a) { return a & COLOR_ALL & ~COLOR_BLUE; }
static inline enum level enum_step(enum level l) { l++; l |= 4; return l; }
static inline int enum_unsigned_compare(enum color c) { return c - 6 < 0; }

/* --- floating point --- */

static inline double real_arithmetic(double a, double b) { return a * 2 - b / 4 + 1; }
static inline float real_single(float a, float b) { return a * b + 1.5f; }
static inline double real_mixed(float a, int b, double c) { return a + b - c; }
static inline float real_narrow(double a) { return a; }
static inline double real_from_unsigned(u64 a) { return a; }
static inline float real_from_signed(s64 a) { return a; }
static inline float real_from_int(int a) { return a / 3.0f; }
static inline int real_compare(double a, double b) { return (a < b) + (a <= b) * 2 + (a == b) * 4 + (a != b) * 8 + (a > b) * 16; }
static inline int real_compare_int(float a, int b) { return a < b; }
static inline int real_to_int(double a) { return a > -2e9 && a < 2e9 ? a : 7; }
static inline u32 real_to_unsigned(double a) { return a >= 0 && a < 4e9 ? (u32)a : 1; }
static inline s8 real_to_narrow(float a) { return a > -100 && a < 100 ? a : 1; }
static inline s64 real_to_wide(double a) { return a > -9e18 && a < 9e18 ? (s64)a : 0; }
static inline double real_negative(double a) { return -a; }
static inline int real_not(double a) { return !a; }
static inline double real_compound(double a, int b) { a += b; a /= 2; a -= .5; a *= b; return a; }
static inline float real_compound_single(float a, double b) { a += b; return a; }
static inline void real_fields(struct mixed *m, int a) { m->single = a; m->real = m->single / 2; m->single += 0.1; }
static inline u64 real_large(double a) { return a >= 0 && a < 1e19 ? (u64)a : 3; }

/* --- where conversions and effects meet --- */

static inline int compare_chain(int a, int b, int c) { return (a < b < c) + (a == b == c) * 2 + (!a == b) * 4; }
static inline int compare_three_way(u8 a, s8 b) { return (a > b) - (a < b); }
static inline int truth_shifted(int a, int b) { return !!a << 3 | (b > 2) << 1 | !b; }
static inline int truth_in_arithmetic(int a, u32 b) { return (a > 0) * b - (b == 7) + -(a < 0) % 3; }
static inline u64 truth_wide(int a) { return (u64)(a > 5) << 40 | (a < 0); }
static inline s8 truth_narrow(int a, int b) { s8 r = a > b; r -= a < b; return r; }
static inline int narrow_then_compare(int a, int b) { return (u8)(a + b) > 10 && (s8)(a - b) < -3; }
static inline int narrow_then_shift(int a) { return (s8)a >> 3 | (u16)a >> 12; }
static inline u64 all_ones_shifted(u32 n) { return ~0ul >> (n & 63); }
static inline long minus_remainder(int a, u8 b) { return -a % (b + 1); }
static inline u32 counter_wraps(void) { u32 n = 0; for (u8 i = 250; i; i++) n += i; return n; }
static inline int counter_signed(s8 a) { int n = 0; for (s8 i = a & 15; i >= 0; i--) n += i; return n; }
static inline int count_down(u32 n) { int c = 0; n &= 15; do c += n; while (n-- > 0); return c + (n == -1); }
static inline int bool_compound(_Bool b, int a) { b |= a & 6; b ^= 1; b &= a; return b; }
static inline int bool_steps(_Bool b) { _Bool c = b++; return c * 10 + b; }
static inline int bool_through_pointer(u8 *p, int a) { _Bool b = *p; _Bool *q = &b; *q = a; return b + 2 * *q; }
static inline int bool_array(int i) { _Bool a[3] = { 5, 0, -1 }; return a[(u32)i % 3] + a[0]; }
static inline int bool_argument(u32 a) { return bool_arithmetic(a & 0x100, a >> 31); }
static inline void copy_steps(u8 *p, const u8 *q) { for (int i = 0; i < 6; i++) *p++ = *q++ + i; }
static inline int step_through_step(int *p) { (*p++)++; return *p--; }
static inline int step_index_compound(int *p, int i) { i &= 3; p[i++] += 2; p[i++] -= i; return i; }
static inline int step_of_member_pointer(struct node *n) { n->value++; return n->next ? n->next->value-- : --n->value; }
static inline u8 assign_narrow_chain(u8 *p, u16 a) { int r; r = *p = a; return r == a; }
static inline long assign_chain_signs(long a) { u32 u; s16 h; long r = u = h = a; return r + h - u; }
static inline int assign_in_call(int a) { int b; return to_s8(b = a * 3) + b; }
static inline int assign_in_while(int *p) { int v, n = 0; while ((v = p[n]) > 0 && n < 3) n++; return v + n; }
static inline int assign_condition(int a, int b) { if ((a = b)) return a; return 9; }
static inline int assign_struct_value(struct point *a, struct point *b) { return (*a = *b).x + a->y; }
static inline int conditional_assigns(int a, int b) { int r; a > b ? (r = a) : (r = -b); return r; }
static inline int conditional_structs(struct point *a, struct point *b, int c) { struct point p = c ? *a : *b; return p.x - p.y; }
static inline int conditional_null(int *p, int a) { int *q = a & 1 ? p : 0; return q ? *q : -a; }
static inline int conditional_mixed_widths(int a, s8 b, u16 c) { return (a ? b : c) < 0; }
static inline u64 conditional_signs(int a, int b, u64 c) { return a ? b : c; }
static inline struct node *conditional_missing_pointer(struct node *n, struct node *m) { return n->next ?: m; }
static inline void statement_expression_void(int *p, int a) { ({ *p = a; p[1] = a; (void)0; }); }
static inline int statement_expression_loops(u32 a) { return ({ int c = 0; while (a) { c++; a &= a - 1; } c; }) * 2 + (int)a; }
static inline int statement_expression_in_condition(int a) { if (({ a++; a > 3; })) return a; return -a; }
static inline int continue_in_do(u32 a) { int n = 0; do { if (++n & 1) continue; a >>= 1; } while (a && n < 40); return n; }
static inline int switch_on_expression(int a, int *p) { switch ((*p)++ + a) { case -1: case 0: return *p; default: break; } return a; }
static inline int switch_on_bool(int a) { switch (a > 3) { case 1: return 5; case 0: return 6; } return 7; }
static inline int switch_on_long(long a) { switch (a >> 8) { case -1: return 1; case 0: return 2; case 1 ... 9: return 3; default: return 4; } }
static inline int switch_constants(u8 a) { switch (a) { case sizeof(int): return 1; case 'a' + 1: return 2; case COLOR_GREEN | 2: return 3; } return 0; }
static inline int goto_in_loop(u32 a) { int n = 0; while (n < 9) { n++; if (a & 1) goto next; n += 2; next: a >>= 1; } return n; }
static inline int unsigned_index(const u8 *p, u8 i) { return p[i % 8] + (p + 2)[i & 3] + *(p + (i & 1)); }
static inline int negative_narrow_index(u8 *p, s8 i) { return (p + 4)[i % 4]; }
static inline long difference_of_elements(struct table *t, u32 i) { return &t->points[i & 3] - t->points + (&t->cells[i % 3][1] - &t->cells[0][0]); }
static inline int array_in_struct(struct table *t, u32 i) { struct table copy = *t; copy.cells[1][1]++; int *row = copy.cells[i % 3]; return row[1] - t->cells[1][1]; }
static inline int array_of_pointers(struct point *a, struct point *b, int i) { struct point *both[] = { a, b }; both[i & 1]->x++; return (*both)->x; }
static inline int pointer_to_struct_array(struct box *b) { struct point *p = &b->low; p[1].x = 3; return b->high.x + (int)(&b->high - &b->low); }
static inline union word union_value(u16 low, u16 high) { union word w = { .halves = { low, high } }; return w; }
static inline u32 union_argument(union word w) { return w.bytes[3] | w.all << 8; }
static inline u32 union_call(u32 a) { return union_argument(union_value(a, a >> 16)); }
static inline float single_argument(double a, int b) { return real_single(a, b) + real_from_int(b); }
static inline double real_conditions(double a, float b) { if (a) return b ? a : 1; while (b > 1e6f) b /= 10; return b; }
static inline int real_in_switch(float a) { switch (a > 1 && a < 100 ? (int)a : 0) { case 0: return 1; case 2: return 2; } return 3; }
static inline u8 real_compound_narrow(u8 a, double b) { a = a % 50; a += b > 0 && b < 100 ? b : 0.5; return a; }
static inline int real_step(int a) { float f = a % 1000; f++; --f; f += 1; return f * 2; }
static inline u32 shifts_of_narrow(u8 a, s8 b) { return (a << 24) + (b << 8 >> 4) + ((u32)b >> 28); }
static inline int volatile_steps(volatile u32 *p) { *p = 3; return *p + *p; }
static inline int volatile_member(struct mixed *m) { volatile struct mixed *v = m; v->word = 5; return v->word + m->number; }
static inline u64 read_once(const u64 *p) { return *(const volatile u64 *)p; }
static inline int const_qualified(const int a, const u8 *const p) { const int b = a + *p; return b; }
static inline int call_nested(int a, int b) { return divide(remainder_of(a, b), to_u8(a) + 1) + switch_plain(to_s8(b)); }
static inline int call_order(int *p) { int a = assign_value((u8 *)p, 300); return a + address_of_parameter(*p); }
static inline u32 even(u32 n);
static inline u32 odd(u32 n) { return n & 63 ? even((n & 63) - 1) : 0; }
static inline u32 even(u32 n) { return n & 63 ? odd((n & 63) - 1) : 1; }

/* --- names and scopes --- */

static inline int keywords(int in, int out, int ref) { int object = in + out, string = ref; int params = object * string; { int this = params; params = this + 1; } return params - object; }
static inline int keywords_more(int lock, int is) { int checked = lock; int base = is; int operator_ = 1; int event = checked - base; int namespace = event; int delegate = 2; return namespace * delegate + operator_; }
static inline int shadowing(int a) { int b = a; { int b = 5; a += b; { int b = a * 2; a ^= b; } } return a + b; }
static inline int shadowing_loops(int n) { int s = 0; for (int i = 0; i < 3; i++) { int t = i * n; s += t; } for (int i = 5; i > 3; i--) { int t = i - n; s ^= t; } int t = s; int i = 2; return t + i; }
static inline int shadowing_parameter(int a) { { int a = 3; if (a) { int a = 4; return a * 2; } } return a; }
static inline int unused(int a, int b) { int c; int d = a; (void)b; (void)d; return a; }
static inline int late_declaration(int a) { int b; if (a > 0) b = a; else b = -a; int c = b * 2; b = 0; return c + b; }
static inline int several_declared(int a) { int b = a, *p = &b, c = *p + 1; *p = 9; return b + c; }
static inline void empty(void) { }
static inline void empty_statements(int *p) { ;;{} if (*p); else *p = 1; }
static inline int dangling_else(int a, int b) { if (a > 0) if (b > 0) return 1; else return 2; return 3; }
static inline int value_(int value, int field) { int get = value; int set = field; int var = get ^ set; int await = var; return await; }
static inline int Constructs_(int Constructs, int Math) { return Constructs + Math; }

/* Types that ask for more alignment than the stack has by itself. */
struct over_aligned { int a; } __attribute__((aligned(64)));
struct over_aligned_pair { struct over_aligned x, y; };
static inline unsigned long aligned_local(int v) { struct over_aligned b = { v }; struct over_aligned *p = &b; return ((unsigned long)p & 63) + p->a; }
static inline unsigned long aligned_array(int v) { struct over_aligned b[3] = { { 1 }, { v } }; return ((unsigned long)&b[1] & 63) + b[1].a + b[0].a + b[2].a; }
static inline unsigned long aligned_member(int v) { struct over_aligned_pair q = { { 1 }, { v } }; return ((unsigned long)&q.y & 63) + q.y.a; }
static inline unsigned long aligned_literal(int v) { struct over_aligned *p = &(struct over_aligned){ .a = v }; return ((unsigned long)p & 63) + p->a; }

/* --- what once went wrong --- */

enum small_color { SMALL_RED, SMALL_GREEN, SMALL_BLUE };

struct enum_bits {
	enum small_color two : 2;
	u32 six : 6;
	enum small_color whole;
};

static inline int enum_bits_value(u32 a) { struct enum_bits b = { 0 }; return b.two = a; }
static inline int enum_bits_compound(u32 a, u32 c) { struct enum_bits b = { .two = a & 3 }; return b.two += c; }
static inline int enum_bits_steps(u32 a) { struct enum_bits b = { .two = a & 3 }; int r = b.two++; r = r * 8 + --b.two; b.whole = a; b.whole >>= 1; return r * 8 + b.whole++; }
static inline u32 swap_16_of_narrow(u8 a) { return __builtin_bswap16(a); }
static inline u32 swap_32_of_narrow(u16 a) { return __builtin_bswap32(a); }
static inline u64 swap_64_of_narrow(u32 a) { return __builtin_bswap64(a) + __builtin_bswap16(0x1234); }
static inline int zeros_of_narrow(u32 a) { return __builtin_clzll(a | 1) + __builtin_clzl(5); }
static inline int literal_in_comma(int a) { struct point *p = (a++, &(struct point){ a, 2 }); struct point *q = (a++, &(struct point){ a, 3 }); return p->x * 100 + q->x + p->y * q->y; }
static inline int discard(int _, int *p) { (void)(*p)++; *p; return _ + *p; }
static inline int block(int a) { return a * 3; }
static inline int named_as_ours(int a) { int b = ({ a++; block(a); }); return b + a; }
static inline int named_as_storage(int a) { int x = a; int *p = &x; int x_storage = 5; int y = ({ x++; *p; }); return x_storage + y + x; }
static inline int named_as_section(int a) { switch (a & 1) { case 0: a++; case 1: a += 2; } if (a > 5) goto section_0_1; a *= 2; section_0_1: return a; }
static inline int switch_beyond_narrow(u8 a) { switch (a) { case -1: return 1; case 3 ... 300: return 4; case 301: return 2; } return 3; }
static inline int switch_long(long a) { switch (a) { case 1L << 40: return 1; case -1: return 4; case 0x7fffffffffffffff: return 6; default: return 2; } }
static inline int switch_unsigned_long(unsigned long a) { switch (a) { case 1L << 40: return 1; case -1: return 4; case 2 ... 0x100000000: return 6; default: return 2; } }
static inline void return_of_void(int *p) { return (void)(*p = 3); }
static inline float float_of_large(int a) { float f = 9007199791611905LL; return f + a; }
static inline long table_of_long(int i) { static const long t[4] = { 1, -2, 1L << 40, 3 }; return t[i & 3]; }
static inline int no_prototype() { return 5; }
static inline int call_without_prototype(int a) { return no_prototype() + a; }
struct with_volatile {
	volatile int word;
};
static inline struct with_volatile make_volatile(int a) { return (struct with_volatile){ a }; }
static inline int volatile_of_value(int a) { return make_volatile(a).word; }
static inline int place_with_variables(int *p, int a) { p[({ int i = a; i & 3; })] += 5; ++*(p + ({ int i = a; i & 1; })); return p[0]; }

#endif
