// Chooses the kernels once, by what the processor and the system support and DOCKET_KERNEL asks for.
#include "sets.h"

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif
#include <stdlib.h>
#include <string.h>

static const struct docket_kernels *available[4];
static const struct docket_kernels *best;

__attribute__((constructor)) static void find_available(void)
{
    size_t count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        available[count++] = &docket_kernels_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) available[count++] = &docket_kernels_avx2;
#elif defined(__aarch64__) && defined(__linux__)
    if (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) available[count++] = &docket_kernels_neon;
#endif
    available[count] = &docket_kernels_scalar;
    best = available[0];
    const char *wanted = getenv("DOCKET_KERNEL");
    for (size_t i = 0; wanted && i <= count; i++)
        if (strcmp(available[i]->name, wanted) == 0) best = available[i];
}

const struct docket_kernels *docket_kernels_best(void) { return best; }

const struct docket_kernels *docket_kernels_at(size_t index)
{
    return index < sizeof available / sizeof *available ? available[index] : NULL;
}

/// Room for the widest kernels: keys and scores padded to 16 tokens, values to 16 columns, eight queries.
size_t docket_attention_scratch(size_t token_count, size_t head_size)
{
    size_t stride = (token_count + 15) / 16 * 16, width = (head_size + 15) / 16 * 16;
    return head_size * stride + token_count * width + 8 * head_size + 8 * stride;
}
