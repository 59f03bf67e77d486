// The kernels over vectors of `LANES` values, compiled by each instruction set's file, which defines:
//   LANES            32-bit values in a register
//   ROWS, GROUPS     the tile of a code product that fits the registers: rows by groups of 16 outputs
//   DOT              sums four byte products into each lane, of codes less CODE_SHIFT, which is 0 or 128
//   SUM, LARGEST     of a vector's lanes
//   LESSER, GREATER  of two vectors' lanes; where one is no number, the second's
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

/// The nearest integer, halves to even, for |x| < 2²²: 1.5 · 2²³ leaves it in the low bits of the sum.
#define ROUNDER 12582912.0f

/// eˣ with a relative error below 2e-7, for x clamped to where the result is a normal number; NaN stays NaN.
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2, eʳ by the polynomial of the Cephes library's `expf` (Moshier 1992, <https://www.netlib.org/cephes/>).
INLINE vf exponential(vf x)
{
    x = LESSER(splat(88), GREATER(splat(-87), x));
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

/// Beyond it, x · Φ(x) is below 5e-7 on one side and x on the other.
#define GELU_EDGE 5.25f

/// x · Φ(x) with Φ within 3e-7: Φ(x) − ½ = x · P(2x²/edge² − 1), where P is the minimax polynomial of degree 13 for Φ on
/// [0, edge], found by Lawson's reweighted least squares.
INLINE vf gelu(vf x)
{
    static const float coefficients[] = {
        -0.000560955727f, 0.0014566133f, -0.00132634304f, 0.00186944229f, -0.0051199873f, 0.0090703778f,
        -0.0129543832f, 0.0183259957f, -0.0249949321f, 0.0320642628f, -0.0397686325f, 0.0496438965f, -0.0671266541f,
        0.134659365f,
    };
    vf inner = LESSER(splat(GELU_EDGE), GREATER(splat(-GELU_EDGE), x));
    vf t = inner * inner * (2 / (GELU_EDGE * GELU_EDGE)) - 1;
    vf p = splat(coefficients[0]);
#pragma clang loop unroll(full)
    for (size_t i = 1; i < sizeof coefficients / sizeof *coefficients; i++) p = p * t + coefficients[i];
    vf result = x * (inner * p + 0.5f);
    return (vf)((vi)result & ~(x < -GELU_EDGE));
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
    vf low = {0}, high = {0}, other_low = {0}, other_high = {0};
    size_t c = 0;
    for (; c + 2 * LANES <= whole; c += 2 * LANES) {
        vf v = scaled(values, factors, c, LANES), w = scaled(values, factors, c + LANES, LANES);
        low = LESSER(v, low);
        high = GREATER(v, high);
        other_low = LESSER(w, other_low);
        other_high = GREATER(w, other_high);
    }
    for (; c < whole + rest; c += LANES) {
        vf v = scaled(values, factors, c, c < whole ? LANES : rest);
        low = LESSER(v, low);
        high = GREATER(v, high);
    }
    float smallest = -LARGEST(-LESSER(low, other_low));
    return docket_code_range(smallest, LARGEST(GREATER(high, other_high)), inverse);
}

INLINE void quantize(
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

static void quantize_rows(
    const float *rows, size_t row_count, size_t column_count, const float *factors, uint8_t *codes,
    struct docket_code_range *ranges)
{
    // Each with its own loops, which do not ask at every step.
    if (factors) quantize(rows, row_count, column_count, factors, codes, ranges);
    else quantize(rows, row_count, column_count, NULL, codes, ranges);
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
            sums[r][v] = load_integers(p->weight_sums + output + v * LANES) * (CODE_SHIFT - p->ranges[row + r].zero);
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
            vi repeated = (four ^ (int32_t)(CODE_SHIFT * 0x01010101u)) - (vi){0};
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) sums[r][v] = DOT(sums[r][v], repeated, column[v]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) {
            vf scale = load(p->weight_scales + output + v * LANES) * p->ranges[row + r].scale;
            store(p->output + (row + r) * p->output_stride + output + v * LANES,
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
    size_t stride = rounded_up(a->token_count, LANES), width = rounded_up(a->head_size, LANES);
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

/// `scores = queries · keys` for one tile of keys, `vectors` wide.
INLINE void score_tile(struct head h, size_t head_size, size_t first, size_t vectors)
{
    vf sums[QUERIES][TILE_VECTORS] = {0};
    for (size_t i = 0; i < head_size; i++) {
        vf keys[TILE_VECTORS];
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) keys[v] = load(h.keys + i * h.stride + first + v * LANES);
#pragma clang loop unroll(full)
        for (size_t q = 0; q < QUERIES; q++)
#pragma clang loop unroll(full)
            for (size_t v = 0; v < vectors; v++) sums[q][v] += h.queries[q * head_size + i] * keys[v];
    }
#pragma clang loop unroll(full)
    for (size_t q = 0; q < QUERIES; q++)
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) store(h.scores + q * h.stride + first + v * LANES, sums[q][v]);
}

static void score(struct head h, size_t head_size)
{
    size_t first = 0;
    for (; first + TILE_VECTORS * LANES <= h.stride; first += TILE_VECTORS * LANES)
        score_tile(h, head_size, first, TILE_VECTORS);
    for (; first < h.stride; first += LANES) score_tile(h, head_size, first, 1);
}

/// Which lane is which: 0, 1, 2, ….
INLINE vi lane_numbers(void)
{
    vi v;
    for (int i = 0; i < LANES; i++) v[i] = i;
    return v;
}

/// A vector of scores, where those behind the last token count for nothing.
INLINE vf scores_at(const float *scores, size_t first, size_t count)
{
    vf v = load(scores + first);
    if (first + LANES <= count) return v;
    vi is_token = lane_numbers() < (int32_t)(count - first);
    return (vf)(((vi)v & is_token) | ((vi)splat(-INFINITY) & ~is_token));
}

/// Turns one query's scores into weights and returns their sum.
INLINE float weigh(float *scores, size_t count)
{
    vf most = scores_at(scores, 0, count);
    for (size_t t = LANES; t < count; t += LANES) most = GREATER(most, scores_at(scores, t, count));
    float top = LARGEST(most);
    vf total = {0};
    for (size_t t = 0; t < count; t += LANES) {
        vf weight = exponential(scores_at(scores, t, count) - top);
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
    score(h, a->head_size);
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
    for (size_t number = a->first_head; number < a->head_end; number++) {
        pack(a, number, &h);
        for (size_t first = 0; first < a->token_count; first += QUERIES) attend_queries(a, number, h, first);
    }
}

// MARK: Rows

INLINE vf activated(vf x, enum docket_activation activation)
{
    switch (activation) {
    case docket_activation_gelu: return gelu(x);
    // (1 + tanh y) / 2 is the logistic function of 2y.
    case docket_activation_gelu_tanh:
        return x * RECIPROCAL(1 + exponential(-2 * 0.79788456f * (x + 0.044715f * x * x * x)));
    case docket_activation_relu: return GREATER(splat(0), x);
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

#include "scan.h"

const struct docket_kernels KERNELS = {
    KERNELS_NAME, quantize_rows, multiply_codes, attend, activate_rows, normalize_rows, scan_blocks, dot_rows,
    select_values,
};
