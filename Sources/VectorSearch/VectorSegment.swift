import Foundation
import IndexFiles
import LinearAlgebra

/// An index that never changes, and the numbers that its rows have in the whole, ascending.
final class VectorSegment: Sendable {
    /// What its file is named after.
    let id: Int
    let index: VectorIndex
    /// `[rows]`
    let numbers: MappedArray<UInt32>

    init(_ id: Int, in folder: URL) throws(IndexFileError) {
        let file = try IndexFile(opening: Self.url(id, in: folder), kind: .vectors)
        self.id = id
        index = try VectorIndex(in: file)
        numbers = try file.elements(of: "numbers", count: index.rowCount)
    }

    /// - Parameters:
    ///   - vectors: `[rows, dimension]`, of length 1 or 0.
    ///   - numbers: `[rows]`, ascending.
    static func write(
        _ id: Int, unit vectors: Matrix, numbers: [UInt32], fingerprint: String, in folder: URL, threadCount: Int
    ) throws {
        let writer = try IndexFileWriter(creating: url(id, in: folder), kind: .vectors)
        try VectorIndex.append(unit: vectors, fingerprint: fingerprint, to: writer, threadCount: threadCount)
        try writer.append(numbers, as: "numbers")
        try writer.finish()
    }

    static func url(_ id: Int, in folder: URL) -> URL { folder.appending(path: "\(prefix)\(id).docketindex") }

    /// What the names of segments' files begin with.
    static let prefix = "segment-"

    /// The row with a number, by bisection.
    func row(numbered number: Int) -> Int? {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(numbers[middle]) < number { low = middle + 1 } else { high = middle }
        }
        return low < numbers.count && Int(numbers[low]) == number ? low : nil
    }
}
