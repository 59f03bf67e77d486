import Documents
package import Foundation

/// A collection, its queries and who answers what: BEIR's layout, or a handbook's.
///
/// BEIR (<https://github.com/beir-cellar/beir>): `corpus.jsonl`, `queries.jsonl`, `qrels/SPLIT.tsv`. A handbook has
/// pages under `docs/` in place of `corpus.jsonl` and the rest under `judgements/`; its units are sections, named
/// `DOCUMENT#ANCHOR`, and a section is as good as its best chunk.
package struct EvaluationSet: Sendable {
    /// What is searched: one row each.
    struct Row: Sendable {
        /// What the judgements call it; rows with one unit are one result.
        let unit: String
        let title: String
        let headingPath: [String]
        let text: String
    }

    struct Query: Sendable {
        let id: String
        let text: String
        /// Unit to grade, above 0 only.
        let judgements: [String: Int]
    }

    /// Without symbolic links: what the set's embeddings are kept by, with the split.
    let folder: URL
    let split: String
    let rows: [Row]
    /// Those with a judgement, in the file's order.
    let queries: [Query]

    /// - Throws: `RetrievalError.badSet` with file and line; `RetrievalError.noFolder`.
    package init(in folder: URL, split: String) throws {
        self.folder = folder.standardizedFileURL.resolvingSymlinksInPath()
        self.split = split
        let docs = folder.appending(path: "docs", directoryHint: .isDirectory)
        let isHandbook = FileManager.default.fileExists(atPath: docs.path)
        let judged = isHandbook ? folder.appending(path: "judgements", directoryHint: .isDirectory) : folder
        let grades = try Self.grades(in: judged.appending(path: "qrels", directoryHint: .isDirectory), split: split)
        let asked = try Self.values(in: judged.appending(path: "queries.jsonl"), as: BEIRQuery.self)
        queries = asked.compactMap { query in
            grades[query._id].map { Query(id: query._id, text: query.text, judgements: $0) }
        }
        rows = try isHandbook ? Self.sections(of: docs) : Self.texts(in: folder.appending(path: "corpus.jsonl"))
        guard !queries.isEmpty, !rows.isEmpty else {
            throw RetrievalError.badSet(path: folder.path, line: nil, detail: "it has no judged queries or no texts")
        }
    }

    private struct BEIRQuery: Decodable {
        let _id: String
        let text: String
    }

    private struct BEIRText: Decodable {
        let _id: String
        let title: String?
        let text: String
    }

    private static func texts(in file: URL) throws -> [Row] {
        try values(in: file, as: BEIRText.self).map { text in
            Row(unit: text._id, title: text.title ?? "", headingPath: [], text: text.text)
        }
    }

    private static func sections(of docs: URL) throws -> [Row] {
        let source = try KnownSources([]).naming([docs])[0]
        let listing = PageListing(of: source)
        if let (path, reason) = listing.failures.first {
            throw RetrievalError.badSet(path: docs.appending(path: path).path, line: nil, detail: reason)
        }
        return try listing.pages.flatMap { path in
            let document = try page(path, of: source)
            return Chunker().chunks(of: document).map { chunk in
                Row(
                    unit: chunk.anchor.isEmpty ? document.id : document.id + "#" + chunk.anchor,
                    title: document.title, headingPath: chunk.headingPath, text: chunk.searchText)
            }
        }
    }

    private static func page(_ path: String, of source: PageSource) throws -> Document {
        do {
            return try Document(parsing: source.bytes(of: path), path: path)
        } catch let fault as PageFault {
            throw RetrievalError.badSet(path: source.root.appending(path: path).path, line: nil, detail: "\(fault)")
        }
    }

    /// Reads `query-id TAB corpus-id TAB score` lines; the first may be a header.
    private static func grades(in folder: URL, split: String) throws -> [String: [String: Int]] {
        let file = folder.appending(path: split + ".tsv")
        guard FileManager.default.fileExists(atPath: file.path) else {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            let splits = names.filter { $0.hasSuffix(".tsv") }.map { String($0.dropLast(4)) }.sorted()
            let remedy = splits.isEmpty ? "the judgements belong there" : "splits are \(splits.joined(separator: ", "))"
            throw RetrievalError.badSet(path: file.path, line: nil, detail: "there is no such file; \(remedy)")
        }
        var grades: [String: [String: Int]] = [:]
        for (number, line) in try JudgedLines.lines(of: file) {
            let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            if number == 1, fields.count == 3, Int(fields[2]) == nil { continue }
            guard fields.count == 3, let grade = Int(fields[2]) else {
                throw RetrievalError.badSet(
                    path: file.path, line: number,
                    detail: "expected query-id, corpus-id and a whole score, tab-separated")
            }
            if grade > 0 { grades[fields[0], default: [:]][fields[1]] = grade }
        }
        return grades
    }

    /// The objects of a `.jsonl` file that have an `_id` and a `text`.
    private static func values<Value: Decodable>(in file: URL, as type: Value.Type) throws -> [Value] {
        let decoder = JSONDecoder()
        return try JudgedLines.lines(of: file).map { number, line in
            do {
                return try decoder.decode(type, from: line)
            } catch {
                throw RetrievalError.badSet(
                    path: file.path, line: number, detail: "expected an object with the strings _id and text")
            }
        }
    }
}
