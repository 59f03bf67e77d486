#!/usr/bin/env python3
"""Measures FAISS, USearch and numpy on the question of `docket bench vectors`: the rows of the largest cosines.

usage: vector_peers.py VECTORS.npy QUERIES.npy [--only NAMES] [--threads N] [--ef WIDTHS] [--until RECALL]

Prints a JSON line a system, with the keys of `docket bench vectors`: the ten best of the first 200 queries, each once to warm
up and once for the record, one at a time on one thread; --threads is for building and batches. Recall is by the exact fp64
best of check_recall.py. Needs the packages of requirements-vectors.txt.
"""
import argparse
import json
import os
import sys
import time

NAMES = ("flat", "batch", "sgemm", "hnsw", "ivf", "usearch")
TOP, QUERY_COUNT, REPEATS = 10, 200, 5
# A block's products should stay in the cache, and be large enough for the BLAS.
SGEMM_BLOCKS = (512, 1024, 2048, 4096)
LOAD_ROWS = 65_536


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("queries")
    parser.add_argument("--only", type=lambda names: names.split(","), default=NAMES, metavar="NAMES",
                        help="of " + ",".join(NAMES))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ef", type=lambda widths: [int(width) for width in widths.split(",")], default=[64, 128, 256],
                        metavar="WIDTHS", help="how many rows a search of a graph keeps; default 64,128,256")
    parser.add_argument("--until", type=float, default=2, metavar="RECALL",
                        help="end with the first width whose recall reaches this")
    options = parser.parse_args()
    unknown = sorted(set(options.only) - set(NAMES))
    if unknown:
        parser.error(f"--only takes {', '.join(NAMES)}, not {', '.join(unknown)}")
    return options


# Libraries read these when they are loaded, so before they are.
options = arguments()
for name in [name for name in os.environ if name.startswith("OPENBLAS_")]:
    del os.environ[name]
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import faiss
import numpy as np

from check_recall import Truth


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def say(work):
    print(work, "...", file=sys.stderr, flush=True)


def report(system, **facts):
    rounded = {key: round(value, 4) for key, value in facts.items()}
    print(json.dumps({"system": system, "threads": options.threads} | rounded), flush=True)


def nearest_rank(times, share):
    return float(np.percentile(times, share * 100, method="inverted_cdf"))


class Peers:
    def __init__(self, vectors, queries):
        source = np.load(vectors, mmap_mode="r")
        self.queries = np.ascontiguousarray(np.load(queries)[:QUERY_COUNT], dtype="f4")
        self.row_count, self.dimension = source.shape
        faiss.normalize_L2(self.queries)
        say(f"FAISS {faiss.__version__}, {self.row_count} rows of {self.dimension}; exact best")
        self.flat_index = faiss.IndexFlatIP(self.dimension)
        for start in range(0, self.row_count, LOAD_ROWS):
            rows = np.array(source[start : start + LOAD_ROWS], dtype="f4", order="C")
            faiss.normalize_L2(rows)
            self.flat_index.add(rows)
        # The index's own memory, so that the rows are there once.
        xb = faiss.rev_swig_ptr(self.flat_index.get_xb(), self.row_count * self.dimension)
        self.vectors = xb.reshape(self.row_count, self.dimension)
        self.truth = Truth(self.vectors, self.queries, TOP)

    def build(self, make):
        faiss.omp_set_num_threads(options.threads)
        return timed(make)

    def measure(self, system, search, **facts):
        """search: a query of [dimension] to row numbers."""
        say(system)
        faiss.omp_set_num_threads(1)
        times, found = [], []
        for is_warm in (False, True):
            for query in self.queries:
                seconds, rows = timed(lambda: search(query))
                if is_warm:
                    times.append(seconds * 1e3)
                    found.append([int(row) for row in rows])
        recall = self.truth.recall(found)
        report(system, **facts, p50_ms=nearest_rank(times, 0.5), p99_ms=nearest_rank(times, 0.99), recall_at_10=recall)
        return recall

    def measure_batch(self, system, work):
        say(system)
        faiss.omp_set_num_threads(options.threads)
        work()
        seconds = float(np.median([timed(work)[0] for _ in range(REPEATS)]))
        report(system, queries_per_s=len(self.queries) / seconds)

    def flat(self):
        self.measure("FAISS IndexFlatIP", self.search(self.flat_index))

    def batch(self):
        self.measure_batch("FAISS IndexFlatIP, batch", lambda: self.flat_index.search(self.queries, TOP))

    def sgemm(self):
        """The products that a batch cannot do without, with nothing selected, by the best size of block."""

        def multiply(block, out):
            for start in range(0, self.row_count, block):
                rows = self.vectors[start : start + block]
                np.matmul(self.queries, rows.T, out=out[:, : len(rows)])

        def seconds(block):
            out = np.empty((len(self.queries), block), dtype="f4")
            return min(timed(lambda: multiply(block, out))[0] for _ in range(3))

        block = min(SGEMM_BLOCKS, key=seconds)
        out = np.empty((len(self.queries), block), dtype="f4")
        self.measure_batch(f"sgemm alone, blocks of {block} rows", lambda: multiply(block, out))

    def hnsw(self):
        say("FAISS HNSW32, building")

        def make():
            index = faiss.IndexHNSWFlat(self.dimension, 32, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = 200
            index.add(self.vectors)
            return index

        build, index = self.build(make)
        for width in options.ef:
            index.hnsw.efSearch = width
            if self.measure(f"FAISS HNSW32, ef {width}", self.search(index), build_s=build) >= options.until:
                break

    def ivf(self):
        lists = max(1, int(4 * self.row_count**0.5))
        say(f"FAISS IVF{lists}, building")

        def make():
            index = faiss.index_factory(self.dimension, f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
            # Files may be in some order: rows of all of it.
            index.train(self.vectors[:: max(1, self.row_count // (64 * lists))])
            index.add(self.vectors)
            return index

        build, index = self.build(make)
        for count in (16, 64, 256):
            index.nprobe = count
            self.measure(f"FAISS IVF{lists}, nprobe {count}", self.search(index), build_s=build)

    def usearch(self):
        from usearch.index import Index

        say("USearch, building")
        index = Index(ndim=self.dimension, metric="ip", dtype="f32", connectivity=16, expansion_add=128)
        build, _ = timed(lambda: index.add(np.arange(self.row_count), self.vectors, threads=options.threads))
        for width in options.ef:
            index.expansion_search = width
            recall = self.measure(
                f"USearch f32, ef {width}", lambda query: index.search(query, TOP, threads=1).keys, build_s=build)
            if recall >= options.until:
                break

    @staticmethod
    def search(index):
        return lambda query: index.search(query[None], TOP)[1][0]


peers = Peers(options.vectors, options.queries)
for name in options.only:
    getattr(peers, name)()
