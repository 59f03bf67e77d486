#!/usr/bin/env python3
"""How fast SQLite FTS5 and tantivy find the best 100 rows by words: one JSON line a system and file of queries.

    lexical_peers.py TEXTS.jsonl QUERIES.jsonl...

Texts are the "title" and "text" of each line; queries are "text"s, all of whose words are asked for, in any number.
"""
import json, re, sqlite3, sys, time

import tantivy

TOP = 100


def lines(path):
    return [json.loads(line) for line in open(path)]


def report(system, path, build_s, search, queries):
    for query in queries:
        search(query)
    times = []
    for query in queries:
        start = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    print(json.dumps({"system": system, "queries": path, "build_s": round(build_s, 2), "p50_ms": round(p50, 3), "p99_ms": round(p99, 3)}), flush=True)


def fts5(texts):
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table rows using fts5(body, tokenize='porter unicode61')")
    database.executemany("insert into rows(rowid, body) values (?, ?)", enumerate(texts))
    database.commit()
    statement = "select rowid from rows where rows match ? order by rank limit ?"
    return lambda words: database.execute(statement, (" OR ".join(f'"{word}"' for word in words), TOP)).fetchall()


def tantivy_index(texts):
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("body", tokenizer_name="en_stem")
    index = tantivy.Index(schema.build())
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for text in texts:
        writer.add_document(tantivy.Document(body=text))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    return lambda words: searcher.search(index.parse_query(" ".join(words), ["body"]), TOP).hits


def main(texts_path, *query_paths):
    texts = [f"{row.get('title') or ''} {row['text']}" for row in lines(texts_path)]
    for system, build in (("SQLite FTS5", fts5), ("tantivy", tantivy_index)):
        start = time.perf_counter()
        search = build(texts)
        build_s = time.perf_counter() - start
        for path in query_paths:
            queries = [list(dict.fromkeys(re.findall(r"\w+", row["text"].lower()))) for row in lines(path)]
            report(system, path, build_s, search, queries)


if __name__ == "__main__":
    main(*sys.argv[1:])
