import Foundation
import IndexFiles
import VectorSearch

/// Manifests as a forger would write them.
struct SegmentFixture: Codable {
    struct Entry: Codable {
        var number: Int
        var rowCount: Int
        var checksum = "0"
    }

    var dimension = 2
    var fingerprint = "m"
    var nextRow = 0
    var nextSegment = 0
    var segments: [Entry] = []

    func write(in folder: URL, live: [UInt64] = []) throws {
        let writer = try IndexFileWriter(creating: folder.appending(path: "manifest.docketindex"), kind: .segments)
        try writer.append(json: self, as: "facts")
        try writer.append(live, as: "live")
        try writer.finish()
    }

    static func writeManifest(in folder: URL, nextRow: Int) throws {
        try SegmentFixture(nextRow: nextRow).write(in: folder)
    }
}
