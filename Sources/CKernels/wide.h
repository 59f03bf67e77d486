// The kernels over vectors of `LANES` values, compiled by each instruction set's file, which defines:
//   LANES            32-bit values in a register
//   ROWS, GROUPS     the tile of a code product that fits the registers: rows by groups of 16 outputs
//   DOT              sums four byte products into each lane
//   SUM, LARGEST     of a vector's lanes
//   RECIPROCAL       of each lane, within 2⁻²²
//   KERNELS, KERNELS_NAME
#include "sets.h"

#include <math.h>
#include <string.h>

#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))
#define VECTORS_PER_GROUP (docket_group_size / LANES)

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));

INLINE vf load(const float *p) { vf v; memcpy(&v, p, sizeof v); return v; }
INLINE void store(float *p, vf v) { memcpy(p, &v, sizeof v); }
INLINE vi load_integers(const void *p) { vi v; memcpy(&v, p, sizeof v); return v; }
INLINE vf splat(float x) { return x - (vf){0}; }

/// The first `count` of a vector's values, and 0 in the others.
INLINE vf load_first(const float *p, size_t count)
{
    vf v = {0};
    memcpy(&v, p, count * sizeof *p);
    return v;
}

INLINE void store_first(float *p, vf v, size_t count) { memcpy(p, &v, count * sizeof *p); }

INLINE vf magnitude(vf x) { return (vf)((vi)x & 0x7FFFFFFF); }

/// The nearest integer, halves to even, for |x| < 2²²: 1.5 · 2²³ leaves it in the low bits of the sum.
#define ROUNDER 12582912.0f

/// eˣ with a relative error below 2e-7, for x clamped to where the result is a normal number: x = n·ln 2 + r with
/// |r| ≤ ln 2 / 2, eʳ by the polynomial of the Cephes library's `expf` (Moshier 1992, <https://www.netlib.org/cephes/>).
INLINE vf exponential(vf x)
{
    x = __builtin_elementwise_min(__builtin_elementwise_max(x, splat(-87)), splat(88));
    vf shifted = x * 1.44269504f + ROUNDER;
    vf n = shifted - ROUNDER;
    vf r = (x - n * 0.693359375f) + n * 2.1219444e-4f;
    vf p = r * 1.98756915e-4f + 1.39819995e-3f;
    p = p * r + 8.3334519e-3f;
    p = p * r + 4.1665796e-2f;
    p = p * r + 1.6666665e-1f;
    p = p * r + 5.0000001e-1f;
    vf fraction = p * (r * r) + r + 1;
    return (vf)((vi)fraction + ((vi)shifted << 23));
}

/// erf(x) within 7e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26 (itself within 1.5e-7).
INLINE vf error_function(vf x)
{
    vf positive = magnitude(x);
    vf t = RECIPROCAL(1 + 0.3275911f * positive);
    vf p = t * 1.061405429f - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    vf result = 1 - p * t * exponential(-positive * positive);
    return (vf)((vi)result | ((vi)x & (int32_t)0x80000000));
}

// MARK: Codes

INLINE vf scaled(const float *values, const float *factors, size_t first, size_t count)
{
#pragma clang fp contract(off)
    if (count == LANES) return factors ? load(values + first) * load(factors + first) : load(values + first);
    vf v = load_first(values + first, count);
    return factors ? v * load_first(factors + first, count) : v;
}

INLINE void quantize_some(
    const float *values, const float *factors, size_t first, size_t count, float inverse, int32_t zero, uint8_t *codes)
{
#pragma clang fp contract(off)
    vf v = scaled(values, factors, first, count) * inverse + ROUNDER;
    vi integers = (vi)v - ((vi)splat(ROUNDER) - zero);
    integers = __builtin_elementwise_min(__builtin_elementwise_max(integers, (vi){0}), 255 - (vi){0});
    typedef uint8_t bytes __attribute__((vector_size(LANES)));
    bytes b = __builtin_convertvector(integers, bytes);
    memcpy(codes + first, &b, count);
}

/// The range of a row's values. Two running extremes each, so that none waits for the one before.
INLINE struct docket_code_range range_of(
    const float *values, const float *factors, size_t whole, size_t rest, float *inverse)
{
    vf low[2] = {0}, high[2] = {0};
    for (size_t c = 0; c < whole; c += LANES) {
        vf v = scaled(values, factors, c, LANES);
        size_t i = c / LANES % 2;
        low[i] = __builtin_elementwise_min(low[i], v);
        high[i] = __builtin_elementwise_max(high[i], v);
    }
    if (rest) {
        vf v = scaled(values, factors, whole, rest);
        low[0] = __builtin_elementwise_min(low[0], v);
        high[0] = __builtin_elementwise_max(high[0], v);
    }
    float smallest = -LARGEST(-__builtin_elementwise_min(low[0], low[1]));
    return docket_code_range(smallest, LARGEST(__builtin_elementwise_max(high[0], high[1])), inverse);
}

