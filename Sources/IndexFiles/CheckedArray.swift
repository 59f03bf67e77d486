package import Synchronization

/// An array in a mapped file whose bytes are compared with their checksums piece by piece, each before its first use: a
/// large file is open at once, and damage is found where it would be read.
///
/// Inlinable, as `MappedArray` is.
package struct CheckedArray<Element: BitwiseCopyable>: Sendable {
    /// The elements; those outside of ranges that were checked may be damaged.
    package let unchecked: MappedArray<Element>
    package let pieces: Pieces

    init(_ elements: MappedArray<Element>, pieces: Pieces) {
        unchecked = elements
        self.pieces = pieces
    }

    @inlinable package var count: Int { unchecked.count }

    /// Makes sure that the elements of a range are those that were written. What was checked once costs next to nothing.
    ///
    /// - Throws: `IndexFileError.corruptBlock`
    @inlinable package func check(_ range: Range<Int>) throws(IndexFileError) {
        let stride = MemoryLayout<Element>.stride
        try pieces.check(range.lowerBound * stride..<range.upperBound * stride)
    }

    /// Whether no element needs to be checked any more.
    @inlinable package var hasPassed: Bool { pieces.awaited.load(ordering: .relaxed) == 0 }

    package func checkAll() throws(IndexFileError) { try check(0..<count) }

    /// What is thrown where the elements are those that were written, but cannot be.
    package var unexpectedContent: IndexFileError { pieces.unexpectedContent }
}

/// The pieces of a block, and which of them have passed.
@safe package final class Pieces: Sendable {
    /// What is read to check a single element.
    package static let byteCount = 1 << 20

    static func count(ofBytes byteCount: Int) -> Int { (byteCount + Self.byteCount - 1) / Self.byteCount }

    private let file: MappedFile
    private let block: String
    package let byteRange: Range<Int>
    private let checksums: [UInt64]
    package nonisolated(unsafe) let havePassed: UnsafeMutablePointer<Atomic<Bool>>
    /// How many pieces have not passed yet: once it is 0, nothing else need be looked at.
    package let awaited: Atomic<Int>

    /// - Precondition: a checksum for each piece of `byteRange`.
    init(of byteRange: Range<Int>, in file: MappedFile, named block: String, checksums: [UInt64]) {
        precondition(checksums.count == Self.count(ofBytes: byteRange.count))
        self.file = file
        self.block = block
        self.byteRange = byteRange
        self.checksums = checksums
        awaited = Atomic(checksums.count)
        unsafe havePassed = .allocate(capacity: checksums.count)
        for piece in checksums.indices { unsafe (havePassed + piece).initialize(to: Atomic(false)) }
    }

    deinit {
        unsafe havePassed.deinitialize(count: checksums.count)
        unsafe havePassed.deallocate()
    }

    /// - Parameter range: bytes, counted from the block's first.
    @inlinable package func check(_ range: Range<Int>) throws(IndexFileError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteRange.count, "outside the block")
        guard awaited.load(ordering: .relaxed) > 0, !range.isEmpty else { return }
        for piece in range.lowerBound / Self.byteCount...(range.upperBound - 1) / Self.byteCount
        where !(unsafe havePassed[piece].load(ordering: .relaxed)) {
            try checkAnew(piece)
        }
    }

    var unexpectedContent: IndexFileError { .unexpectedContent(path: file.path, block: block) }

    package func checkAnew(_ piece: Int) throws(IndexFileError) {
        let start = byteRange.lowerBound + piece * Self.byteCount
        let end = min(start + Self.byteCount, byteRange.upperBound)
        let sum = unsafe file.withBytes { bytes in unsafe xxh64(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) }
        guard sum == checksums[piece] else { throw .corruptBlock(path: file.path, block: block) }
        guard !(unsafe havePassed[piece].exchange(true, ordering: .relaxed)) else { return }
        awaited.subtract(1, ordering: .relaxed)
    }
}
