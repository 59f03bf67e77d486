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
        printf("%s: products %s, the rest within %g\n", k->name, equal ? "equal" : "DIFFER", most);
        failed |= !equal || !(most < 2e-5f);
    }
    return failed;
}