static void quantize_rows(
    const float *rows, size_t row_count, size_t column_count, const float *factors, uint8_t *codes,
    struct docket_code_range *ranges)
{
    size_t whole = column_count / LANES * LANES, rest = column_count - whole;
    for (size_t row = 0; row < row_count; row++) {
        const float *values = rows + row * column_count;
        float inverse;
        struct docket_code_range range = ranges[row] = range_of(values, factors, whole, rest, &inverse);
        uint8_t *target = codes + row * column_count;
        for (size_t c = 0; c < whole; c += LANES)
            quantize_some(values, factors, c, LANES, inverse, range.zero, target);
        if (rest) quantize_some(values, factors, whole, rest, inverse, range.zero, target);
    }
}

/// A tile of the product: `rows` rows by `groups` groups of outputs, its sums in registers from the first input to the
/// last. `rows` and `groups` are constants where it is called, so that the loops unroll.
INLINE void multiply_tile(
    const struct docket_code_product *p, size_t row, size_t group, size_t rows, size_t groups)
{
    size_t vectors = groups * VECTORS_PER_GROUP;
    size_t group_stride = p->input_count * docket_group_size;
    const uint8_t *codes = p->codes + row * p->input_count;
    const int8_t *weights = p->weights + group * group_stride;
    size_t output = group * docket_group_size;
    vi sums[ROWS][GROUPS * VECTORS_PER_GROUP];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++)
            sums[r][v] = load_integers(p->weight_sums + output + v * LANES) * -p->ranges[row + r].zero;
    for (size_t input = 0; input < p->input_count; input += docket_input_step) {
        vi column[GROUPS * VECTORS_PER_GROUP];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
            const int8_t *place = weights + v / VECTORS_PER_GROUP * group_stride + input * docket_group_size
                + v % VECTORS_PER_GROUP * LANES * docket_input_step;
            column[v] = load_integers(place);
        }
#pragma clang loop unroll(full)
        for (size_t r = 0; r < rows; r++) {
            int32_t four;
            memcpy(&four, codes + r * p->input_count + input, sizeof four);
            vi repeated = four - (vi){0};
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) sums[r][v] = DOT(sums[r][v], repeated, column[v]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
            vf scale = load(p->weight_scales + output + v * LANES) * p->ranges[row + r].scale;
            store(p->output + (row + r) * p->output_count + output + v * LANES,
                __builtin_convertvector(sums[r][v], vf) * scale);
        }
}

INLINE void multiply_rows(const struct docket_code_product *p, size_t row, size_t group, size_t groups)
{
    switch (p->row_count - row) {
    case 1: return multiply_tile(p, row, group, 1, groups);
    case 2: return multiply_tile(p, row, group, 2, groups);
    case 3: return multiply_tile(p, row, group, 3, groups);
#if ROWS > 4
    case 4: return multiply_tile(p, row, group, 4, groups);
    case 5: return multiply_tile(p, row, group, 5, groups);
#endif
    default: return multiply_tile(p, row, group, ROWS, groups);
    }
}

/// A panel of weights at a time, over all rows: it stays in the first cache.
static void multiply_codes(const struct docket_code_product *p)
{
    size_t group_count = p->output_count / docket_group_size, group = 0;
    for (; group + GROUPS <= group_count; group += GROUPS)
        for (size_t row = 0; row < p->row_count; row += ROWS) multiply_rows(p, row, group, GROUPS);
    for (; group < group_count; group++)
        for (size_t row = 0; row < p->row_count; row += ROWS) multiply_rows(p, row, group, 1);
}

// MARK: Attention

/// Queries handled together, and the vectors of keys or values beside them: a tile that fits the registers.
#define QUERIES (LANES == 16 ? 8 : 4)
#define TILE_VECTORS (LANES == 16 ? 3 : 2)

/// One head: its values where they are, or padded to whole vectors, `value_stride` apart; and in the scratch its keys
/// `[head_size, stride]`, queries `[QUERIES, head_size]` and scores `[QUERIES, stride]`.
struct head {
    size_t stride, width, value_stride;
    const float *values;
    float *keys, *padded, *queries, *scores;
};

INLINE size_t rounded_up(size_t count, size_t step) { return (count + step - 1) / step * step; }

