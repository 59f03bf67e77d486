import Foundation
import Testing

/// A NumPy file read by its specification: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
struct NumpyArray {
    let header: String
    let shape: [Int]
    /// In C order.
    let values: [Float]

    init(_ url: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: url))
        try #require(bytes.prefix(8) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        #expect((10 + length).isMultiple(of: 64), "the values are aligned")
        header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
        #expect(header.hasSuffix("\n"))
        let match = try #require(header.firstMatch(of: /'shape': \((\d+), (\d+)\)/))
        shape = [try #require(Int(match.1)), try #require(Int(match.2))]
        let data = bytes[(10 + length)...]
        values = stride(from: data.startIndex, to: data.endIndex, by: 4).map { place in
            Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[place + $1]) << UInt32($1 * 8) })
        }
        try #require(values.count == shape[0] * shape[1])
    }

    func row(_ index: Int) -> ArraySlice<Float> { values[index * shape[1]..<(index + 1) * shape[1]] }
}
