#!/usr/bin/env python3
"""Judges the rows that a search found, by numpy's own products in fp64, outside Docket.

usage: check_recall.py VECTORS.npy QUERIES.npy ROWS.npy... [--fail-under RECALL]

ROWS: int32 [queries, top], as `docket bench vectors --results` writes them, for the first queries of QUERIES. A row counts
where its cosine reaches the last of the exact best less a tolerance, since of equal rows either is right; it counts once,
however often it is named. Prints a JSON line a file; exits with 5 where a recall is lower than asked for.
"""
import argparse
import json
import pathlib
import sys

import numpy as np

# Cosines of fp32 vectors that differ by less are as good as equal.
TOLERANCE = 1e-6
BLOCK_ROWS = 16_384


def unit(rows):
    rows = rows.astype("f8")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


class Truth:
    """The cosines of the exact best.

    vectors: [rows, dimension], possibly mapped from a file: it is read a block at a time.
    queries: [queries, dimension]
    """

    def __init__(self, vectors, queries, top):
        self.vectors, self.queries = vectors, unit(queries)
        best = np.full((len(queries), top), -np.inf)
        for start in range(0, len(vectors), BLOCK_ROWS):
            scores = self.queries @ unit(vectors[start : start + BLOCK_ROWS]).T
            kept = min(top, scores.shape[1])
            candidates = np.concatenate([best, -np.partition(-scores, kept - 1)[:, :kept]], axis=1)
            best = -np.partition(-candidates, top - 1)[:, :top]
        self.top, self.last = top, best.min(axis=1)

    def recall(self, found):
        """The share of the best that `found`, a list of row numbers a query, names."""
        return sum(self.hits(query, rows) for query, rows in enumerate(found)) / (self.top * len(found))

    def hits(self, query, rows):
        rows = sorted({int(row) for row in rows if 0 <= row < len(self.vectors)})
        if not rows:
            return 0
        cosines = unit(self.vectors[rows]) @ self.queries[query]
        return min(self.top, int((cosines >= self.last[query] - TOLERANCE).sum()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("queries")
    parser.add_argument("rows", nargs="+")
    parser.add_argument("--fail-under", type=float, default=0, metavar="RECALL")
    options = parser.parse_args()
    vectors, queries = np.load(options.vectors, mmap_mode="r"), np.load(options.queries)
    truths, lowest = {}, 1.0
    for path in map(pathlib.Path, options.rows):
        found = np.load(path)
        if found.ndim != 2 or not 0 < len(found) <= len(queries) or found.shape[1] > len(vectors):
            parser.error(f"{path}: {found.shape} are no rows for {len(queries)} queries among {len(vectors)} vectors")
        if found.shape not in truths:
            print(f"the exact best {found.shape[1]} of {len(found)} queries ...", file=sys.stderr)
            truths[found.shape] = Truth(vectors, queries[: len(found)], found.shape[1])
        recall = truths[found.shape].recall(found)
        repeated = sum(len(set(row)) < len(row) for row in found.tolist())
        lowest = min(lowest, recall)
        report = {"system": path.stem, "recall": round(recall, 6), "rows": found.size, "queries_with_a_row_twice": repeated}
        print(json.dumps(report), flush=True)
    if lowest < options.fail_under:
        print(f"the lowest recall is {lowest:.6f}, expected {options.fail_under:g} or more", file=sys.stderr)
        sys.exit(5)


if __name__ == "__main__":
    main()
