import Foundation

/// Why an ingest or a search cannot go on. Each says what to do next.
package enum RetrievalError: Error, Equatable, Sendable {
    /// Changes below a folder cannot be watched.
    case cannotWatch(path: String, errno: Int32)
    case noFolder(path: String)
    case nothingIngested
    case otherModel(got: String, expected: String)
    case unusableIndex(detail: String)
    case noPage(name: String)
    case coversIngestedFolders(name: String, folders: [String], pageCount: Int)
    case noGeneration(got: Int, expected: [Int])
    case ingestRunning(lock: String)
    case noLock(path: String, errno: Int32)
    case badVersion(got: String, detail: String)
    case badSet(path: String, line: Int?, detail: String)
}

extension RetrievalError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotWatch(let path, ENOSPC):
            "\(path): cannot be watched: the system's limit is reached; raise fs.inotify.max_user_watches"
        case .cannotWatch(let path, let errno): "\(path): cannot be watched: \(String(cString: strerror(errno)))"
        case .noFolder(let path): "\(path): there is no such file or folder"
        case .nothingIngested: "nothing is ingested yet; run `docket ingest FOLDER` first"
        case .otherModel(let got, let expected): messageOfOtherModel(got: got, expected: expected)
        case .unusableIndex(let detail): "\(detail); run `docket ingest` to rebuild the index from the database"
        case .coversIngestedFolders(let name, let folders, let pageCount):
            """
            \(name) is a folder above \(folders.joined(separator: " and ")), so all their \(pageCount) pages would be \
            removed; name the folder that is meant, or add --all
            """
        case .noPage(let name) where name.allSatisfy(\.isWhitespace):
            "an empty name means no page; give an id, a file or a folder"
        case .noPage(let name):
            "\(name): no page has this id, and no file or folder of it is ingested; `docket search` shows ids"
        case .noGeneration(let got, let expected):
            expected.isEmpty
                ? "there is no generation to go back to; one is kept before the newest"
                : "generation \(got) is not kept; `docket rollback \(expected[0])` serves the other one that is"
        case .ingestRunning(let lock): "another ingest is running (it holds \(lock)); wait for it to end"
        case .noLock(let path, let errno):
            "\(path): cannot be made: \(String(cString: strerror(errno))); check who owns the data directory"
        case .badVersion(let got, let detail): "version \"\(got)\" cannot be read: \(detail)"
        case .badSet(let path, let line, let detail): "\(path)\(line.map { ":\($0)" } ?? ""): \(detail)"
        }
    }
}

private func messageOfOtherModel(got fingerprint: String, expected other: String) -> String {
    let (got, expected) = (shortened(fingerprint), shortened(other))
    if LatentEmbedder.isFingerprint(got) {
        return """
            the index was built with the model \(expected), and --model lsa, which is for a start without a model, never \
            takes a model's place by itself; name the model with --model, or embed everything anew without one with \
            `docket ingest --model lsa --change-model`
            """
    }
    if LatentEmbedder.isFingerprint(expected) {
        return """
            the index was built without a model, by latent semantic analysis (\(expected)), and this run has \(got); go on \
            without a model with --model lsa, or embed everything anew with `docket ingest --change-model`
            """
    }
    if RemoteEncoder.isChanged(fingerprint, from: other) {
        return """
            the server's model has changed: the index was built with \(expected), and now it is \(got); bring the first \
            back, or embed everything anew with `docket ingest --change-model`
            """
    }
    return """
        the index was built with the model \(expected), and this run has \(got); name the first with --model, or with \
        --embedding-url and --embedding-model, or embed everything anew with `docket ingest --change-model`
        """
}

/// A fingerprint up to the first digits of its first digest, which tell it from others.
private func shortened(_ fingerprint: String) -> String {
    guard let digest = fingerprint.firstRange(of: "sha256 ") else { return fingerprint }
    return String(fingerprint[..<digest.upperBound] + fingerprint[digest.upperBound...].prefix(12))
}
