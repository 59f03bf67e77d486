import Foundation
import IndexFiles

/// A mapped safetensors file: named tensors behind a JSON header.
///
/// Layout: eight bytes with the header's length (little-endian), the header, the tensors' bytes. Every offset is checked
/// before a byte is read. Specification: <https://github.com/huggingface/safetensors#format>.
struct SafetensorsFile: Sendable {
    /// The specification's own limit.
    static let headerByteCountMax = 100_000_000
    static let rankMax = 8

    let path: String
    /// Changes when the file does.
    var stamp: FileStamp { file.stamp }
    private let file: MappedFile
    private let entries: [String: Entry]
    private let dataOffset: Int

    enum ElementType: String, CaseIterable {
        case fp32 = "F32"
        case fp16 = "F16"
        case bf16 = "BF16"

        var byteCount: Int { self == .fp32 ? 4 : 2 }
    }

    /// One tensor's line in the header; offsets count from the end of the header.
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case dataOffsets = "data_offsets"
        }
    }

    /// Maps the file and checks its header.
    init(opening url: URL) throws(ModelError) {
        path = url.path
        file = try mapModelFile(at: url)
        let header = try Self.header(of: file)
        dataOffset = header.upperBound
        let data = unsafe file.withBytes { bytes in unsafe Data(bytes[header]) }
        entries = try ModelJSON.decode(Header.self, from: data, path: url.path, keys: .useDefaultKeys).entries
    }

    /// The header's byte range.
    private static func header(of file: MappedFile) throws(ModelError) -> Range<Int> {
        guard file.byteCount >= 8 else {
            throw .truncated(path: file.path, field: "the header's length", got: file.byteCount, expected: 8)
        }
        let length = unsafe file.withBytes { bytes in
            unsafe UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        }
        guard length <= headerByteCountMax else {
            throw .malformed(path: file.path, reason: "a header of \(length) bytes, so not a safetensors file")
        }
        let end = 8 + Int(length)
        guard end <= file.byteCount else {
            throw .truncated(path: file.path, field: "the header", got: file.byteCount, expected: end)
        }
        return 8..<end
    }

    /// The header is an object of tensors with one key, `__metadata__`, that is none.
    private struct Header: Decodable {
        var entries: [String: Entry] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: TensorName.self)
            for key in container.allKeys where key.stringValue != "__metadata__" {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }

    private struct TensorName: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The tensor called `name`, which must have `shape`.
    func tensor(_ name: String, shape: [Int]) throws(ModelError) -> Tensor {
        guard let entry = entries[name] else { throw .missingTensor(path: path, tensor: name) }
        guard entry.shape == shape else {
            throw .wrongShape(path: path, tensor: name, got: entry.shape, expected: shape)
        }
        guard let type = ElementType(rawValue: entry.dtype) else {
            throw .wrongType(
                path: path, tensor: name, got: entry.dtype, expected: ElementType.allCases.map(\.rawValue))
        }
        let byteRange = try byteRange(of: entry, name: name, elementByteCount: type.byteCount)
        if type == .fp32, byteRange.lowerBound.isMultiple(of: MemoryLayout<Float>.alignment) {
            return Tensor(shape: shape, mapped: file.elements(Float.self, in: byteRange))
        }
        return Tensor(shape: shape, values: converted(byteRange, from: type))
    }

    /// Where the tensor's bytes lie in the file.
    private func byteRange(of entry: Entry, name: String, elementByteCount: Int) throws(ModelError) -> Range<Int> {
        let field = "\(name).data_offsets"
        guard entry.dataOffsets.count == 2, entry.dataOffsets[0] >= 0, entry.dataOffsets[0] <= entry.dataOffsets[1]
        else {
            throw .invalidField(
                path: path, field: field, got: "\(entry.dataOffsets)", expected: "a first and a last byte")
        }
        guard entry.dataOffsets[1] <= file.byteCount - dataOffset else {
            let end = dataOffset.addingReportingOverflow(entry.dataOffsets[1])
            throw .truncated(
                path: path, field: name, got: file.byteCount, expected: end.overflow ? Int.max : end.partialValue)
        }
        let expected = byteCount(of: entry.shape, elementByteCount: elementByteCount)
        guard let expected, entry.dataOffsets[1] - entry.dataOffsets[0] == expected else {
            throw .invalidField(
                path: path, field: field, got: "\(entry.dataOffsets[1] - entry.dataOffsets[0]) bytes",
                expected: "the size of shape \(entry.shape)")
        }
        return dataOffset + entry.dataOffsets[0]..<dataOffset + entry.dataOffsets[1]
    }

    /// The shape's size in bytes; `nil` where it is negative or overflows.
    private func byteCount(of shape: [Int], elementByteCount: Int) -> Int? {
        guard shape.count <= Self.rankMax else { return nil }
        var product = elementByteCount
        for size in shape {
            let (partialValue, overflow) = product.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else { return nil }
            product = partialValue
        }
        return product
    }

    private func converted(_ byteRange: Range<Int>, from type: ElementType) -> [Float] {
        unsafe file.withBytes { bytes in
            let count = byteRange.count / type.byteCount
            return unsafe [Float](unsafeUninitializedCapacity: count) { values, initializedCount in
                for index in 0..<count {
                    let offset = byteRange.lowerBound + index * type.byteCount
                    unsafe values[index] = unsafe type.value(in: bytes, at: offset)
                }
                initializedCount = count
            }
        }
    }
}

extension SafetensorsFile.ElementType {
    /// The little-endian element at a byte offset, widened without loss.
    func value(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Float {
        switch self {
        case .fp32:
            unsafe Float(
                bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        case .fp16: unsafe Float(Float16(bitPattern: half(in: bytes, at: offset)))
        case .bf16: unsafe Float(bitPattern: UInt32(half(in: bytes, at: offset)) << 16)
        }
    }

    private func half(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt16 {
        unsafe UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }
}
