// The kernels of the search among vectors, part of `wide.h`.

#define VECTORS_PER_BLOCK (docket_block_rows / LANES)
#define LINE (docket_block_rows * 4)

typedef uint32_t vu __attribute__((vector_size(4 * LANES)));

typedef _Bool vb __attribute__((ext_vector_type(LANES)));

/// A bit for each lane, the first the lowest: whether it is not 0.
INLINE uint32_t set_lanes(vi v)
{
    vb set = __builtin_convertvector(v, vb);
    uint32_t bits = 0;
    memcpy(&bits, &set, sizeof set);
    return bits & (uint32_t)((1ull << LANES) - 1);
}

INLINE vi splat_integer(int32_t x) { return x - (vi){0}; }

INLINE vi splat_weights(const int8_t *weights)
{
    int32_t four;
    memcpy(&four, weights, sizeof four);
    return splat_integer(four);
}

/// Adds up lines of four-bit codes. Two sums for each register of rows, so that one need not wait for the other.
INLINE const uint8_t *scan_nibbles(
    vi sums[VECTORS_PER_BLOCK], const uint8_t *lines, size_t line_count, const int8_t *weights, vi multiplier)
{
    vi low[VECTORS_PER_BLOCK] = {0}, high[VECTORS_PER_BLOCK] = {0};
    for (size_t l = 0; l < line_count; l++, lines += LINE, weights += 8) {
        vi low_weights = splat_weights(weights), high_weights = splat_weights(weights + 4);
        for (size_t v = 0; v < VECTORS_PER_BLOCK; v++) {
            vi codes = load_integers(lines + v * sizeof codes);
            low[v] = DOT(low[v], codes & 0x0F0F0F0F, low_weights);
            high[v] = DOT(high[v], (vi)((vu)codes >> 4) & 0x0F0F0F0F, high_weights);
        }
    }
    for (size_t v = 0; v < VECTORS_PER_BLOCK; v++) sums[v] += (low[v] + high[v]) * multiplier;
    return lines;
}

/// The same for two-bit codes.
INLINE const uint8_t *scan_pairs(
    vi sums[VECTORS_PER_BLOCK], const uint8_t *lines, size_t line_count, const int8_t *weights, vi multiplier)
{
    vi even[VECTORS_PER_BLOCK] = {0}, odd[VECTORS_PER_BLOCK] = {0};
    for (size_t l = 0; l < line_count; l++, lines += LINE, weights += 16) {
        vi first = splat_weights(weights), second = splat_weights(weights + 4);
        vi third = splat_weights(weights + 8), fourth = splat_weights(weights + 12);
        for (size_t v = 0; v < VECTORS_PER_BLOCK; v++) {
            vi codes = load_integers(lines + v * sizeof codes);
            even[v] = DOT(even[v], codes & 0x03030303, first);
            odd[v] = DOT(odd[v], (vi)((vu)codes >> 2) & 0x03030303, second);
            even[v] = DOT(even[v], (vi)((vu)codes >> 4) & 0x03030303, third);
            odd[v] = DOT(odd[v], (vi)((vu)codes >> 6) & 0x03030303, fourth);
        }
    }
    for (size_t v = 0; v < VECTORS_PER_BLOCK; v++) sums[v] += (even[v] + odd[v]) * multiplier;
    return lines;
}

INLINE void bounds_of_block(const struct docket_code_scan *scan, const uint8_t *block, vi sums[VECTORS_PER_BLOCK])
{
    const size_t component_count = scan->nibble_count + scan->pair_count;
    const uint8_t *lines = block + LINE;
    for (size_t first = 0; first < component_count; first += docket_scan_group) {
        vi multiplier = splat_integer(scan->multipliers[first / docket_scan_group]);
        size_t rest = component_count - first, count = rest < docket_scan_group ? rest : docket_scan_group;
        const int8_t *weights = scan->weights + first;
        lines = first < scan->nibble_count ? scan_nibbles(sums, lines, count / 8, weights, multiplier)
                                           : scan_pairs(sums, lines, count / 16, weights, multiplier);
    }
    vi error_weights = splat_weights(scan->error_weights), multiplier = splat_integer(scan->error_multiplier);
    for (size_t v = 0; v < VECTORS_PER_BLOCK; v++)
        sums[v] += DOT((vi){0}, load_integers(block + v * sizeof *sums), error_weights) * multiplier;
}

/// Codes that are asked for before they are needed: the processor itself looks no further than the page.
#define BYTES_AHEAD 8192

static size_t scan_blocks(
    const struct docket_code_scan *scan, const uint8_t *blocks, size_t block_count, int32_t threshold,
    uint32_t *places, int32_t *bounds)
{
    size_t count = 0, size = docket_block_bytes(scan->nibble_count, scan->pair_count);
    for (size_t block = 0; block < block_count; block++) {
        for (size_t byte = 0; byte < size; byte += 64)
            __builtin_prefetch(blocks + block * size + BYTES_AHEAD + byte);
        vi sums[VECTORS_PER_BLOCK] = {0};
        bounds_of_block(scan, blocks + block * size, sums);
        uint32_t reached = 0;
        for (size_t v = 0; v < VECTORS_PER_BLOCK; v++)
            reached |= set_lanes(sums[v] >= splat_integer(threshold)) << (v * LANES);
        if (!reached) continue;
        int32_t found[docket_block_rows];
        memcpy(found, sums, sizeof found);
        for (; reached; reached &= reached - 1) {
            uint32_t row = (uint32_t)__builtin_ctz(reached);
            places[count] = (uint32_t)block * docket_block_rows + row;
            bounds[count++] = found[row];
        }
    }
    return count;
}

/// Rows that are asked for before they are needed: they lie anywhere in memory.
#define ROWS_AHEAD 6

static void dot_rows(
    const uint8_t *codes, size_t column_count, const int8_t *query, const uint32_t *rows, size_t row_count,
    int32_t *sums)
{
    int32_t total = 0;
    for (size_t c = 0; c < column_count; c++) total += query[c];
    for (size_t i = 0; i < row_count; i++) {
        if (i + ROWS_AHEAD < row_count)
            for (size_t c = 0; c < column_count; c += 64)
                __builtin_prefetch(codes + rows[i + ROWS_AHEAD] * column_count + c);
        const uint8_t *row = codes + rows[i] * column_count;
        vi sum = {0}, other = {0};
        for (size_t c = 0; c < column_count; c += 8 * LANES) {
            vi left = load_integers(row + c), right = load_integers(row + c + 4 * LANES);
            if (CODE_SHIFT) {
                left ^= 0x80808080;
                right ^= 0x80808080;
            }
            sum = DOT(sum, left, load_integers(query + c));
            other = DOT(other, right, load_integers(query + c + 4 * LANES));
        }
        sums[i] = __builtin_reduce_add(sum + other) - (128 - CODE_SHIFT) * total;
    }
}

static size_t select_values(const float *values, size_t count, float threshold, uint32_t *places)
{
    size_t selected = 0, whole = count / (4 * LANES) * (4 * LANES);
    for (size_t first = 0; first < whole; first += 4 * LANES) {
        vi reached = {0};
        for (size_t v = 0; v < 4; v++) reached |= load(values + first + v * LANES) >= splat(threshold);
        if (!__builtin_reduce_or(reached)) continue;
        for (size_t i = first; i < first + 4 * LANES; i++)
            if (values[i] >= threshold) places[selected++] = (uint32_t)i;
    }
    for (size_t i = whole; i < count; i++)
        if (values[i] >= threshold) places[selected++] = (uint32_t)i;
    return selected;
}
