import Foundation
import IndexFiles

/// A WordPiece vocabulary: `vocab.txt`, one piece a line, its id the line's number from 0.
struct Vocabulary: Sendable {
    static let byteCountMax = 64 << 20

    let trie: PieceTrie
    /// How many ids there are.
    let count: Int
    let unknown: Int32
    let classification: Int32
    let separator: Int32

    /// Reads `vocab.txt`, which has to hold `[UNK]`, `[CLS]` and `[SEP]`.
    init(at url: URL) throws(ModelError) {
        let file = try mapModelFile(at: url)
        guard file.byteCount <= Self.byteCountMax else {
            throw .invalidField(
                path: url.path, field: "size", got: "\(file.byteCount) bytes", expected: "at most \(Self.byteCountMax)")
        }
        let bytes = unsafe file.withBytes { bytes in unsafe [UInt8](bytes) }
        var trie = PieceTrie(byteCount: bytes.count)
        var special: [String: Int32] = [:]
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (id, line) in lines.enumerated() {
            Self.insert(line, id: Int32(id), into: &trie)
            if line.first == UInt8(ascii: "[") { special[String(decoding: line, as: UTF8.self)] = Int32(id) }
        }
        func id(of token: String) throws(ModelError) -> Int32 {
            guard let id = special[token] else { throw .missingToken(path: url.path, token: token) }
            return id
        }
        unknown = try id(of: "[UNK]")
        classification = try id(of: "[CLS]")
        separator = try id(of: "[SEP]")
        count = lines.count
        self.trie = trie
    }

    private static func insert(_ line: ArraySlice<UInt8>, id: Int32, into trie: inout PieceTrie) {
        if line.starts(with: Array("##".utf8)), line.count > 2 {
            trie.insert(line.dropFirst(2), from: PieceTrie.continuation, piece: id)
        } else if !line.isEmpty {
            trie.insert(line, from: PieceTrie.start, piece: id)
        }
    }
}
