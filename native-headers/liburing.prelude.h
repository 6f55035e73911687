/*
 * Ours, in place of liburing/barrier.h: C's atomics are built-ins that libclang does not tell apart, so the header
 * compiler sees calls of these functions, whose C# it knows (Translation/Intrinsic.cs). The macros take the same
 * arguments as the ones they stand for. Another compiler, which checks sizes and values, reads liburing's own.
 */
#ifdef __clang__
#define LIBURING_BARRIER_H

#define NVG_ATOMIC(TYPE) \
	TYPE __attribute__((overloadable)) __nvg_load_acquire(const TYPE *place); \
	TYPE __attribute__((overloadable)) __nvg_load_relaxed(const TYPE *place); \
	void __attribute__((overloadable)) __nvg_store_release(TYPE *place, TYPE value); \
	void __attribute__((overloadable)) __nvg_store_relaxed(TYPE *place, TYPE value);
NVG_ATOMIC(unsigned char)
NVG_ATOMIC(unsigned short)
NVG_ATOMIC(unsigned int)
NVG_ATOMIC(unsigned long)
NVG_ATOMIC(unsigned long long)
#undef NVG_ATOMIC

void __nvg_full_barrier(void);

#define IO_URING_WRITE_ONCE(var, val)		__nvg_store_relaxed(&(var), val)
#define IO_URING_READ_ONCE(var)			__nvg_load_relaxed(&(var))
#define io_uring_smp_store_release(p, v)	__nvg_store_release(p, v)
#define io_uring_smp_load_acquire(p)		__nvg_load_acquire(p)
#define io_uring_smp_mb()			__nvg_full_barrier()
#endif
