package import Foundation

/// A file of named blocks, mapped into memory: what the index lanes keep their matrices and postings in.
///
/// Layout (little-endian; `docs/FORMATS.md`): a 64-byte header, blocks aligned to 64 bytes, then the block table. Opening
/// reads the header and the table only. A block has a checksum for each of its pieces, of which `elements` checks all,
/// and a `CheckedArray` each before its first use.
package final class IndexFile: Sendable {
    /// What a file holds, as four ASCII letters in its header.
    package enum Kind: String, Sendable {
        case vectors = "VECT"
        case segments = "SEGS"
        case postings = "POST"
        case rows = "ROWS"
        case weights = "WGTS"
        case latentModel = "LSEM"
    }

    package static let formatVersion: UInt32 = 2
    static let magic = Array("DOCKETIX".utf8)
    static let headerByteCount = 64
    static let entryByteCount = 48
    static let blockNameByteCountMax = 16
    /// Blocks start at multiples of a cache line, so that any element type is aligned.
    static let alignment = 64
    static let blockCountMax = 4096

    package let path: String
    /// The header's, which covers those of all blocks: files that differ have different ones.
    package let checksum: UInt64
    private let file: MappedFile
    private let blocks: [String: Block]

    struct Block {
        let byteRange: Range<Int>
        /// Of the checksums of its pieces.
        let checksum: UInt64

        /// They stand behind the bytes, at the next multiple of eight.
        var checksumRange: Range<Int> {
            let start = (byteRange.upperBound + 7) / 8 * 8
            return start..<start + Pieces.count(ofBytes: byteRange.count) * MemoryLayout<UInt64>.stride
        }
    }

    /// Which file this is, and in which state it was opened.
    package var stamp: FileStamp { file.stamp }

    /// Opens a file and checks its header and block table.
    package init(opening url: URL, kind: Kind) throws(IndexFileError) {
        file = try MappedFile(at: url)
        path = url.path
        let header = try Header(of: file)
        guard header.kind == kind else { throw .wrongKind(path: url.path, got: header.kind, expected: kind) }
        checksum = header.checksum
        blocks = try header.blocks(of: file)
    }

    /// The block's elements, after all of its checksums were verified.
    package func elements<Element: BitwiseCopyable>(
        of name: String, as type: Element.Type = Element.self, count: Int? = nil
    ) throws(IndexFileError) -> MappedArray<Element> {
        let array: CheckedArray<Element> = try checkedElements(of: name, count: count)
        try array.checkAll()
        return array.unchecked
    }

    /// The block's elements, to be checked as they are used.
    package func checkedElements<Element: BitwiseCopyable>(
        of name: String, as type: Element.Type = Element.self, count: Int? = nil
    ) throws(IndexFileError) -> CheckedArray<Element> {
        guard let block = blocks[name] else { throw .missingBlock(path: path, block: name) }
        let stride = MemoryLayout<Element>.stride
        // A count may come from the file itself, so its product may be anything.
        let expected = (count ?? block.byteRange.count / stride).multipliedReportingOverflow(by: stride)
        guard !expected.overflow, block.byteRange.count == expected.partialValue else {
            throw .misshapenBlock(
                path: path, block: name, gotByteCount: block.byteRange.count,
                expectedByteCount: expected.overflow ? .max : expected.partialValue)
        }
        let checksums = Array(file.elements(UInt64.self, in: block.checksumRange))
        guard IndexFiles.checksum(of: checksums) == block.checksum else {
            throw .corruptBlock(path: path, block: name)
        }
        let pieces = Pieces(of: block.byteRange, in: file, named: name, checksums: checksums)
        return CheckedArray(file.elements(type, in: block.byteRange), pieces: pieces)
    }

    /// The block's JSON decoded: the small facts that a lane keeps beside its arrays.
    package func value<Value: Decodable>(of name: String, as type: Value.Type) throws(IndexFileError) -> Value {
        let bytes = try elements(of: name, as: UInt8.self)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .unexpectedContent(path: path, block: name)
        }
    }
}

