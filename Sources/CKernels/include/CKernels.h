/// The inner loops of the encoder and of the search among vectors, for the widest instructions that a processor has.
///
/// `scalar.c` is the specification, in plain C. `wide.h` (the encoder's) and `scan.h` (the search's) write the same over
/// vectors, and one file per instruction set (`avx2.c`, `avx512.c`, `neon.c`) compiles them. `dispatch.c` chooses once, by what the processor says that it has.
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

/// Rows whose coarse codes stand together, so that a register holds the same components of several rows.
enum { docket_block_rows = 32 };
/// Components whose weights share a multiplier.
enum { docket_scan_group = 64 };
/// Bytes of a row that bound what its codes leave out.
enum { docket_error_count = 4 };

/// A scan over blocks of coarse codes for the rows whose bound reaches a threshold.
///
/// A block is lines of 32 rows by four bytes. The first holds each row's errors. Then come the components of four bits,
/// eight to a line: four in the low halves of its bytes, the next four in the high halves. Then those of two bits, sixteen
/// to a line: four in the lowest bits of its bytes, the next four in the next, and so on.
///
/// With the components in groups of 64, the last of each kind perhaps smaller, a row's bound is
/// `Σ over groups g: multipliers[g] · Σ weights · codes`, and `error_multiplier · Σ error_weights · errors`.
/// Exact in 32-bit integers, so equal on every instruction set.
struct docket_code_scan {
    /// The leading components, of four bits: a multiple of 8, and of 64 where there are others.
    size_t nibble_count;
    /// The others, of two bits: a multiple of 16.
    size_t pair_count;
    /// `[components]`
    const int8_t *weights;
    /// `[groups]`, none below 0. Where they and that of the errors add up to at most 16,384, no bound overflows.
    const int32_t *multipliers;
    int32_t error_multiplier;
    /// None below 0.
    int8_t error_weights[docket_error_count];
};

static inline size_t docket_block_bytes(size_t nibble_count, size_t pair_count)
{
    return (1 + nibble_count / 8 + pair_count / 16) * docket_block_rows * 4;
}

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

    /// Writes the places, counted from the first row of `blocks`, and the bounds of the rows whose bound is `threshold` or
    /// more, in order; gives their number.
    /// - `blocks`: `[block_count, lines, 32, 4]`, the errors at most 127.
    /// - `places`, `bounds`: room for all rows.
    size_t (*scan_blocks)(
        const struct docket_code_scan *scan, const uint8_t *blocks, size_t block_count, int32_t threshold,
        uint32_t *places, int32_t *bounds);

    /// `sums[i] = Σₖ (codes[rows[i]][k] − 128) · query[k]`, exact in 32-bit integers.
    /// - `codes`: `[all rows, columns]`; `query`: `[columns]`; `column_count`: a multiple of 128, at most 65,536.
    void (*dot_rows)(
        const uint8_t *codes, size_t column_count, const int8_t *query, const uint32_t *rows, size_t row_count,
        int32_t *sums);

    /// Writes the places of the values that are `threshold` or more, in order; gives their number. NaN never is.
    /// - `places`: room for all.
    size_t (*select_values)(const float *values, size_t count, float threshold, uint32_t *places);
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
