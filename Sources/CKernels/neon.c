// NEON with the dot products of bytes of ARMv8.2: 4 lanes. They take signed bytes only, so codes are moved by 128.
#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#define LANES 4
#define ROWS 4
#define GROUPS 1
#define KERNELS docket_kernels_neon
#define KERNELS_NAME "neon"
#define CODE_SHIFT 128
#define DOT(sum, codes, weights) ((vi)vdotq_s32((int32x4_t)(sum), (int8x16_t)(codes), (int8x16_t)(weights)))
#define SUM(v) vaddvq_f32((float32x4_t)(v))
#define LARGEST(v) vmaxvq_f32((float32x4_t)(v))
#define LESSER(a, b) lesser(a, b)
#define GREATER(a, b) greater(a, b)
#define RECIPROCAL(v) (1 / (v))
typedef float vf __attribute__((vector_size(16)));

// The instructions for it give no number where either lane has none.
static inline vf lesser(vf a, vf b)
{
    float32x4_t x = (float32x4_t)a, y = (float32x4_t)b;
    return (vf)vbslq_f32(vcltq_f32(x, y), x, y);
}

static inline vf greater(vf a, vf b)
{
    float32x4_t x = (float32x4_t)a, y = (float32x4_t)b;
    return (vf)vbslq_f32(vcgtq_f32(x, y), x, y);
}

#include "wide.h"

#pragma clang attribute pop
#endif
