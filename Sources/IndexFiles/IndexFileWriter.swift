package import Foundation

/// Writes an `IndexFile` block by block, to take the place of the old one when it is finished.
package final class IndexFileWriter {
    private let url: URL
    private let kind: IndexFile.Kind
    private let file: FileReplacement
    private var byteCount = 0
    private var table: [UInt8] = []

    package init(creating url: URL, kind: IndexFile.Kind) throws(IndexFileError) {
        self.url = url
        self.kind = kind
        file = try FileReplacement(of: url.path)
        try write([UInt8](repeating: 0, count: IndexFile.headerByteCount))
    }

    /// Appends a block of plain elements.
    ///
    /// - Precondition: the name has 1 to 16 ASCII bytes.
    package func append<Element: BitwiseCopyable>(_ elements: [Element], as name: String) throws(IndexFileError) {
        let checksums = pieceChecksums(of: elements)
        try begin(
            name, byteCount: elements.count * MemoryLayout<Element>.stride, checksum: checksum(of: checksums))
        try write(elements)
        try pad(to: MemoryLayout<UInt64>.stride)
        try write(checksums)
    }

    private func pieceChecksums<Element: BitwiseCopyable>(of elements: [Element]) -> [UInt64] {
        unsafe elements.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: Pieces.byteCount).map { start in
                let piece = start..<min(start + Pieces.byteCount, bytes.count)
                return unsafe xxh64(UnsafeRawBufferPointer(rebasing: bytes[piece]))
            }
        }
    }

    /// Appends a value as a block of JSON.
    ///
    /// - Precondition: JSON can express the value; it has no infinity or NaN.
    package func append(json value: some Encodable, as name: String) throws(IndexFileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let bytes = try? encoder.encode(value) else { preconditionFailure("\(name): not expressible in JSON") }
        try append(Array(bytes), as: name)
    }

    private func begin(_ name: String, byteCount blockByteCount: Int, checksum: UInt64) throws(IndexFileError) {
        precondition(!name.isEmpty && name.utf8.count <= IndexFile.blockNameByteCountMax)
        try pad(to: IndexFile.alignment)
        var field = Array(name.utf8)
        field += [UInt8](repeating: 0, count: IndexFile.blockNameByteCountMax - field.count)
        table += field + littleEndian(UInt64(byteCount)) + littleEndian(UInt64(blockByteCount))
        table += littleEndian(checksum) + littleEndian(UInt64(0))
    }

    /// Writes the table and the header, syncs, and puts the file in its place.
    package func finish() throws(IndexFileError) {
        try pad(to: IndexFile.alignment)
        try write(table)
        var header = IndexFile.magic + littleEndian(IndexFile.formatVersion) + Array(kind.rawValue.utf8)
        header += littleEndian(UInt32(table.count / IndexFile.entryByteCount)) + littleEndian(UInt32(0))
        header += littleEndian(UInt64(byteCount)) + littleEndian(checksum(of: table))
        header += [UInt8](repeating: 0, count: 56 - header.count)
        header += littleEndian(checksum(of: header))
        guard unsafe pwrite(file.descriptor, header, header.count, 0) == header.count else { throw failure() }
        try file.finish()
    }

    private func pad(to alignment: Int) throws(IndexFileError) {
        let excess = byteCount % alignment
        if excess > 0 { try write([UInt8](repeating: 0, count: alignment - excess)) }
    }

    private func write<Element: BitwiseCopyable>(_ elements: [Element]) throws(IndexFileError) {
        let isWritten = unsafe elements.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let written = unsafe Foundation.write(
                    file.descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return false }
                offset += written
            }
            return true
        }
        guard isWritten else { throw failure() }
        byteCount += elements.count * MemoryLayout<Element>.stride
    }

    private func failure() -> IndexFileError { .unwritable(path: url.path, errno: errno) }
}

private func littleEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    unsafe withUnsafeBytes(of: value.littleEndian) { bytes in unsafe Array(bytes) }
}
