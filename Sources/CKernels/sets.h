/// What the files of this room share.
#ifndef DOCKET_SETS_H
#define DOCKET_SETS_H

#include "CKernels.h"

extern const struct docket_kernels docket_kernels_scalar;
#if defined(__x86_64__)
extern const struct docket_kernels docket_kernels_avx2;
extern const struct docket_kernels docket_kernels_avx512;
#elif defined(__aarch64__)
extern const struct docket_kernels docket_kernels_neon;
#endif

/// The range of a row whose smallest and largest values these are, and what a value is multiplied by to become a code.
static inline struct docket_code_range docket_code_range(float smallest, float largest, float *inverse)
{
    float low = smallest < 0 ? smallest : 0, high = largest > 0 ? largest : 0, scale = (high - low) / 255;
    *inverse = 0;
    // Without an inverse that is a number all codes are 0: too small a row is one of zeros, an infinite one stays so.
    if (!(scale >= 1e-32f && scale <= 1e36f)) return (struct docket_code_range){scale < 1 ? 0 : scale, 0};
    *inverse = 1 / scale;
    return (struct docket_code_range){scale, (int32_t)(-low * *inverse + 0.5f)};
}

#endif
