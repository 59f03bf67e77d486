/// What can be wrong with an index file. Each case names the file; the remedy for all is to rebuild it from the database.
package enum IndexFileError: Error, Equatable, Sendable {
    case unreadable(path: String, errno: Int32)
    case unwritable(path: String, errno: Int32)
    case foreign(path: String)
    case unsupportedVersion(path: String, got: UInt32, expected: UInt32)
    case wrongKind(path: String, got: IndexFile.Kind?, expected: IndexFile.Kind)
    case truncated(path: String, got: Int, expected: Int)
    case corruptHeader(path: String)
    case corruptBlock(path: String, block: String)
    /// What a block says cannot be, or belongs to another model or database, though it is as it was written.
    case unexpectedContent(path: String, block: String)
    case missingBlock(path: String, block: String)
    case misshapenBlock(path: String, block: String, gotByteCount: Int, expectedByteCount: Int)
}

extension IndexFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let errno): "\(path): cannot be read: \(systemMessage(errno))"
        case .unwritable(let path, let errno):
            "\(path): cannot be written: \(systemMessage(errno)); look at permissions and free space there"
        case .foreign(let path): "\(path): is not an index file of Docket's"
        case .unsupportedVersion(let path, let got, let expected):
            "\(path): has index format \(got), this program reads \(expected)"
        case .wrongKind(let path, let got, let expected):
            "\(path): holds \(got.map { "\($0)" } ?? "an unknown kind of index"), expected \(expected)"
        case .truncated(let path, let got, let expected):
            "\(path): has \(got) bytes, expected \(expected)"
        case .corruptHeader(let path): "\(path): its header does not match its checksum"
        case .corruptBlock(let path, let block): "\(path): block \"\(block)\" does not match its checksum"
        case .unexpectedContent(let path, let block):
            "\(path): block \"\(block)\" is undamaged, but what it says does not fit the rest"
        case .missingBlock(let path, let block): "\(path): block \"\(block)\" is missing"
        case .misshapenBlock(let path, let block, let got, let expected):
            "\(path): block \"\(block)\" has \(got) bytes, expected \(expected)"
        }
    }
}
