import Foundation

/// Writes a matrix as a NumPy file, row by row.
///
/// Format 1.0, C order, little-endian: <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.
struct NumpyFile<Element: NumpyElement> {
    private let file: OutputFile

    /// - Parameter rowCount: how many rows will be appended.
    init(creating path: String, rowCount: Int, columnCount: Int) throws(InputError) {
        file = try OutputFile(creating: path)
        var header =
            "{'descr': '\(Element.numpyName)', 'fortran_order': False, 'shape': (\(rowCount), \(columnCount)), }"
        // The header's length is a multiple of 64 with its ten bytes of preamble and a newline at the end.
        header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
        let length = UInt16(header.utf8.count)
        let preamble: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
        try file.write(Data(preamble) + Data(header.utf8))
    }

    /// Appends rows, concatenated.
    func append(_ values: [Element]) throws(InputError) {
        try file.write(values.withUnsafeBytes { Data($0) })
    }

    /// Puts the file in its place; without this nothing is.
    func finish() throws(InputError) { try file.finish() }
}

/// A number that NumPy has a name for.
protocol NumpyElement: BitwiseCopyable {
    static var numpyName: String { get }
}

extension Float: NumpyElement {
    static var numpyName: String { "<f4" }
}

extension Int32: NumpyElement {
    static var numpyName: String { "<i4" }
}
