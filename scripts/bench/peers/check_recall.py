#!/usr/bin/env python3
"""Judges the rows that a search found by numpy's own products, outside Docket.

    check_recall.py VECTORS.npy QUERIES.npy ROWS.npy        ROWS: int32 [queries, top], as `--results` writes them

A row counts where its cosine is at least the last of the best, within 1e-6: of equal rows any is right. No row may be
named twice for one query."""
import sys

import numpy as np

TOLERANCE = 1e-6


def unit(rows):
    lengths = np.linalg.norm(rows.astype("f8"), axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def main(vectors, queries, found):
    rows = np.load(found)
    queries = unit(np.load(queries)[: len(rows)])
    vectors = np.load(vectors, mmap_mode="r")
    top = rows.shape[1]
    best = np.full((len(rows), top), -np.inf)
    for start in range(0, len(vectors), 65536):
        scores = queries @ unit(vectors[start : start + 65536]).T
        best = -np.sort(-np.concatenate([best, scores], axis=1), axis=1)[:, :top]
    scores = np.stack([unit(vectors[row]) @ query for row, query in zip(rows, queries)])
    twice = sum(len(set(row)) < top for row in rows.tolist())
    right = (scores >= best[:, -1:] - TOLERANCE).mean()
    print(f"recall {right:.6f} of {rows.size} rows; {twice} queries with a row named twice")
    return 1 if twice else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
