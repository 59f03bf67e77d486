// The specification: plain loops, in the order in which the formulas are written. The wide kernels are tested against it.
#include "sets.h"

#include <math.h>

static void quantize_rows(
    const float *rows, size_t row_count, size_t column_count, const float *factors, uint8_t *codes,
    struct docket_code_range *ranges)
{
#pragma clang fp contract(off)
    for (size_t row = 0; row < row_count; row++) {
        const float *values = rows + row * column_count;
        float smallest = 0, largest = 0, inverse;
        for (size_t c = 0; c < column_count; c++) {
            float value = factors ? values[c] * factors[c] : values[c];
            smallest = value < smallest ? value : smallest;
            largest = value > largest ? value : largest;
        }
        ranges[row] = docket_code_range(smallest, largest, &inverse);
        for (size_t c = 0; c < column_count; c++) {
            float scaled = (factors ? values[c] * factors[c] : values[c]) * inverse;
            int code = (int)nearbyintf(scaled) + ranges[row].zero;
            codes[row * column_count + c] = (uint8_t)(code < 0 ? 0 : code > 255 ? 255 : code);
        }
    }
}

static void multiply_codes(const struct docket_code_product *p)
{
    size_t steps = p->input_count / docket_input_step;
    for (size_t row = 0; row < p->row_count; row++) {
        const uint8_t *codes = p->codes + row * p->input_count;
        for (size_t output = 0; output < p->output_count; output++) {
            const int8_t *weights = p->weights
                + (output / docket_group_size * steps * docket_group_size + output % docket_group_size)
                    * docket_input_step;
            int32_t sum = -p->ranges[row].zero * p->weight_sums[output];
            for (size_t step = 0; step < steps; step++)
                for (size_t i = 0; i < docket_input_step; i++)
                    sum += codes[step * docket_input_step + i]
                        * weights[step * docket_group_size * docket_input_step + i];
            p->output[row * p->output_stride + output] =
                (float)sum * (p->ranges[row].scale * p->weight_scales[output]);
        }
    }
}

/// One query of one head: its scores, their softmax, and the values weighed by it.
static void attend_query(const struct docket_attention *a, size_t head, size_t query)
{
    size_t width = a->head_count * a->head_size;
    const float *bias = a->bias + head * a->head_size;
    const float *q = a->query_key_value + query * 3 * width + head * a->head_size;
    float largest = -INFINITY;
    for (size_t t = 0; t < a->token_count; t++) {
        const float *k = a->query_key_value + (3 * t + 1) * width + head * a->head_size;
        float sum = 0;
        for (size_t i = 0; i < a->head_size; i++) sum += (q[i] + bias[i]) * (k[i] + bias[width + i]);
        a->scratch[t] = sum / sqrtf((float)a->head_size);
        largest = a->scratch[t] > largest ? a->scratch[t] : largest;
    }
    float total = 0;
    for (size_t t = 0; t < a->token_count; t++) total += a->scratch[t] = expf(a->scratch[t] - largest);
    float *context = a->context + query * width + head * a->head_size;
    for (size_t i = 0; i < a->head_size; i++) {
        float sum = 0;
        for (size_t t = 0; t < a->token_count; t++)
            sum += a->scratch[t] * a->query_key_value[(3 * t + 2) * width + head * a->head_size + i];
        context[i] = sum / total + bias[2 * width + i];
    }
}

static void attend(const struct docket_attention *a)
{
    for (size_t head = a->first_head; head < a->head_end; head++)
        for (size_t query = 0; query < a->token_count; query++) attend_query(a, head, query);
}

static float activated(float x, enum docket_activation activation)
{
    switch (activation) {
    case docket_activation_gelu: return 0.5f * x * (1 + erff(x * 0.70710677f));
    case docket_activation_gelu_tanh: return 0.5f * x * (1 + tanhf(0.79788456f * (x + 0.044715f * x * x * x)));
    case docket_activation_relu: return x > 0 ? x : 0;
    }
    return x;
}

static void activate_rows(
    float *rows, size_t row_count, size_t column_count, const float *bias, enum docket_activation activation)
{
    for (size_t row = 0; row < row_count; row++)
        for (size_t c = 0; c < column_count; c++)
            rows[row * column_count + c] = activated(rows[row * column_count + c] + bias[c], activation);
}

static void normalize_rows(
    const float *rows, const float *bias, float *residual, size_t row_count, size_t column_count, const float *scale,
    const float *shift, float epsilon)
{
    for (size_t row = 0; row < row_count; row++) {
        float *values = residual + row * column_count;
        float mean = 0, variance = 0;
        for (size_t c = 0; c < column_count; c++) mean += values[c] += rows[row * column_count + c] + bias[c];
        mean /= (float)column_count;
        for (size_t c = 0; c < column_count; c++) variance += (values[c] - mean) * (values[c] - mean);
        float factor = 1 / sqrtf(variance / (float)column_count + epsilon);
        for (size_t c = 0; c < column_count; c++) values[c] = (values[c] - mean) * factor * scale[c] + shift[c];
    }
}

static int32_t code_at(const struct docket_code_scan *scan, const uint8_t *block, size_t row, size_t component)
{
    const size_t line = docket_block_rows * 4;
    const uint8_t *bytes = block + line + row * 4 + component % 4;
    if (component < scan->nibble_count) return bytes[component / 8 * line] >> (component % 8 < 4 ? 0 : 4) & 15;
    component -= scan->nibble_count;
    return bytes[(scan->nibble_count / 8 + component / 16) * line] >> component % 16 / 4 * 2 & 3;
}

static int32_t row_bound(const struct docket_code_scan *scan, const uint8_t *block, size_t row)
{
    int32_t bound = 0;
    for (size_t c = 0; c < scan->nibble_count + scan->pair_count; c++)
        bound += scan->multipliers[c / docket_scan_group] * code_at(scan, block, row, c) * scan->weights[c];
    for (size_t e = 0; e < docket_error_count; e++)
        bound += scan->error_multiplier * block[row * 4 + e] * scan->error_weights[e];
    return bound;
}

static size_t scan_blocks(
    const struct docket_code_scan *scan, const uint8_t *blocks, size_t block_count, int32_t threshold,
    uint32_t *places, int32_t *bounds)
{
    size_t count = 0, size = docket_block_bytes(scan->nibble_count, scan->pair_count);
    for (size_t place = 0; place < block_count * docket_block_rows; place++) {
        int32_t bound = row_bound(scan, blocks + place / docket_block_rows * size, place % docket_block_rows);
        if (bound < threshold) continue;
        places[count] = (uint32_t)place;
        bounds[count++] = bound;
    }
    return count;
}

static void dot_rows(
    const uint8_t *codes, size_t column_count, const int8_t *query, const uint32_t *rows, size_t row_count,
    int32_t *sums)
{
    for (size_t i = 0; i < row_count; i++) {
        const uint8_t *row = codes + rows[i] * column_count;
        sums[i] = 0;
        for (size_t c = 0; c < column_count; c++) sums[i] += (row[c] - 128) * query[c];
    }
}

static size_t select_values(const float *values, size_t count, float threshold, uint32_t *places)
{
    size_t selected = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] >= threshold) places[selected++] = (uint32_t)i;
    return selected;
}

const struct docket_kernels docket_kernels_scalar = {
    "scalar", quantize_rows, multiply_codes, attend, activate_rows, normalize_rows, scan_blocks, dot_rows,
    select_values,
};
