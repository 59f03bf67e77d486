// Compares every set of kernels that the processor has with the specification; prints a line for each.
#include "CKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned state = 1;

static float number(void)
{
    state = state * 1664525u + 1013904223u;
    return (float)(state >> 8) / (1 << 23) - 1;
}

static float *numbers(size_t count, float most)
{
    float *values = malloc(count * sizeof *values);
    for (size_t i = 0; i < count; i++) values[i] = number() * most;
    return values;
}

static float worst(const float *a, const float *b, size_t count)
{
    float worst = 0;
    for (size_t i = 0; i < count; i++) worst = fmaxf(worst, fabsf(a[i] - b[i]));
    return worst;
}

/// Whether codes and their product are equal bit for bit.
static int products_are_equal(const struct docket_kernels *k, const struct docket_kernels *s, size_t m, size_t n, size_t o)
{
    float *rows = numbers(m * n, 3), *factors = numbers(n, 2), *scales = numbers(o, 1);
    int8_t *weights = malloc(n * o);
    int32_t *sums = calloc(o, sizeof *sums);
    for (size_t i = 0; i < n * o; i++) {
        weights[i] = (int8_t)(number() * 127);
        sums[i / (n * 16) * 16 + i / 4 % 16] += weights[i];
    }
    uint8_t *codes[2];
    float *outputs[2];
    struct docket_code_range *ranges[2];
    for (int side = 0; side < 2; side++) {
        const struct docket_kernels *kernels = side ? s : k;
        codes[side] = malloc(m * n);
        ranges[side] = malloc(m * sizeof **ranges);
        outputs[side] = calloc(m * o, sizeof **outputs);
        kernels->quantize_rows(rows, m, n, factors, codes[side], ranges[side]);
        struct docket_code_product p = {m, n, o, codes[side], ranges[side], weights, scales, sums, outputs[side], o};
        kernels->multiply_codes(&p);
    }
    return !memcmp(codes[0], codes[1], m * n) && !memcmp(outputs[0], outputs[1], m * o * sizeof **outputs);
}

static float attention(const struct docket_kernels *k, const struct docket_kernels *s, size_t tokens, size_t size)
{
    size_t heads = 3, width = heads * size;
    float *input = numbers(tokens * 3 * width, 2), *bias = numbers(3 * width, 1), *contexts[2];
    for (int side = 0; side < 2; side++) {
        contexts[side] = calloc(tokens * width, sizeof **contexts);
        float *scratch = calloc(docket_attention_scratch(tokens, size), sizeof *scratch);
        struct docket_attention a = {tokens, heads, size, 0, heads, input, bias, scratch, contexts[side]};
        (side ? s : k)->attend(&a);
    }
    return worst(contexts[0], contexts[1], tokens * width);
}

static float rows(const struct docket_kernels *k, const struct docket_kernels *s, size_t columns)
{
    float *bias = numbers(columns, 1), *scale = numbers(columns, 1), most = 0;
    for (int kind = docket_activation_gelu; kind <= docket_activation_relu; kind++) {
        float *a = numbers(9 * columns, 8), *b = malloc(9 * columns * sizeof *b);
        memcpy(b, a, 9 * columns * sizeof *b);
        k->activate_rows(a, 9, columns, bias, (enum docket_activation)kind);
        s->activate_rows(b, 9, columns, bias, (enum docket_activation)kind);
        most = fmaxf(most, worst(a, b, 9 * columns));
        float *source = numbers(9 * columns, 2);
        k->normalize_rows(source, bias, a, 9, columns, scale, bias, 1e-12f);
        s->normalize_rows(source, bias, b, 9, columns, scale, bias, 1e-12f);
        if (columns > 8) most = fmaxf(most, worst(a, b, 9 * columns));
    }
    return most;
}

/// Bytes of any value, or only as large as `most` where it is less than 255.
static uint8_t *bytes(size_t count, unsigned most)
{
    uint8_t *values = malloc(count);
    for (size_t i = 0; i < count; i++) values[i] = (uint8_t)((number() + 1) / 2 * (most + 1));
    return values;
}

static int8_t *weights(size_t count, int is_extreme)
{
    int8_t *values = malloc(count);
    for (size_t i = 0; i < count; i++) values[i] = is_extreme ? (i / 64 % 2 ? -127 : 127) : (int8_t)(number() * 127);
    return values;
}

enum { scanned_blocks = 5, scanned_rows = scanned_blocks * docket_block_rows };

