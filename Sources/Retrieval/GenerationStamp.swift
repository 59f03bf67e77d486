import Foundation
import IndexFiles
import Storage

/// What the files of a generation must agree on with the database and each other.
///
/// Files copied from another database or generation pass their own checksums and may have as many rows; what they would
/// find is wrong all the same.
struct GenerationStamp: Codable, Equatable {
    let database: Int
    let generation: Int
    let createdAt: String
    /// Checksums of the headers of the lanes' files, which hold those of their blocks.
    let vectors: String
    let postings: String
    /// Likewise of the model, where the generation has one of its own.
    let latentModel: String?

    init(database: Int, generation: Int, createdAt: String, files: GenerationFiles, hasLatentModel: Bool) throws {
        self.database = database
        self.generation = generation
        self.createdAt = createdAt
        vectors = try Self.headerChecksum(of: files.vectors)
        postings = try Self.headerChecksum(of: files.postings)
        latentModel = hasLatentModel ? try Self.headerChecksum(of: files.latentModel) : nil
    }

    private static let headerByteCount = 64

    static func headerChecksum(of url: URL) throws -> String {
        let header = try FileHandle(forReadingFrom: url).read(upToCount: headerByteCount) ?? Data()
        return String(checksum(of: Array(header)), radix: 16)
    }
}
