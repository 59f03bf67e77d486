package import Foundation

/// The places that tests read: the repository, the model that `scripts/fetch-model` fetches, sets outside the repository.
package enum Repository {
    package static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The embedding model; tests that need it skip by name where it is absent.
    package static let model: URL = {
        let path = ProcessInfo.processInfo.environment["DOCKET_MODEL"] ?? ""
        return path.isEmpty ? root.appending(path: "models/all-MiniLM-L6-v2") : URL(filePath: path)
    }()

    package static let hasModel = FileManager.default.fileExists(
        atPath: model.appending(path: "model.safetensors").path)

    /// A model of a few kilobytes with random weights: real files, fast, no meaning.
    package static let tinyModel = root.appending(path: "Tests/TextEmbeddingTests/Fixtures/tiny-bert-mean")
}