/// Whether the same rows are found with the same bounds, at thresholds that all, half, few and no rows reach.
static int scans_are_equal(
    const struct docket_kernels *k, const struct docket_kernels *s, size_t nibbles, size_t pairs, int is_extreme)
{
    size_t size = docket_block_bytes(nibbles, pairs), group_count = (nibbles + 63) / 64 + (pairs + 63) / 64;
    uint8_t *blocks = bytes(scanned_blocks * size, 255);
    if (is_extreme) memset(blocks, 255, scanned_blocks * size);
    for (size_t block = 0; block < scanned_blocks; block++)
        for (size_t i = 0; i < docket_block_rows * docket_error_count; i++) blocks[block * size + i] &= 127;
    int32_t multipliers[64];
    for (size_t g = 0; g < group_count; g++) multipliers[g] = g ? 1 + (int32_t)g % 5 : 16000;
    struct docket_code_scan scan = {nibbles, pairs, weights(nibbles + pairs, is_extreme), multipliers, 7, {3, 1, 127, 0}};
    uint32_t places[2][scanned_rows];
    int32_t bounds[2][scanned_rows];
    int equal = s->scan_blocks(&scan, blocks, scanned_blocks, INT32_MIN, places[1], bounds[1]) == scanned_rows;
    int32_t thresholds[] = {INT32_MIN, bounds[1][scanned_rows / 2], bounds[1][3], bounds[1][100] + 1, INT32_MAX};
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        size_t counts[2];
        for (int side = 0; side < 2; side++)
            counts[side] =
                (side ? s : k)->scan_blocks(&scan, blocks, scanned_blocks, thresholds[i], places[side], bounds[side]);
        equal &= counts[0] == counts[1] && !memcmp(places[0], places[1], counts[1] * sizeof **places)
            && !memcmp(bounds[0], bounds[1], counts[1] * sizeof **bounds);
    }
    return equal;
}

static int dots_are_equal(const struct docket_kernels *k, const struct docket_kernels *s, size_t columns, int is_extreme)
{
    enum { row_count = 23 };
    uint8_t *codes = bytes(row_count * columns, 255);
    if (is_extreme) memset(codes, 255, row_count * columns);
    int8_t *query = weights(columns, is_extreme);
    // Any order, and some twice.
    uint32_t rows[2 * row_count];
    for (size_t i = 0; i < 2 * row_count; i++) rows[i] = (uint32_t)(i * 7 % row_count);
    int equal = 1;
    for (size_t count = 0; count <= 2 * row_count; count++) {
        int32_t sums[2][2 * row_count] = {{0}};
        for (int side = 0; side < 2; side++)
            (side ? s : k)->dot_rows(codes, columns, query, rows, count, sums[side]);
        equal &= !memcmp(sums[0], sums[1], sizeof sums[0]);
    }
    return equal;
}

static int selections_are_equal(const struct docket_kernels *k, const struct docket_kernels *s, size_t count)
{
    float *values = numbers(count, 2), thresholds[] = {-INFINITY, -3, 0, count ? values[count / 2] : 1, 1.9f, INFINITY, NAN};
    if (count > 20) {
        values[17] = NAN;
        values[18] = INFINITY;
        values[19] = -INFINITY;
    }
    int equal = 1;
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds; i++) {
        uint32_t *places[2];
        size_t counts[2];
        for (int side = 0; side < 2; side++) {
            places[side] = calloc(count + 1, sizeof **places);
            counts[side] = (side ? s : k)->select_values(values, count, thresholds[i], places[side]);
        }
        equal &= counts[0] == counts[1] && !memcmp(places[0], places[1], counts[1] * sizeof **places);
    }
    return equal;
}

/// The search's kernels: all in whole numbers or comparisons, so all bit for bit.
static int searches_are_equal(const struct docket_kernels *k, const struct docket_kernels *s)
{
    int equal = 1;
    for (int is_extreme = 0; is_extreme < 2; is_extreme++) {
        for (size_t nibbles = 0; nibbles < 600; nibbles += 8) {
            equal &= scans_are_equal(k, s, nibbles, 0, is_extreme);
            if (nibbles % 64) continue;
            for (size_t pairs = 16; pairs < 300; pairs += 16) equal &= scans_are_equal(k, s, nibbles, pairs, is_extreme);
        }
        for (size_t columns = 128; columns < 2000; columns += 128) equal &= dots_are_equal(k, s, columns, is_extreme);
    }
    for (size_t count = 0; count < 300; count++) equal &= selections_are_equal(k, s, count);
    return equal;
}

int main(void)
{
    size_t count = 0;
    while (docket_kernels_at(count)) count++;
    const struct docket_kernels *scalar = docket_kernels_at(count - 1);
    int failed = 0;
    for (size_t i = 0; i < count; i++) {
        const struct docket_kernels *k = docket_kernels_at(i);
        int equal = 1;
        float most = 0;
        for (size_t m = 1; m < 12; m++)
            for (size_t n = 4; n < 200; n += 36) equal &= products_are_equal(k, scalar, m, n, 16 + 16 * (n % 5));
        for (size_t tokens = 1; tokens < 60; tokens += 7)
            for (size_t size = 1; size < 70; size += 11) most = fmaxf(most, attention(k, scalar, tokens, size));
        for (size_t columns = 1; columns < 80; columns++) most = fmaxf(most, rows(k, scalar, columns));
        int found = searches_are_equal(k, scalar);
        printf(
            "%s: products %s, searches %s, the rest within %g\n", k->name, equal ? "equal" : "DIFFER",
            found ? "equal" : "DIFFER", most);
        failed |= !equal || !found || !(most < 2e-5f);
    }
    return failed;
}
