import Foundation
import Storage

/// What a verification found wrong of which the database itself says how it has to be.
struct Damage {
    /// SQLite's own check of the file complains.
    var isOfFile = false
    var isOfSettings = false
    /// Records that refer to nothing, or are of removed pages and cannot be read.
    var hasStrays = false
    /// Revisions of pages whose records are not what their bytes give, though these are sound.
    var pages: [StoredDocument] = []
    /// Texts, by their hashes, whose embedding is missing or no vector.
    var texts: [Data] = []
    /// Drafts, by their numbers, whose citations are kept otherwise than they say.
    var drafts: [Int64] = []
    /// Generations that can be rolled back to no more.
    var generations: [Int] = []
    /// Why the index that is served has to be built anew.
    var index: String?
}