static struct head head_in(const struct docket_attention *a)
{
    size_t stride = rounded_up(a->token_count, TILE_VECTORS * LANES), width = rounded_up(a->head_size, LANES);
    float *keys = a->scratch, *padded = keys + a->head_size * stride;
    float *queries = padded + a->token_count * width, *scores = queries + QUERIES * a->head_size;
    return (struct head){stride, width, 0, NULL, keys, padded, queries, scores};
}

/// Lays out one head's keys by column. Their bias adds the same to every score of a query, so softmax drops it; the
/// values' bias is added at the end, since the weights sum to 1.
static void pack(const struct docket_attention *a, size_t number, struct head *h)
{
    size_t width = a->head_count * a->head_size;
    const float *keys = a->query_key_value + width + number * a->head_size;
    for (size_t t = 0; t < a->token_count; t++)
        for (size_t i = 0; i < a->head_size; i++) h->keys[i * h->stride + t] = keys[3 * t * width + i];
    for (size_t i = 0; i < a->head_size; i++)
        for (size_t t = a->token_count; t < h->stride; t++) h->keys[i * h->stride + t] = 0;
    h->values = keys + width;
    h->value_stride = 3 * width;
    if (h->width == a->head_size) return;
    memset(h->padded, 0, a->token_count * h->width * sizeof *h->padded);
    for (size_t t = 0; t < a->token_count; t++)
        memcpy(h->padded + t * h->width, h->values + t * h->value_stride, a->head_size * sizeof *h->padded);
    h->values = h->padded;
    h->value_stride = h->width;
}

/// `scores = queries · keys` for one tile of keys.
INLINE void score(struct head h, size_t head_size, size_t first)
{
    vf sums[QUERIES][TILE_VECTORS] = {0};
    for (size_t i = 0; i < head_size; i++) {
        vf keys[TILE_VECTORS];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < TILE_VECTORS; v++) keys[v] = load(h.keys + i * h.stride + first + v * LANES);
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUERIES; q++)
#pragma clang loop unroll(full)
            for (size_t v = 0; v < TILE_VECTORS; v++) sums[q][v] += h.queries[q * head_size + i] * keys[v];
    }
#pragma clang loop unroll(full)
    for (size_t q = 0; q < QUERIES; q++)
#pragma clang loop unroll(full)
        for (size_t v = 0; v < TILE_VECTORS; v++) store(h.scores + q * h.stride + first + v * LANES, sums[q][v]);
}

/// Turns one query's scores into weights and returns their sum. Scores behind the last token count for nothing.
INLINE float weigh(float *scores, size_t count)
{
    size_t end = rounded_up(count, LANES);
    for (size_t t = count; t < end; t++) scores[t] = -INFINITY;
    vf most = load(scores);
    for (size_t t = LANES; t < end; t += LANES) most = __builtin_elementwise_max(most, load(scores + t));
    float top = LARGEST(most);
    vf total = {0};
    for (size_t t = 0; t < end; t += LANES) {
        vf weight = exponential(load(scores + t) - top);
        store(scores + t, weight);
        total += weight;
    }
    return SUM(total);
}

/// `weights · values` for some vectors of the head's columns.
INLINE void mix(struct head h, size_t token_count, size_t column, size_t vectors, vf sums[QUERIES][2])
{
    vf mixed[QUERIES][2] = {0};
    for (size_t t = 0; t < token_count; t++) {
        vf values[2];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) values[v] = load(h.values + t * h.value_stride + column + v * LANES);
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUERIES; q++)
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) mixed[q][v] += h.scores[q * h.stride + t] * values[v];
    }
    memcpy(sums, mixed, sizeof mixed);
}

/// Writes one vector of the context of one query, or as much of it as the head has columns.
INLINE void store_context(const struct docket_attention *a, size_t number, size_t query, size_t column, vf mixed)
{
    size_t width = a->head_count * a->head_size, columns = a->head_size - column;
    const float *bias = a->bias + 2 * width + number * a->head_size + column;
    float *context = a->context + query * width + number * a->head_size + column;
    if (columns >= LANES) store(context, mixed + load(bias));
    else store_first(context, mixed + load_first(bias, columns), columns);
}

