#!/usr/bin/env python3
"""Makes a file of as many vectors as asked for out of a file of real ones.

usage: grow_vectors.py VECTORS.npy ROWS OUT.npy

Up to the real number they are real rows, evenly spread over the file. Beyond it each real row stands several times, each time
with Gaussian noise of norm 0.3 (seed 1) and scaled to length 1. Files are mapped: memory holds a block.
"""
import argparse

import numpy as np

NOISE, SEED, BLOCK_ROWS = 0.3, 1, 8192


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("rows", type=int)
    parser.add_argument("out")
    options = parser.parse_args()
    if options.rows < 1:
        parser.error("ROWS takes a number from 1")
    real = np.load(options.vectors, mmap_mode="r")
    out = np.lib.format.open_memmap(options.out, mode="w+", dtype="<f4", shape=(options.rows, real.shape[1]))
    generator = np.random.default_rng(SEED)
    for start in range(0, options.rows, BLOCK_ROWS):
        places = np.arange(start, min(start + BLOCK_ROWS, options.rows))
        rows = np.asarray(real[places * len(real) // options.rows], dtype="f4")
        if options.rows > len(real):
            noise = generator.standard_normal(rows.shape, dtype="f4")
            rows = rows + noise * (NOISE / np.linalg.norm(noise, axis=1, keepdims=True))
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        out[places[0] : places[-1] + 1] = rows
    out.flush()


main()
