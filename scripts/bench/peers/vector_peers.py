#!/usr/bin/env python3
"""What else answers the same question: FAISS, USearch and a plain product of matrices. A JSON line for each.

    vector_peers.py VECTORS.npy QUERIES.npy [--only flat,batch,sgemm,hnsw,ivf,usearch] [--threads N]

Searches take one thread; --threads (default: all) is for building."""
import argparse
import json
import os
import sys
import time

for name in [name for name in os.environ if name.startswith("OPENBLAS_")]:
    del os.environ[name]
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import faiss
import numpy as np

TOP, QUERY_COUNT, BLOCK_ROWS, BATCHES = 10, 200, 1024, 5


def clocked(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


class Bench:
    def __init__(self, vectors, queries, threads):
        self.vectors = np.ascontiguousarray(np.load(vectors), dtype="f4")
        self.queries = np.ascontiguousarray(np.load(queries)[:QUERY_COUNT], dtype="f4")
        for rows in (self.vectors, self.queries):
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-30)
        self.threads = threads
        faiss.omp_set_num_threads(1)
        self.flat_index = faiss.IndexFlatIP(self.vectors.shape[1])
        self.flat_index.add(self.vectors)
        self.best = [set(row) for row in self.flat_index.search(self.queries, TOP)[1].tolist()]

    def measure(self, system, search, build=None):
        print(system, "...", file=sys.stderr)
        times, hits = [], 0
        for warm in (False, True):
            for query, best in zip(self.queries, self.best):
                seconds, rows = clocked(lambda: search(query))
                if warm:
                    times.append(seconds * 1e3)
                    hits += len(best & {int(row) for row in rows})
        facts = {"system": system, "p50_ms": float(np.quantile(times, 0.5)), "p99_ms": float(np.quantile(times, 0.99)),
                 "recall_at_10": hits / (TOP * len(times))}
        print(json.dumps(facts if build is None else facts | {"build_s": build}), flush=True)

    def search_of(self, index):
        return lambda query: index.search(query[None], TOP)[1][0]

    def built(self, make):
        faiss.omp_set_num_threads(self.threads)
        result = clocked(make)
        faiss.omp_set_num_threads(1)
        return result

    def flat(self):
        self.measure("FAISS IndexFlatIP", self.search_of(self.flat_index))

    def a_batch(self, system, work):
        print(system, "...", file=sys.stderr)
        seconds = float(np.median([clocked(work)[0] for _ in range(BATCHES)]))
        print(json.dumps({"system": system, "batch_ms": seconds / len(self.queries) * 1e3}), flush=True)

    def batch(self):
        self.a_batch("FAISS IndexFlatIP, a batch", lambda: self.flat_index.search(self.queries, TOP))

    def sgemm(self):
        out = np.empty((len(self.queries), BLOCK_ROWS), dtype="f4")

        def products():
            for start in range(0, len(self.vectors), BLOCK_ROWS):
                rows = self.vectors[start : start + BLOCK_ROWS]
                np.matmul(self.queries, rows.T, out=out[:, : len(rows)])

        self.a_batch("sgemm in blocks, nothing selected", products)

    def hnsw(self):
        def make():
            index = faiss.IndexHNSWFlat(self.vectors.shape[1], 32, faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = 200
            index.add(self.vectors)
            return index

        build, index = self.built(make)
        for width in (64, 128, 256, 512):
            index.hnsw.efSearch = width
            self.measure(f"FAISS HNSW32, ef {width}", self.search_of(index), build)

    def ivf(self):
        lists = int(4 * len(self.vectors) ** 0.5)

        def make():
            index = faiss.index_factory(self.vectors.shape[1], f"IVF{lists},Flat", faiss.METRIC_INNER_PRODUCT)
            index.train(self.vectors)
            index.add(self.vectors)
            return index

        build, index = self.built(make)
        for count in (64, 256):
            index.nprobe = count
            self.measure(f"FAISS IVF{lists}, nprobe {count}", self.search_of(index), build)

    def usearch(self):
        from usearch.index import Index

        index = Index(ndim=self.vectors.shape[1], metric="ip", dtype="f32", connectivity=16, expansion_add=128)
        build, _ = clocked(lambda: index.add(np.arange(len(self.vectors)), self.vectors, threads=self.threads))
        for width in (128, 256):
            index.expansion_search = width
            self.measure(f"USearch f32, ef {width}", lambda query: index.search(query, TOP).keys, build)


if __name__ == "__main__":
    kinds = ["flat", "batch", "sgemm", "hnsw", "ivf", "usearch"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("queries")
    parser.add_argument("--only", default=",".join(kinds))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(kinds)
    if unknown:
        parser.error(f"no such peer: {', '.join(sorted(unknown))}")
    bench = Bench(options.vectors, options.queries, options.threads)
    for kind in options.only.split(","):
        getattr(bench, kind)()
