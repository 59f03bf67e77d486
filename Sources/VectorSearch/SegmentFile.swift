import Foundation
import IndexFiles
import LinearAlgebra

/// A segment as it stands on disk: an index, and the numbers of its rows.
final class SegmentFile: Sendable {
    let number: Int
    /// Of the file; the manifest has it, too.
    let checksum: UInt64
    let index: VectorIndex
    /// Ascending.
    let rowNumbers: MappedArray<UInt32>

    private static let numbersName = "row numbers"

    init(opening number: Int, in folder: SegmentFolder) throws(IndexFileError) {
        let file = try IndexFile(opening: folder.segment(number), kind: .vectors)
        self.number = number
        checksum = file.checksum
        index = try VectorIndex(in: file)
        rowNumbers = try file.elements(of: Self.numbersName, count: index.rowCount)
        let areAscending = unsafe rowNumbers.withUnsafeBufferPointer { numbers in
            numbers.indices.dropFirst().allSatisfy { unsafe numbers[$0 - 1] < numbers[$0] }
        }
        guard areAscending else { throw .unexpectedContent(path: file.path, block: Self.numbersName) }
    }

    /// Writes a segment, durably, and opens it.
    ///
    /// - Precondition: `vectors` are of length 1 or 0; `rowNumbers` ascend, one a row.
    static func write(
        unit vectors: Matrix, rowNumbers: [UInt32], fingerprint: String, as number: Int, in folder: SegmentFolder,
        threadCount: Int
    ) throws -> SegmentFile {
        let writer = try IndexFileWriter(creating: folder.segment(number), kind: .vectors)
        try VectorIndex.append(unit: vectors, fingerprint: fingerprint, to: writer, threadCount: threadCount)
        try writer.append(rowNumbers, as: numbersName)
        try writer.finish()
        return try SegmentFile(opening: number, in: folder)
    }

    /// Where a row number stands in the file.
    func place(of rowNumber: Int) -> Int? {
        unsafe rowNumbers.withUnsafeBufferPointer { numbers in
            var (low, high) = (0, numbers.count)
            while low < high {
                let middle = (low + high) / 2
                if unsafe Int(numbers[middle]) < rowNumber { low = middle + 1 } else { high = middle }
            }
            return unsafe low < numbers.count && Int(numbers[low]) == rowNumber ? low : nil
        }
    }
}