/// The first 64 bytes: magic, version, kind, block count, file length, table checksum, header checksum.
struct Header {
    let kind: IndexFile.Kind?
    let blockCount: Int
    let tableChecksum: UInt64
    let checksum: UInt64

    init(of file: MappedFile) throws(IndexFileError) {
        let reader = FieldReader(file: file)
        let magic = Array(IndexFile.magic.prefix(file.byteCount))
        guard reader.bytes(at: 0, count: magic.count) == magic else { throw .foreign(path: file.path) }
        guard file.byteCount >= IndexFile.headerByteCount else {
            throw .truncated(path: file.path, got: file.byteCount, expected: IndexFile.headerByteCount)
        }
        // First of all, so that a damaged version is not taken for another one.
        checksum = reader.integer(at: 56)
        guard checksum == reader.checksum(of: 0..<56) else { throw .corruptHeader(path: file.path) }
        let version: UInt32 = reader.integer(at: 8)
        guard version == IndexFile.formatVersion else {
            throw .unsupportedVersion(path: file.path, got: version, expected: IndexFile.formatVersion)
        }
        kind = IndexFile.Kind(rawValue: String(decoding: reader.bytes(at: 12, count: 4), as: UTF8.self))
        blockCount = Int(reader.integer(at: 16) as UInt32)
        tableChecksum = reader.integer(at: 32)
        let byteCount: UInt64 = reader.integer(at: 24)
        guard UInt64(file.byteCount) == byteCount else {
            throw .truncated(path: file.path, got: file.byteCount, expected: Int(clamping: byteCount))
        }
        guard blockCount <= IndexFile.blockCountMax,
            blockCount * IndexFile.entryByteCount + IndexFile.headerByteCount <= file.byteCount
        else { throw .corruptHeader(path: file.path) }
    }

    /// The table stands at the end of the file: name, offset, byte count, and checksum of its checksums, of each block.
    func blocks(of file: MappedFile) throws(IndexFileError) -> [String: IndexFile.Block] {
        let reader = FieldReader(file: file)
        let start = file.byteCount - blockCount * IndexFile.entryByteCount
        guard reader.checksum(of: start..<file.byteCount) == tableChecksum else {
            throw .corruptHeader(path: file.path)
        }
        var blocks: [String: IndexFile.Block] = [:]
        for entry in stride(from: start, to: file.byteCount, by: IndexFile.entryByteCount) {
            let name = reader.bytes(at: entry, count: IndexFile.blockNameByteCountMax).prefix { $0 != 0 }
            let offset = Int(truncatingIfNeeded: reader.integer(at: entry + 16) as UInt64)
            let byteCount = Int(truncatingIfNeeded: reader.integer(at: entry + 24) as UInt64)
            guard offset >= 0, byteCount >= 0, offset <= start, byteCount <= start - offset,
                offset.isMultiple(of: IndexFile.alignment)
            else { throw .corruptHeader(path: file.path) }
            let block = IndexFile.Block(
                byteRange: offset..<offset + byteCount, checksum: reader.integer(at: entry + 32))
            guard block.checksumRange.upperBound <= start else { throw .corruptHeader(path: file.path) }
            blocks[String(decoding: name, as: UTF8.self)] = block
        }
        return blocks
    }
}

/// Little-endian fields at byte offsets, checked by the caller to lie in the file.
private struct FieldReader {
    let file: MappedFile

    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Integer {
        unsafe file.withBytes { bytes in
            unsafe Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }

    func bytes(at offset: Int, count: Int) -> [UInt8] {
        unsafe file.withBytes { bytes in unsafe Array(bytes[offset..<offset + count]) }
    }

    func checksum(of range: Range<Int>) -> UInt64 {
        unsafe file.withBytes { bytes in unsafe xxh64(UnsafeRawBufferPointer(rebasing: bytes[range])) }
    }
}
