/* Differs between x86-64 and AArch64, as generator/README.md shows. Ours. */
struct flags { _Bool a : 1; _Bool b : 1; unsigned : 5; _Bool c : 1; };
struct same { int x; long y; };
