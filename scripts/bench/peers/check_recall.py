#!/usr/bin/env python3
"""Judges the rows that a search found, by numpy's own products in fp64, outside Docket.

usage: check_recall.py VECTORS.npy QUERIES.npy ROWS.npy... [--allowed ALLOWED.npy] [--fail-under RECALL]

ROWS: int32 [queries, top], as `docket bench vectors --results` writes them, for the first queries of QUERIES. A row counts
where its cosine reaches the last of the exact best less a tolerance, since of equal rows either is right; it counts once,
however often it is named. -1 stands where there were fewer rows than were asked for. With ALLOWED, int32 row numbers as
--filter-share writes them, the best are those among these rows, and any other row found is a fault. Queries of length 0
are left out. Prints a JSON line a file; exits with 5 where a recall is lower than asked for, or another row was found.
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
    allowed: the numbers of the rows that count, ascending; all where None
    """

    def __init__(self, vectors, queries, top, allowed=None):
        self.vectors, self.queries = vectors, unit(queries)
        self.allowed = None if allowed is None else set(allowed.tolist())
        rows = np.arange(len(vectors)) if allowed is None else allowed
        top = min(top, len(rows))
        best = np.full((len(queries), top), -np.inf)
        for start in range(0, len(rows), BLOCK_ROWS):
            scores = self.queries @ unit(vectors[rows[start : start + BLOCK_ROWS]]).T
            kept = min(top, scores.shape[1])
            candidates = np.concatenate([best, -np.partition(-scores, kept - 1)[:, :kept]], axis=1)
            best = -np.partition(-candidates, top - 1)[:, :top]
        self.top, self.last = top, best.min(axis=1) if top else np.zeros(len(queries))
        self.asked = [query for query, row in enumerate(self.queries) if row.any()]

    def recall(self, found):
        """The share of the best that `found`, a list of row numbers a query, names; 1 where there are none."""
        wanted = self.top * len(self.asked)
        return sum(self.hits(query, found[query]) for query in self.asked) / wanted if wanted else 1.0

    def is_allowed(self, row):
        return 0 <= row < len(self.vectors) and (self.allowed is None or row in self.allowed)

    def hits(self, query, rows):
        rows = sorted({int(row) for row in rows if self.is_allowed(int(row))})
        if not rows:
            return 0
        cosines = unit(self.vectors[rows]) @ self.queries[query]
        return min(self.top, int((cosines >= self.last[query] - TOLERANCE).sum()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("queries")
    parser.add_argument("rows", nargs="+")
    parser.add_argument("--allowed")
    parser.add_argument("--fail-under", type=float, default=0, metavar="RECALL")
    options = parser.parse_args()
    vectors, queries = np.load(options.vectors, mmap_mode="r"), np.load(options.queries)
    allowed = np.unique(np.load(options.allowed)) if options.allowed else None
    truths, lowest, strange_count = {}, 1.0, 0
    for path in map(pathlib.Path, options.rows):
        found = np.load(path)
        if found.ndim != 2 or not 0 < len(found) <= len(queries) or found.shape[1] > len(vectors):
            parser.error(f"{path}: {found.shape} are no rows for {len(queries)} queries among {len(vectors)} vectors")
        if found.shape not in truths:
            print(f"the exact best {found.shape[1]} of {len(found)} queries ...", file=sys.stderr)
            truths[found.shape] = Truth(vectors, queries[: len(found)], found.shape[1], allowed)
        truth = truths[found.shape]
        recall = truth.recall(found)
        named = [[row for row in rows if row != -1] for rows in found.tolist()]
        repeated = sum(len(set(rows)) < len(rows) for rows in named)
        strange = sum(not truth.is_allowed(row) for rows in named for row in rows)
        strange_count += strange
        lowest = min(lowest, recall)
        report = {"system": path.stem, "recall": round(recall, 6), "rows": sum(map(len, named)),
                  "queries_with_a_row_twice": repeated, "rows_not_allowed": strange}
        print(json.dumps(report), flush=True)
    if strange_count:
        print(f"{strange_count} rows were found that are not allowed", file=sys.stderr)
        sys.exit(5)
    if lowest < options.fail_under:
        print(f"the lowest recall is {lowest:.6f}, expected {options.fail_under:g} or more", file=sys.stderr)
        sys.exit(5)


if __name__ == "__main__":
    main()
