import Foundation
import IndexFiles

/// The files of a folder of segments.
struct SegmentFolder: Sendable {
    let url: URL

    var manifest: URL { url.appending(path: "manifest.docketindex") }
    var lock: URL { url.appending(path: "writer.lock") }
    func segment(_ number: Int) -> URL { url.appending(path: "segment-\(number).docketindex") }

    var hasManifest: Bool { FileStamp(of: manifest) != nil }

    /// The files by names of segments that are there, those of which writing was cut off included.
    func segmentNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url.path).filter { name in
            let stem = name.hasSuffix(".partial") ? name.dropLast(".partial".count) : name[...]
            let number = stem.dropFirst("segment-".count).dropLast(".docketindex".count)
            return stem.hasPrefix("segment-") && stem.hasSuffix(".docketindex") && !number.isEmpty
                && number.allSatisfy(\.isWholeNumber)
        }
    }

    /// Removes segments that no manifest names; what is not Docket's is left alone.
    func removeSegments(except kept: [Int]) throws {
        let kept = Set(kept.map { segment($0).lastPathComponent })
        for name in try segmentNames() where !kept.contains(name) { unsafe unlink(url.appending(path: name).path) }
    }

    /// Those that have them mapped keep them. What cannot be removed is, at the next opening for writing.
    func removeSegments(_ numbers: [Int]) {
        for number in numbers { unsafe unlink(segment(number).path) }
    }

    /// Says of an error of a damaged file what to do.
    func sayingRemedy<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as IndexFileError where error.isDamage {
            throw SegmentError.damaged(folder: url.path, error)
        }
    }
}

extension IndexFileError {
    /// Whether the file's content or its absence is at fault, not permissions, space or the machine's limits.
    fileprivate var isDamage: Bool {
        switch self {
        case .unwritable: false
        case .unreadable(_, let errno): errno == ENOENT
        default: true
        }
    }
}
