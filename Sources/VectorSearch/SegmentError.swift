package import IndexFiles

/// What can be wrong with a folder of segments.
package enum SegmentError: Error, Equatable {
    case writerRunning(lock: String)
    case noLock(path: String, errno: Int32)
    case noManifest(path: String, folder: String)
    /// A file of the folder is damaged, torn, missing, or of another kind or version.
    case damaged(folder: String, IndexFileError)
    /// A whole segment, but not the one that the manifest names.
    case foreignSegment(path: String, folder: String)
    case otherDimension(folder: String, got: Int, expected: Int)
    case otherFingerprint(folder: String, got: String, expected: String)
    case tooManyRows(folder: String, got: Int, limit: Int)
    case tooManySegments(folder: String, limit: Int)
}

extension SegmentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .writerRunning(let lock): "\(lock): another process writes to this index; wait until it has ended"
        case .noLock(let path, let errno): "\(path): cannot be locked (error \(errno)); look at its permissions"
        case .noManifest(let path, let folder): "\(path): is missing; \(Self.remedy(folder))"
        case .damaged(let folder, let error): "\(error); \(Self.remedy(folder))"
        case .foreignSegment(let path, let folder):
            "\(path): is not the segment that the manifest names; \(Self.remedy(folder))"
        case .otherDimension(let folder, let got, let expected):
            "\(folder): has vectors of \(got) components, expected \(expected); \(Self.remedy(folder))"
        case .otherFingerprint(let folder, let got, let expected):
            "\(folder): has vectors of \"\(got)\", expected \"\(expected)\"; \(Self.remedy(folder))"
        case .tooManyRows(let folder, let got, let limit):
            "\(folder): would have given \(got) row numbers, at most \(limit) are possible; \(Self.remedy(folder))"
        case .tooManySegments(let folder, let limit):
            "\(folder): has \(limit) segments, which are too large to be merged; append more rows at once"
        }
    }

    private static func remedy(_ folder: String) -> String {
        "remove the folder \(folder) and build the index anew from the database"
    }
}
