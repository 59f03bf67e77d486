import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage
import TextEmbedding

/// The options that every command takes, and what they lead to.
struct SharedOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data directory (DOCKET_DATA; default ./.docket).", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("Where indexes are kept (DOCKET_INDEXES; default DATA/indexes).", valueName: "folder"))
    var indexes: String?

    @Option(
        help: ArgumentHelp(
            """
            The embedding model's folder (DOCKET_MODEL; default models/all-MiniLM-L6-v2 beside the data directory), or \
            lsa for none: latent semantic analysis of the pages.
            """,
            valueName: "folder"))
    var model: String?

    @Option(
        name: .customLong("embedding-url"),
        help: ArgumentHelp(
            "An OpenAI-compatible server that embeds in the model's place; texts are sent there (DOCKET_EMBEDDING_URL; "
                + "default none). A key goes into DOCKET_EMBEDDING_KEY.",
            valueName: "url"))
    var embeddingURL: String?

    @Option(help: ArgumentHelp("The server's name for its model (DOCKET_EMBEDDING_MODEL).", valueName: "name"))
    var embeddingModel: String?

    @Option(
        help: ArgumentHelp(
            "Threads for encoding and indexing (DOCKET_THREADS; default all processors).", valueName: "count"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "How the model computes: int8, fast, or fp32, exact (DOCKET_PRECISION; default int8, of embed fp32).",
            valueName: "int8|fp32"))
    var precision: String?

    @Option(help: ArgumentHelp("The settings file (default docket.yaml, where there is one).", valueName: "file"))
    var config: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard model == nil || embeddingURL == nil else {
            throw ValidationError("give --model FOLDER or --embedding-url URL, not both")
        }
    }

    /// - Parameter reranker: an option of the commands that have it.
    func configuration(reranker: String? = nil) throws -> Configuration {
        let file = config.map { URL(filePath: $0) } ?? URL(filePath: "docket.yaml")
        let isPresent = FileManager.default.fileExists(atPath: file.path)
        if config != nil && !isPresent { throw InputError.unreadable(path: file.path) }
        return try Configuration(
            flags: Configuration.Layer(
                data: data, indexes: indexes, model: model, threads: threads, precision: precision,
                embeddingURL: embeddingURL, embeddingModel: embeddingModel, reranker: reranker),
            environment: ProcessInfo.processInfo.environment, file: isPresent ? file : nil,
            processorCount: ProcessInfo.processInfo.activeProcessorCount)
    }
}

extension Configuration {
    /// What indexes are built and searched with.
    ///
    /// - Parameter known: the fingerprints of vectors that are kept.
    func embedder(
        known: @autoclosure () throws -> [String], patience: EmbeddingServer.Patience = .ofAnIngest
    ) throws -> Embedder {
        if let embeddingServer { return .endpoint(try embeddingServer.encoder(known: known(), patience: patience)) }
        if usesLatentSemanticAnalysis { return .latent(.unfitted) }
        return .model(try encoder(precision: precision(or: .int8)))
    }

    func precision(or standard: TextEmbedding.Precision) -> TextEmbedding.Precision {
        switch precision {
        case .int8: .int8
        case .fp32: .fp32
        case nil: standard
        }
    }

    /// - Throws: `ValidationError` where the settings say that there shall be no model.
    func encoder(precision: TextEmbedding.Precision) throws -> TextEncoder {
        guard !usesLatentSemanticAnalysis else {
            throw ValidationError(
                "--model lsa learns from the pages of an index, and this command has none; name a model's folder")
        }
        return try TextEncoder(
            contentsOf: model, precision: precision, turns: turns, prefixes: (queryPrefix, documentPrefix), cache: data)
    }

    /// - Parameter reranks: whether a configured cross-encoder orders the passages anew.
    func searcher(reranks: Bool = false) throws -> Searcher {
        let store = try Store(in: data, creating: false)
        return try Searcher(
            store: store, embedder: embedder(known: store.fingerprints(), patience: .ofAPerson), indexes: indexes,
            reranker: reranks ? reranker.map(makeReranker) : nil)
    }

    /// Its products are the reference's, unless speed is asked for: which loses nothing depends on the model.
    func makeReranker(in folder: URL) throws -> Reranker {
        do {
            return Reranker(
                try CrossEncoder(contentsOf: folder, precision: precision(or: .fp32), turns: turns, cache: data))
        } catch {
            throw RerankerError(folder: folder, cause: error)
        }
    }

    private var turns: EncoderTurns { EncoderTurns(threadCount: threads) }

    var audienceOrder: AudienceOrder { AudienceOrder(names: audiences, defaultAudience: defaultAudience) }
}

/// How many passages a search gives.
struct LimitOption: ParsableArguments {
    @Option(name: [.customShort("n"), .customShort("l"), .long], help: "How many passages at most.") var limit = 10

    private static let limitMax = 1_000

    func validate() throws {
        guard (1...Self.limitMax).contains(limit) else {
            throw ValidationError("--limit takes a number from 1 to \(Self.limitMax)")
        }
    }
}

/// Who reads: an option of the commands that show text.
struct ReaderOption: ParsableArguments {
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Read as this audience (default internal; where the settings have none of that name, the narrowest).",
            valueName: "audience"))
    var reader: String?

    func visibleAudiences(_ configuration: Configuration) throws -> [String] {
        try configuration.visibleAudiences(to: reader ?? configuration.usualReader)
    }
}

/// Shows what an ingest or an evaluation is doing.
func showProgress(_ progress: IngestProgress) {
    switch progress {
    case .reading(let done, let total, let path): Progress.shared.show("reading", done: done, of: total, detail: path)
    case .embedding(let done, let total): Progress.shared.show("embedding", done: done, of: total)
    case .fitting: Progress.shared.show("fitting", done: 0, of: 1)
    case .indexing: Progress.shared.show("indexing", done: 0, of: 1)
    case .rebuilding(let reason): Console.complain("docket: rebuilding the index: \(reason)")
    case .moving(let old, let new): Console.complain("docket: \(old) is gone; its pages are now those of \(new)")
    }
}
