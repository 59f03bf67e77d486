import Foundation
import IndexFiles
import LinearAlgebra

extension Matrix {
    /// Reads a NumPy file of float32 `[rows, columns]` in C order, as `docket embed` writes it.
    ///
    /// Format 1.0 to 3.0: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
    init(numpyFile path: String) throws {
        guard !InputFile(path: path).isStream else {
            throw InputError.badNumpy(path: path, detail: "is no regular file, which a NumPy file must be")
        }
        let file: MappedFile
        do {
            file = try MappedFile(at: URL(filePath: path))
        } catch {
            guard case .unreadable(_, let errno) = error else { throw error }
            throw InputError.unreadable(path: path, errno: errno)
        }
        let bytes = file.elements(UInt8.self, in: 0..<file.byteCount)
        guard let header = NumpyHeader(bytes) else {
            throw InputError.badNumpy(path: path, detail: "is not a NumPy file of float32 [rows, columns] in C order")
        }
        let (count, isTooLarge) = header.rowCount.multipliedReportingOverflow(by: header.columnCount)
        guard !isTooLarge, count <= (bytes.count - header.byteCount) / 4, header.columnCount > 0 else {
            throw InputError.badNumpy(
                path: path,
                detail: "has \(bytes.count) bytes, fewer than \(header.rowCount) rows of \(header.columnCount) take")
        }
        // The header of a file by NumPy itself is a multiple of 64 bytes; of others it may be anything.
        let values: [Float] =
            header.byteCount.isMultiple(of: 4)
            ? file.elements(Float.self, in: header.byteCount..<header.byteCount + count * 4).copied
            : (0..<count).map { index in
                let start = header.byteCount + index * 4
                return Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) })
            }
        self.init(rowCount: header.rowCount, columnCount: header.columnCount, values: values)
    }
}

/// What stands before the values.
private struct NumpyHeader {
    let rowCount: Int
    let columnCount: Int
    let byteCount: Int

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    init?(_ bytes: MappedArray<UInt8>) {
        guard bytes.count >= 12, bytes.prefix(6).elementsEqual(Self.magic), (1...3).contains(bytes[6]) else {
            return nil
        }
        let lengthCount = bytes[6] == 1 ? 2 : 4
        let length = (0..<lengthCount).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        byteCount = 8 + lengthCount + length
        guard byteCount <= bytes.count else { return nil }
        let text = String(decoding: bytes[8 + lengthCount..<byteCount], as: UTF8.self)
        guard text.contains(/'descr': *'<f4'/), text.contains(/'fortran_order': *False/),
            let shape = text.firstMatch(of: /'shape': *\((\d+), *(\d+)\)/),
            let rowCount = Int(shape.1), let columnCount = Int(shape.2)
        else { return nil }
        (self.rowCount, self.columnCount) = (rowCount, columnCount)
    }
}
