import Foundation
import IndexFiles
import Storage

/// What the files of a source's pages were like when they were read, in earlier runs and in this one.
package struct ReadStamps {
    /// For so long a file is left alone before it is read, where its stamp is to stand for its content. File systems' clocks
    /// tick, FAT's every two seconds; and what a program writes into a file that it has mapped gives it a new time only where
    /// the last such words are on the disk, which takes Linux up to 35 seconds.
    package static let settledSeconds = 60.0

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