static void attend_queries(const struct docket_attention *a, size_t number, struct head h, size_t first)
{
    size_t width = a->head_count * a->head_size, count = a->token_count - first;
    if (count > QUERIES) count = QUERIES;
    const float *bias = a->bias + number * a->head_size;
    float factor = 1 / sqrtf((float)a->head_size);
    for (size_t q = 0; q < count; q++) {
        const float *query = a->query_key_value + (first + q) * 3 * width + number * a->head_size;
        for (size_t i = 0; i < a->head_size; i++) h.queries[q * a->head_size + i] = (query[i] + bias[i]) * factor;
    }
    for (size_t t = 0; t < a->token_count; t += TILE_VECTORS * LANES) score(h, a->head_size, t);
    float totals[QUERIES];
    for (size_t q = 0; q < count; q++) totals[q] = weigh(h.scores + q * h.stride, a->token_count);
    vf mixed[QUERIES][2];
    for (size_t column = 0; column < h.width; column += 2 * LANES) {
        size_t vectors = h.width - column > LANES ? 2 : 1;
        if (vectors == 2) mix(h, a->token_count, column, 2, mixed);
        else mix(h, a->token_count, column, 1, mixed);
        for (size_t q = 0; q < count; q++)
            for (size_t v = 0; v < vectors; v++)
                store_context(a, number, first + q, column + v * LANES, mixed[q][v] * (1 / totals[q]));
    }
}

static void attend(const struct docket_attention *a)
{
    struct head h = head_in(a);
    memset(h.queries, 0, QUERIES * a->head_size * sizeof *h.queries);
    for (size_t number = 0; number < a->head_count; number++) {
        pack(a, number, &h);
        for (size_t first = 0; first < a->token_count; first += QUERIES) attend_queries(a, number, h, first);
    }
}

// MARK: Rows

INLINE vf activated(vf x, enum docket_activation activation)
{
    switch (activation) {
    case docket_activation_gelu: return 0.5f * x * (1 + error_function(x * 0.70710677f));
    // (1 + tanh y) / 2 is the logistic function of 2y.
    case docket_activation_gelu_tanh:
        return x * RECIPROCAL(1 + exponential(-2 * 0.79788456f * (x + 0.044715f * x * x * x)));
    case docket_activation_relu: return __builtin_elementwise_max(x, splat(0));
    }
    return x;
}

INLINE void activate(
    float *rows, size_t row_count, size_t column_count, const float *bias, enum docket_activation activation)
{
    size_t whole = column_count / LANES * LANES, rest = column_count - whole;
    for (size_t row = 0; row < row_count; row++) {
        float *values = rows + row * column_count;
        for (size_t c = 0; c < whole; c += LANES)
            store(values + c, activated(load(values + c) + load(bias + c), activation));
        if (rest) {
            vf x = load_first(values + whole, rest) + load_first(bias + whole, rest);
            store_first(values + whole, activated(x, activation), rest);
        }
    }
}

static void activate_rows(
    float *rows, size_t row_count, size_t column_count, const float *bias, enum docket_activation activation)
{
    // One loop for each, without a decision in it.
    switch (activation) {
    case docket_activation_gelu: return activate(rows, row_count, column_count, bias, docket_activation_gelu);
    case docket_activation_gelu_tanh: return activate(rows, row_count, column_count, bias, docket_activation_gelu_tanh);
    case docket_activation_relu: return activate(rows, row_count, column_count, bias, docket_activation_relu);
    }
}

static void normalize_rows(
    const float *rows, const float *bias, float *residual, size_t row_count, size_t column_count, const float *scale,
    const float *shift, float epsilon)
{
    size_t whole = column_count / LANES * LANES;
    for (size_t row = 0; row < row_count; row++) {
        const float *source = rows + row * column_count;
        float *values = residual + row * column_count;
        vf totals = {0}, squares = {0};
        float total = 0, square = 0;
        for (size_t c = 0; c < whole; c += LANES) {
            vf x = load(values + c) + load(source + c) + load(bias + c);
            store(values + c, x);
            totals += x;
        }
        for (size_t c = whole; c < column_count; c++) total += values[c] += source[c] + bias[c];
        float mean = (SUM(totals) + total) / (float)column_count;
        for (size_t c = 0; c < whole; c += LANES) {
            vf x = load(values + c) - mean;
            squares += x * x;
        }
        for (size_t c = whole; c < column_count; c++) square += (values[c] - mean) * (values[c] - mean);
        float factor = 1 / sqrtf((SUM(squares) + square) / (float)column_count + epsilon);
        for (size_t c = 0; c < whole; c += LANES)
            store(values + c, (load(values + c) - mean) * factor * load(scale + c) + load(shift + c));
        for (size_t c = whole; c < column_count; c++) values[c] = (values[c] - mean) * factor * scale[c] + shift[c];
    }
}

const struct docket_kernels KERNELS = {
    KERNELS_NAME, quantize_rows, multiply_codes, attend, activate_rows, normalize_rows,
};
