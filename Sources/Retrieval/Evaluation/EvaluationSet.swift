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

    let rows: [Row]
    /// Those with a judgement, in the file's order.
    let queries: [Query]

    /// - Throws: `RetrievalError.badSet` with file and line; `RetrievalError.noFolder`.
    package init(in folder: URL, split: String) throws {
        let docs = folder.appending(path: "docs", directoryHint: .isDirectory)
        let isHandbook = FileManager.default.fileExists(atPath: docs.path)
        let judged = isHandbook ? folder.appending(path: "judgements", directoryHint: .isDirectory) : folder
        let grades = try Self.grades(in: judged.appending(path: "qrels/\(split).tsv"))
        queries = try Self.lines(of: judged.appending(path: "queries.jsonl"), as: BEIRQuery.self).compactMap { query in
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
        try lines(of: file, as: BEIRText.self).map { text in
            Row(unit: text._id, title: text.title ?? "", headingPath: [], text: text.text)
        }
    }

    private static func sections(of docs: URL) throws -> [Row] {
        let source = try PageSource.sources(for: [docs], known: [])[0]
        let listing = source.listing()
        if let (path, reason) = listing.unreadable.first {
            throw RetrievalError.badSet(path: docs.appending(path: path).path, line: nil, detail: reason)
        }
        return try listing.pages.flatMap { path in
            let document = try Document(parsing: source.bytes(of: path), path: path)
            return Chunker().chunks(of: document).map { chunk in
                Row(
                    unit: chunk.anchor.isEmpty ? document.id : document.id + "#" + chunk.anchor,
                    title: document.title, headingPath: chunk.headingPath, text: chunk.searchText)
            }
        }
    }

    /// Reads `query-id TAB corpus-id TAB score` lines under a header line.
    private static func grades(in file: URL) throws -> [String: [String: Int]] {
        var grades: [String: [String: Int]] = [:]
        for (index, line) in try text(of: file).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, !line.isEmpty else { continue }
            let fields = line.trimmingCharacters(in: .newlines).split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 3, let grade = Int(fields[2]) else {
                throw RetrievalError.badSet(
                    path: file.path, line: index + 1,
                    detail: "expected query-id, corpus-id and a whole score, tab-separated")
            }
            if grade > 0 { grades[String(fields[0]), default: [:]][String(fields[1])] = grade }
        }
        return grades
    }

    private static func lines<Value: Decodable>(of file: URL, as type: Value.Type) throws -> [Value] {
        let decoder = JSONDecoder()
        return try text(of: file).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .filter { !$1.isEmpty }.map { index, line in
                do {
                    return try decoder.decode(type, from: Data(line.utf8))
                } catch {
                    throw RetrievalError.badSet(path: file.path, line: index + 1, detail: "\(error)")
                }
            }
    }

    private static func text(of file: URL) throws -> String {
        do {
            return try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw RetrievalError.badSet(path: file.path, line: nil, detail: "it cannot be read as UTF-8")
        }
    }
}
