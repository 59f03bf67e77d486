#!/usr/bin/env python3
"""Measures sentence-transformers and ONNX Runtime (fp32, and int8 by its dynamic quantisation) on a model folder.

usage: embedding_peers.py MODEL_FOLDER TEXTS.jsonl [--threads N] [--words N]

Prints a JSON line a system, with the keys of `docket bench embedding`, and makes the same documents and queries out of the
same texts: windows over all their words. Needs the packages of requirements-embedding.txt, some 6 GB.
"""
import argparse
import json
import os
import tempfile
import time

for name in [name for name in os.environ if name.startswith("OPENBLAS_")]:
    del os.environ[name]
os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers import SentenceTransformer
from transformers import AutoModel

BATCH = 32


class Pooled(torch.nn.Module):
    """The encoder with mean pooling and normalisation, as one graph to export."""

    def __init__(self, folder):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()

    def forward(self, ids, mask):
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return torch.nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)


def windows(words, count, step, length):
    return [" ".join(words[i * step : i * step + length]) for i in range(count)]


def measure(system, threads, encode, queries, documents, token_count, reference):
    for query in queries[:8]:
        encode([query])
    times = []
    for query in queries:
        start = time.perf_counter()
        encode([query])
        times.append((time.perf_counter() - start) * 1e3)
    encode(documents[:BATCH])
    start = time.perf_counter()
    rows = np.concatenate([encode(documents[i : i + BATCH]) for i in range(0, len(documents), BATCH)])
    seconds = time.perf_counter() - start
    report = {
        "system": system,
        "threads": threads,
        "documents_per_s": round(len(documents) / seconds, 2),
        "tokens_per_s": round(token_count / seconds),
        "query_p50_ms": round(float(np.percentile(times, 50)), 3),
        "query_p99_ms": round(float(np.percentile(times, 99)), 3),
        "cosine_min": 1.0 if reference is None else round(float((rows * reference).sum(1).min()), 6),
    }
    print(json.dumps(report), flush=True)
    return rows


def onnx_files(folder, target):
    sample = torch.randint(100, 20000, (2, 16))
    axes = {"ids": {0: "batch", 1: "tokens"}, "mask": {0: "batch", 1: "tokens"}}
    torch.onnx.export(
        Pooled(folder), (sample, torch.ones_like(sample)), f"{target}/fp32.onnx", input_names=["ids", "mask"],
        output_names=["rows"], dynamic_axes=axes, opset_version=17, dynamo=False)
    quantize_dynamic(f"{target}/fp32.onnx", f"{target}/int8.onnx", weight_type=QuantType.QInt8)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("texts")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--words", type=int, default=150)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = SentenceTransformer(options.model, device="cpu")
    with open(options.texts, encoding="utf-8") as file:
        words = " ".join(json.loads(line)["text"] for line in file).split()
    documents = windows(words, 256, 37, options.words)
    queries = windows(words, 64, 53, 12)
    ids = model.tokenizer(documents, truncation=True, max_length=256)["input_ids"]
    common = (queries, documents, sum(map(len, ids)))
    reference = measure(
        "sentence-transformers", options.threads, lambda batch: model.encode(batch, normalize_embeddings=True), *common,
        None)
    with tempfile.TemporaryDirectory() as target:
        onnx_files(options.model, target)
        for name in ("fp32", "int8"):
            settings = onnxruntime.SessionOptions()
            settings.intra_op_num_threads = options.threads
            session = onnxruntime.InferenceSession(f"{target}/{name}.onnx", settings, providers=["CPUExecutionProvider"])

            def encode(batch):
                tokens = model.tokenizer(batch, padding=True, truncation=True, max_length=256, return_tensors="np")
                inputs = {"ids": tokens["input_ids"].astype("i8"), "mask": tokens["attention_mask"].astype("i8")}
                return session.run(None, inputs)[0]

            measure(f"onnxruntime {name}", options.threads, encode, *common, reference)


main()
