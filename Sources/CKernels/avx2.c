// AVX2 with FMA: 8 lanes. Its product of bytes saturates at 16 bits, so bytes are widened first and the sums stay exact.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

static inline __m256i dot(__m256i sum, __m256i codes, __m256i weights)
{
    __m256i low = _mm256_set1_epi16(0xFF);
    __m256i even = _mm256_madd_epi16(_mm256_and_si256(codes, low), _mm256_srai_epi16(_mm256_slli_epi16(weights, 8), 8));
    __m256i odd = _mm256_madd_epi16(_mm256_srli_epi16(codes, 8), _mm256_srai_epi16(weights, 8));
    return _mm256_add_epi32(sum, _mm256_add_epi32(even, odd));
}

/// The lanes added up: halves, then quarters, then eighths.
static inline float sum(__m256 v)
{
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

static inline float largest(__m256 v)
{
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

#define LANES 8
#define ROWS 4
#define GROUPS 1
#define KERNELS docket_kernels_avx2
#define KERNELS_NAME "avx2"
#define CODE_SHIFT 0
#define DOT(sum, codes, weights) ((vi)dot((__m256i)(sum), (__m256i)(codes), (__m256i)(weights)))
#define SUM(v) sum((__m256)(v))
#define LARGEST(v) largest((__m256)(v))
#define LESSER(a, b) ((vf)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define GREATER(a, b) ((vf)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define RECIPROCAL(v) (1 / (v))
#include "wide.h"

#pragma clang attribute pop
#endif
