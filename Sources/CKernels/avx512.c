// AVX-512 with VNNI: 16 lanes, and four products of bytes summed in each by one instruction.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vnni,fma"))), apply_to = function)

#define LANES 16
#define ROWS 6
#define GROUPS 4
#define KERNELS docket_kernels_avx512
#define KERNELS_NAME "avx512vnni"
#define CODE_SHIFT 0
#define DOT(sum, codes, weights) ((vi)_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(codes), (__m512i)(weights)))
#define SUM(v) _mm512_reduce_add_ps((__m512)(v))
#define LARGEST(v) _mm512_reduce_max_ps((__m512)(v))
#define LESSER(a, b) ((vf)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define GREATER(a, b) ((vf)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define RECIPROCAL(v) reciprocal(v)
typedef float vf __attribute__((vector_size(64)));

/// One step of Newton's method doubles the 14 bits.
static inline vf reciprocal(vf v)
{
    vf first = (vf)_mm512_rcp14_ps((__m512)v);
    return first * (2 - v * first);
}

#include "wide.h"

#pragma clang attribute pop
#endif
