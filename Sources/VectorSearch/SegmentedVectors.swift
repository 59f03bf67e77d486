package import Foundation
import IndexFiles
import Synchronization

/// Vectors in segments, to be read while a `SegmentWriter`, in this process or another, changes them.
///
///     let vectors = try SegmentedVectors(opening: folder)
///     try vectors.reload()
///     let rows = try vectors.snapshot().search(query, limit: 10)
package final class SegmentedVectors: Sendable {
    private let folder: SegmentFolder
    private let manifest: Mutex<SegmentManifest>
    private let current: Mutex<VectorSnapshot>

    /// - Throws: `SegmentError` where the folder has no index or a damaged one.
    package init(opening url: URL) throws {
        folder = SegmentFolder(url: url)
        let (manifest, snapshot) = try VectorSnapshot.load(folder)
        self.manifest = Mutex(manifest)
        current = Mutex(snapshot)
    }

    /// The state at the last `reload`.
    package func snapshot() -> VectorSnapshot { current.withLock { $0 } }

    /// Takes up what was written since; where nothing was, that costs one look at the manifest's stamp.
    ///
    /// Every change whose call had returned before is seen. After an error the old state stays.
    ///
    /// - Returns: whether there was a change.
    @discardableResult package func reload() throws -> Bool {
        try manifest.withLock { manifest in
            guard FileStamp(of: folder.manifest) != manifest.file.stamp else { return false }
            let (new, snapshot) = try VectorSnapshot.load(folder, sharing: self.snapshot())
            manifest = new
            current.withLock { $0 = snapshot }
            return true
        }
    }
}
