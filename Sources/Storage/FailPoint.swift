import Foundation
import Synchronization

/// A moment at which a test can have the process killed, as by a power cut: with `DOCKET_FAIL_POINT=NAME:COUNT` in its
/// environment it is sent SIGKILL when it passes the point for the COUNT-th time. `scripts/soak/kill-storm` does so.
package enum FailPoint: String, CaseIterable, Sendable {
    /// In the transactions that store pages and take pages out of every search, before they are committed, and after.
    case storingPages = "storing-pages"
    case storedPages = "stored-pages"
    case removingPages = "removing-pages"
    case removedPages = "removed-pages"
    case storedEmbeddings = "stored-embeddings"
    /// Between the files of a segment, when all of them are there, and when they are of one that others were merged into.
    case writingIndex = "writing-index"
    case writtenSegment = "written-segment"
    case mergedSegments = "merged-segments"
    /// When all segments of a generation are there, and when its manifest is.
    case writingManifest = "writing-manifest"
    case writtenIndex = "written-index"
    /// In the transaction that switches to a generation, before it is committed, and after.
    case switchingGeneration = "switching-generation"
    case switchedGeneration = "switched-generation"
    /// A restoration: when the backup's index is there, and when the database is replaced.
    case restoring
    case restored

    package static let variable = "DOCKET_FAIL_POINT"

    private static let armed: (point: FailPoint, count: Int)? = {
        let parts = ProcessInfo.processInfo.environment[variable]?.split(separator: ":") ?? []
        guard parts.count == 2, let point = FailPoint(rawValue: String(parts[0])), let count = Int(parts[1]) else {
            return nil
        }
        return (point, count)
    }()
    private static let passedCount = Atomic(0)

    package func pass() {
        guard let armed = Self.armed, armed.point == self else { return }
        if Self.passedCount.add(1, ordering: .relaxed).newValue == armed.count { kill(getpid(), SIGKILL) }
    }
}
