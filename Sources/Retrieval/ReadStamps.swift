import Foundation
import IndexFiles
import Storage

/// What the files of a source's pages were like when they were read, in earlier runs and in this one.
package struct ReadStamps {
    /// For so long a file is left alone before it is read, where its stamp is to stand for its content: the coarsest clock of
    /// a file system in use, FAT's, ticks every two seconds.
    package static let settledSeconds = 2.0

    private let known: [String: PageStamp]
    /// Those of this run, by path.
    private(set) var new: [String: PageStamp] = [:]

    init(_ known: [String: PageStamp]) { self.known = known }

    /// The revision that a page's file has, where it was read when it was like this.
    func revision(of path: String, _ stamp: FileStamp) -> String? {
        known[path].flatMap { $0.stamp == stamp.description ? $0.revision : nil }
    }

    /// Keeps what a file was like before and after it was read.
    mutating func keep(_ stamp: FileStamp, of path: String, _ revision: String) {
        let kept = PageStamp(stamp: stamp.description, revision: revision)
        if known[path] != kept { new[path] = kept }
    }
}
