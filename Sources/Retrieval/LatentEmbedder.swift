import Foundation
import IndexFiles
import LexicalSearch
package import LinearAlgebra
import Storage
import TextEmbedding

/// Embeddings without a model folder: latent semantic analysis of the pages themselves, over the lexical lane's terms.
///
/// `unfitted` stands for the choice until there is a collection; a search takes the model of the generation that it
/// runs on.
package struct LatentEmbedder: Sendable {
    /// Knows no term, so every text has the zero vector.
    package static let unfitted = LatentEmbedder(model: nil)
    /// Texts that are new since a fit, and texts that are gone, as a share of those that it was made on: above it an
    /// ingest fits anew.
    static let changedShareMax = 0.2
    /// What a setting and a program's output call it.
    package static let name = "lsa"

    private let model: LatentSemanticModel?

    private init(model: LatentSemanticModel?) { self.model = model }

    package var dimension: Int { model?.dimension ?? 1 }

    package var fingerprint: String { model?.fingerprint ?? "\(Self.name), not fitted" }

    /// Whether a generation's or an embedding's fingerprint is of some fit.
    package static func isFingerprint(_ text: String) -> Bool { text.hasPrefix("\(name), ") }

    package var description: String {
        guard let model else { return "latent semantic analysis, not fitted yet" }
        return "latent semantic analysis of \(model.textCount) texts, \(model.termCount) terms, "
            + "\(model.dimension) dimensions, sha256 \(model.digest.prefix(12))"
    }

    package func embeddings(of texts: [String]) -> Matrix {
        guard let model else { return Matrix(rowCount: texts.count, columnCount: dimension) }
        let analyser = Analyser()
        return model.embeddings(of: texts.map { Self.counts(of: $0, analyser) })
    }

    /// How often each term occurs; an identifier is another term than the word that looks like it.
    private static func counts(of text: String, _ analyser: Analyser) -> [String: Int] {
        let terms = analyser.terms(of: text)
        var counts: [String: Int] = [:]
        for word in terms.words { counts[word, default: 0] += 1 }
        for identifier in terms.identifiers { counts["\u{1}" + identifier, default: 0] += 1 }
        return counts
    }

    private static let vocabulary = "analyser \(Analyser.version)"
}

extension LatentEmbedder {
    /// Fitted on some texts, the same for the same texts in any order.
    package init(fittedOn texts: some Sequence<String>) throws {
        var fitter = Fitter()
        for text in texts { fitter.append(text) }
        self = try fitter.fit()
    }

    /// Fitted on the current pages' texts, each once.
    init(fittedOn store: Store) throws {
        var fitter = Fitter()
        try store.forEachCurrentText { text in
            fitter.append(
                embeddingText(title: text.title, headingPath: text.headingPath, searchText: text.searchText),
                key: Self.key(of: text.textHash))
        }
        self = try fitter.fit()
    }

    /// Fitted on the texts that a generation shows, each once.
    init(fittedOn store: Store, generation: Int) throws {
        var fitter = Fitter()
        var seen: Set<Data> = []
        try store.forEachChunk(ofGeneration: generation, fingerprint: Self.unfitted.fingerprint) { chunk, _ in
            guard seen.insert(chunk.textHash).inserted else { return }
            fitter.append(chunk.embeddingText, key: Self.key(of: chunk.textHash))
        }
        self = try fitter.fit()
    }

    private struct Fitter {
        private var fitter = LatentSemanticFitter(vocabulary: LatentEmbedder.vocabulary)
        private let analyser = Analyser()

        mutating func append(_ text: String) { append(text, key: checksum(of: Array(text.utf8))) }

        mutating func append(_ text: String, key: UInt64) {
            fitter.append(LatentEmbedder.counts(of: text, analyser), key: key)
        }

        consuming func fit() throws -> LatentEmbedder { LatentEmbedder(model: try fitter.fit()) }
    }

    /// The first eight bytes of a text's hash.
    private static func key(of hash: Data) -> UInt64 { hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }

    /// Whether the current pages' texts are others than those of the fit, by more than the share that is let pass.
    func isOutdated(for store: Store) throws -> Bool {
        guard let model else { return true }
        let fitted = Set(model.textKeys)
        let current = Set(try store.currentTextHashes().map(Self.key))
        return Double(fitted.symmetricDifference(current).count) > Self.changedShareMax * Double(fitted.count)
    }
}

extension LatentEmbedder {
    /// Reads the model that stands beside a generation's lanes.
    init(opening url: URL) throws(IndexFileError) {
        model = try LatentSemanticModel(opening: url, vocabulary: Self.vocabulary)
    }

    /// Writes the model among a database's indexes, as the fit of a generation.
    ///
    /// - Precondition: it is fitted.
    func write(ofGeneration generation: Int, in folder: IndexFolder) throws -> GenerationManifest.LatentModel {
        guard let model else { preconditionFailure("there is no model to write before a fit") }
        let url = folder.latentModel(of: generation)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try model.write(to: url)
        return GenerationManifest.LatentModel(generation: generation, checksum: try headerChecksum(of: url))
    }
}
