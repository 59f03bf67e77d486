/// What the files of this room share.
#ifndef DOCKET_SETS_H
#define DOCKET_SETS_H

#include "CKernels.h"

extern const struct docket_kernels docket_kernels_scalar;
#if defined(__x86_64__)
extern const struct docket_kernels docket_kernels_avx2;
extern const struct docket_kernels docket_kernels_avx512;
#endif

/// Codes run from 128 − 127 to 128 + 127; 128 stands for zero.
#define DOCKET_CODE_MAX 127.0f

/// What a row's values are multiplied by to become codes, and its codes to become values again.
static inline float docket_code_inverse(float largest) { return largest > 0 ? DOCKET_CODE_MAX / largest : 0; }
static inline float docket_code_scale(float largest) { return largest / DOCKET_CODE_MAX; }

#endif
