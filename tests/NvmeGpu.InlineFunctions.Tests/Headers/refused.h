/*
 * Constructs that have no translation. Each function is named after the construct as the report names it, in its comment.
 * Ours.
 */
#ifndef REFUSED_H
#define REFUSED_H

typedef unsigned int u32;

/* inline assembly */ static inline u32 inline_assembly(u32 a) { __asm__ volatile("addl $1, %0" : "+r"(a)); return a; }
/* variadic */ static inline int variable_arguments(int n, ...) { return n; }
/* va_arg */ static inline int next_argument(__builtin_va_list list) { return __builtin_va_arg(list, int); }
/* _Generic */ static inline int generic_selection(int a) { return _Generic(a, int: 1, default: 2); }
/* atomic */ static inline int sync_builtin(int *p) { return __sync_fetch_and_add(p, 1); }
/* atomic */ static inline int atomic_builtin(int *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
/* _Atomic */ static inline int atomic_type(_Atomic int *p) { return ++*p; }
/* long double */ static inline double long_double(double a) { long double b = a; return b * 3; }
/* __int128 */ static inline unsigned long int_128(unsigned long a) { return ((unsigned __int128)a * a) >> 64; }
/* label */ static inline int computed_goto(int a) { void *where = a ? &&one : &&two; goto *where; one: return 1; two: return 2; }
/* variable length */ static inline int variable_length_array(int n) { int a[(n & 7) + 1]; a[0] = n; return a[0] + (int)sizeof(a); }
/* alloca */ static inline int stack_allocation(int n) { int *p = __builtin_alloca(16); p[0] = n; return p[0]; }
/* setjmp */ static inline int long_jump(void **buffer) { return __builtin_setjmp(buffer); }
/* static */ static inline int static_local(void) { static int count; return ++count; }
/* _Complex */ static inline double complex_number(double a) { _Complex double c = a; return __real__ c; }
typedef int four_ints /* a vector */ __attribute__((vector_size(16)));
/* four_ints */ static inline int vector_type(int a) { four_ints v = { a, a, a, a }; return v[1]; }
/* goto */ static inline int goto_into_block(int a) { if (a) goto in; { a = 5; in: a++; } return a; }
/* case */ static inline int case_into_loop(int a) { switch (a & 1) { case 0: do { a += 2; case 1: a++; } while (a < 3); } return a; }
/* string */ static inline int text_beyond_ascii(int i) { const char *s = "\x41\xff"; return s[i & 1]; }
struct wide_bits {
	unsigned long forty : 40;
};
/* bit-field */ static inline unsigned long wide_bit_field(struct wide_bits *b) { return b->forty << 30; }
/* bit-field */ static inline int wide_bit_field_compared(struct wide_bits *b, int a) { return b->forty > a; }
/* static */ static inline int static_structs(int i) { static const struct wide_bits t[2] = { { 1 } }; return t[i & 1].forty; }
/* return */ static inline int statement_expression_returns(int a) { int b = ({ if (a < 0) return 77; a + 1; }); return b; }
/* break */ static inline int statement_expression_breaks(int a) { int n = 0; for (int i = 0; i < 6; i++) n += ({ if (i == (a & 7)) break; i; }); return n; }
/* continue */ static inline int statement_expression_continues(int a) { int n = 0; for (int i = 0; i < 6; i++) { n += ({ if (i == (a & 7)) continue; i; }); n++; } return n; }
/* case */ static inline int switch_goto(int a) { switch (a & 3) { case 0: goto two; case 1: return 10; two: case 2: return 20; } return 30; }
/* bit-field */ static inline unsigned long wide_bit_field_divided(struct wide_bits *b, int a) { return b->forty /= a | 1; }
/* bit-field */ static inline unsigned long wide_bit_field_assigned(struct wide_bits *b, int a) { return (b->forty = a) << 30; }
/* bit-field */ static inline unsigned long wide_bit_field_in_comma(struct wide_bits *b, int a) { return (a, b->forty) << 30; }
/* bit-field */ static inline unsigned long wide_bit_field_stepped(struct wide_bits *b) { return b->forty++ << 30; }
/* bit-field */ static inline unsigned long wide_bit_field_or(struct wide_bits *b, int a) { return b->forty ?: a; }
/* atomic */ static inline int atomic_with_elvis(int *p, int a) { return __atomic_exchange_n(p, a ?: 3, 5); }
/* choose */ static inline int choose_with_elvis(int a) { return __builtin_choose_expr(1, a ?: 3, 5); }
static inline void end_of_life(int **p) { **p = 5; }
#define SCOPED __attribute__((__cleanup__(end_of_life)))
/* cleanup */ static inline int cleaned_up(int *p) { { SCOPED int *q = p; *q = 1; } return *p; }
/* static */ static inline const int *address_of_static(void) { static const int x = 5; return &x; }
/* continue */ static inline int continues_in_switch(int a) { int n = 0; for (int i = 0; i < 6; i++) { n += ({ switch (a) { case 1: continue; } 5; }); n++; } return n; }
struct with_array {
	int a[3];
};
static inline struct with_array not_refused_array(int a) { return (struct with_array){ { a } }; }
/* array */ static inline int array_of_value(int a) { return not_refused_array(a).a[0]; }
/* without a name */ static inline int nameless(int a) { struct { int x; } s = { a }; return s.x; }
enum shared_name { SHARED_A };
/* enum */ static inline int shared_name(int a) { return a + SHARED_A; }
/* refused */ static inline u32 calls_a_refused_one(u32 a) { return inline_assembly(a) + 1; }

/* This one is translated: a refusal must not take others with it. */
static inline u32 not_refused(u32 a) { return a + 1; }

#endif
