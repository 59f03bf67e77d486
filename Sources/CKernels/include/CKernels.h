/// The inner loops of the encoder for the widest instructions that a processor has.
///
/// `scalar.c` is the specification, in plain C. `wide.h` writes the same over vectors, and one file per instruction set
/// (`avx2.c`, `avx512.c`, `neon.c`) compiles it. `dispatch.c` chooses once, by what the processor says that it has.
///
/// All matrices are row-major. Sizes count elements. No function allocates, and none keeps a pointer.
#ifndef DOCKET_CKERNELS_H
#define DOCKET_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Weights are laid out in groups of so many outputs, so that one layout serves every instruction set.
enum { docket_group_size = 16 };
/// The inputs of a code product come four at a time.
enum { docket_input_step = 4 };

/// A row of floats as bytes: `value ≈ scale · (code − zero)`.
struct docket_code_range {
    float scale;
    /// The code of 0, from 0 to 255.
    int32_t zero;
};

/// `output[m][n] = ranges[m].scale · weight_scales[n] · Σₖ (codes[m][k] − ranges[m].zero) · weights[n][k]`, exact in 32-bit
/// integers up to the scaling, so equal on every instruction set.
struct docket_code_product {
    size_t row_count;
    /// A multiple of `docket_input_step`, at most 65,536: beyond 66,000 a sum could overflow.
    size_t input_count;
    /// A multiple of `docket_group_size`.
    size_t output_count;
    /// `[rows, inputs]`
    const uint8_t *codes;
    /// `[rows]`
    const struct docket_code_range *ranges;
    /// `[outputs / 16, inputs / 4, 16, 4]`
    const int8_t *weights;
    /// `[outputs]`
    const float *weight_scales;
    /// `[outputs]`: `Σₖ weights[n][k]`.
    const int32_t *weight_sums;
    /// `[rows, outputs]` with rows `output_stride` apart, overwritten.
    float *output;
    size_t output_stride;
};

/// Multi-head self-attention of one sequence, `softmax(Q · Kᵀ / √d) · V` per head
/// (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>), for the heads from `first_head` to before `head_end`.
struct docket_attention {
    size_t token_count;
    size_t head_count;
    size_t head_size;
    size_t first_head;
    size_t head_end;
    /// `[tokens, 3, heads, head_size]`: queries, keys and values before their bias.
    const float *query_key_value;
    /// `[3, heads, head_size]`
    const float *bias;
    /// Room for `docket_attention_scratch(token_count, head_size)` floats.
    float *scratch;
    /// `[tokens, heads, head_size]`, overwritten in the columns of those heads.
    float *context;
};

/// The function between the halves of a feed-forward block.
enum docket_activation {
    /// x · Φ(x) (Hendrycks and Gimpel, <https://arxiv.org/abs/1606.08415>); Φ within 3e-7.
    docket_activation_gelu,
    /// The same with Φ by its tanh form.
    docket_activation_gelu_tanh,
    docket_activation_relu,
};

/// One instruction set's functions.
struct docket_kernels {
    const char *name;

    /// `codes = zero + round(rows · factors / scale)`, with each row's range such that its smallest and largest values, and
    /// 0, become codes from 0 to 255. Nearly all values behind a GELU are positive: a range of their own serves them
    /// twice as well as one around 0.
    ///
    /// A row of zeros has scale 0 and codes 0. Bit for bit equal on every instruction set.
    /// - `factors`: `[columns]`, or null for 1.
    void (*quantize_rows)(
        const float *rows, size_t row_count, size_t column_count, const float *factors, uint8_t *codes,
        struct docket_code_range *ranges);

    void (*multiply_codes)(const struct docket_code_product *product);

    void (*attend)(const struct docket_attention *attention);

    /// `rows = activation(rows + bias)`, in place. `rows`: `[rows, columns]`, `bias`: `[columns]`.
    void (*activate_rows)(
        float *rows, size_t row_count, size_t column_count, const float *bias, enum docket_activation activation);

    /// `residual = norm(rows + bias + residual) · scale + shift`, row by row, over `[rows, columns]`
    /// (Ba, Kiros and Hinton, <https://arxiv.org/abs/1607.06450>).
    void (*normalize_rows)(
        const float *rows, const float *bias, float *residual, size_t row_count, size_t column_count,
        const float *scale, const float *shift, float epsilon);
};

/// Tells the processor that this thread waits for another one's store.
static inline void docket_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// The floats that attention needs beside its input and output.
size_t docket_attention_scratch(size_t token_count, size_t head_size);

/// The best kernels for this processor, or those that the variable DOCKET_KERNEL names, where it can run them.
const struct docket_kernels *docket_kernels_best(void);

/// The kernels that this processor can run, best first; the scalar ones are always the last. Null beyond the last.
const struct docket_kernels *docket_kernels_at(size_t index);

#endif
