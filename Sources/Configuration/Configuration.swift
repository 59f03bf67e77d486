package import Foundation

/// The settings of one run: from flags, then `DOCKET_*`, then `docket.yaml`, then the defaults.
package struct Configuration: Sendable, Equatable {
    /// More threads than any machine that Docket is for has processors; BLAS takes the number as 32 bits.
    package static let threadCountMax = 1024

    /// The data directory: the database, and by default the indexes.
    package let data: URL
    package let indexes: URL
    package let model: URL
    /// The server that embeds in the model's place, where one is configured.
    package let embeddingServer: EmbeddingServer?
    /// Whether vectors come from no model, but from latent semantic analysis of the pages: the model is called `lsa`,
    /// and `model` has no meaning. A folder of that name is reached as `./lsa`.
    package let usesLatentSemanticAnalysis: Bool
    /// What goes before queries and documents, where it is not what the model's folder says.
    package let queryPrefix: String?
    package let documentPrefix: String?
    /// The folder of a cross-encoder that orders the best passages anew, where one is named.
    package let reranker: URL?
    /// Who may read, from the widest audience to the narrowest: a reader sees its own audience and all before it.
    package let audiences: [String]
    /// The audience of a page that names none.
    package let defaultAudience: String
    /// Which filters are given up where they leave nothing, in this order; `nil` where no setting says so.
    package let relaxation: [Relaxable]?
    /// Threads for encoding and search.
    package let threads: Int
    /// How the encoder computes, where a setting says so.
    package let precision: Precision?

    package enum Precision: String, Sendable, CaseIterable {
        case int8, fp32
    }

    /// A filter that the settings may let go of. The audience is none.
    package enum Relaxable: String, Sendable, CaseIterable {
        case tags, platform, product, version
    }

    /// What one source of settings says; `nil` where it is silent.
    package struct Layer: Sendable, Equatable {
        package var data: String?
        package var indexes: String?
        package var model: String?
        package var reranker: String?
        package var audiences: [String]?
        package var defaultAudience: String?
        package var relaxation: [Relaxable]?
        package var threads: Int?
        package var precision: String?
        package var embeddingURL: String?
        package var embeddingModel: String?
        package var embeddingQueryPrefix: String?
        package var embeddingDocumentPrefix: String?
        package var embeddingDimension: Int?

        package init(
            data: String? = nil, indexes: String? = nil, model: String? = nil, threads: Int? = nil,
            precision: String? = nil, embeddingURL: String? = nil, embeddingModel: String? = nil,
            reranker: String? = nil
        ) {
            self.reranker = reranker
            self.data = data
            self.indexes = indexes
            self.model = model
            self.threads = threads
            self.precision = precision
            self.embeddingURL = embeddingURL
            self.embeddingModel = embeddingModel
        }
    }

    /// Joins the layers, the first that speaks winning; relative paths are taken from the working directory.
    ///
    /// The indexes default to `DATA/indexes`, the model to `models/all-MiniLM-L6-v2` beside the data directory. A setting
    /// of `indexes` belongs to the `data` that it stands beside or that is set below it: with `--data other`, indexes
    /// named in the environment or the file are not used, since they are those of another database.
    package init(
        flags: Layer, environment: [String: String], file: URL?, processorCount: Int
    ) throws(ConfigurationError) {
        let layers = try [flags, Layer(environment: environment), file.map(Layer.init(file:)) ?? Layer()]
        func first<Value>(_ setting: KeyPath<Layer, Value?>) -> Value? {
            layers.lazy.compactMap { $0[keyPath: setting] }.first
        }
        func folder(_ setting: String, _ path: String?) throws(ConfigurationError) -> URL? {
            guard path != "" else { throw .badValue(setting: setting, got: "", expected: "a path") }
            return path.map(Self.folder)
        }
        data = try folder("data", first(\.data)) ?? Self.folder(".docket")
        let layersForIndexes = layers.prefix(through: layers.firstIndex { $0.data != nil } ?? layers.count - 1)
        indexes =
            try folder("indexes", layersForIndexes.lazy.compactMap(\.indexes).first)
            ?? data.appending(path: "indexes", directoryHint: .isDirectory)
        embeddingServer = try EmbeddingServer(
            layers: layers, key: environment["DOCKET_EMBEDDING_KEY"].flatMap { $0.isEmpty ? nil : $0 })
        usesLatentSemanticAnalysis = embeddingServer == nil && first(\.model) == Self.noModel
        model =
            try folder("model", first(\.model))
            ?? data.deletingLastPathComponent().appending(path: "models/all-MiniLM-L6-v2", directoryHint: .isDirectory)
        queryPrefix = first(\.embeddingQueryPrefix)
        documentPrefix = first(\.embeddingDocumentPrefix)
        reranker = try folder("reranker", first(\.reranker))
        audiences = first(\.audiences) ?? ["public", Self.staff]
        defaultAudience = first(\.defaultAudience) ?? audiences[audiences.count - 1]
        relaxation = first(\.relaxation)
        threads = first(\.threads) ?? min(processorCount, Self.threadCountMax)
        precision = try first(\.precision).map { name throws(ConfigurationError) in
            guard let precision = Precision(rawValue: name) else {
                throw .badValue(
                    setting: "precision", got: name,
                    expected: Precision.allCases.map(\.rawValue).joined(separator: " or "))
            }
            return precision
        }
        // A precision that was set for a model elsewhere is not this run's.
        let namer = layers.first { $0.model != nil }
        if usesLatentSemanticAnalysis, let precision = namer?.precision {
            throw .badValue(
                setting: "precision", got: precision,
                expected: "none beside the model \"\(Self.noModel)\", which is no model and has no precision")
        }
        guard audiences.contains(defaultAudience) else {
            throw .unknownAudience(got: defaultAudience, expected: audiences)
        }
        guard (1...Self.threadCountMax).contains(threads) else {
            throw .badValue(
                setting: "threads", got: "\(threads)", expected: "a number from 1 to \(Self.threadCountMax)")
        }
    }

    private static func folder(_ path: String) -> URL {
        URL(filePath: path, directoryHint: .isDirectory).standardizedFileURL
    }

    /// Who reads where nobody is named: staff, and not those for whom a narrower audience was made.
    package var usualReader: String {
        audiences.contains(Self.staff) ? Self.staff : audiences[audiences.count - 1]
    }

    /// What the setting `model` says where there shall be none.
    static let noModel = "lsa"

    private static let staff = "internal"

    /// The audiences whose pages `reader` may see.
    package func visibleAudiences(to reader: String) throws(ConfigurationError) -> [String] {
        guard let rank = audiences.firstIndex(of: reader) else {
            throw .unknownAudience(got: reader, expected: audiences)
        }
        return Array(audiences[...rank])
    }
}

extension Configuration.Layer {
    init(environment: [String: String]) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.init(data: value("DOCKET_DATA"), indexes: value("DOCKET_INDEXES"), model: value("DOCKET_MODEL"))
        precision = value("DOCKET_PRECISION")
        reranker = value("DOCKET_RERANKER")
        embeddingURL = value("DOCKET_EMBEDDING_URL")
        embeddingModel = value("DOCKET_EMBEDDING_MODEL")
        if let text = value("DOCKET_THREADS") {
            guard let count = Int(text) else {
                throw .badValue(setting: "DOCKET_THREADS", got: text, expected: "a whole number")
            }
            threads = count
        }
    }

    /// Reads `docket.yaml`; relative paths in it are taken from its own folder.
    init(file: URL) throws(ConfigurationError) {
        let source = try Self.settings(in: file)
        let settings = source.settings
        let folder = file.deletingLastPathComponent()
        func value<Value>(_ name: String, expected: String) throws(ConfigurationError) -> Value? {
            guard let value = settings[name] else { return nil }
            guard let typed = value as? Value else { throw badValue(name, got: value, expected: expected) }
            return typed
        }
        func badValue(_ name: String, got value: Any, expected: String) -> ConfigurationError {
            .badValue(
                setting: "\(name) in \(file.path)\(source.line(of: name).map { ":\($0)" } ?? "")",
                got: value is NSNull ? "nothing" : "\(value)", expected: expected)
        }
        func path(_ name: String) throws(ConfigurationError) -> String? {
            guard let text: String = try value(name, expected: "a path") else { return nil }
            guard !text.isEmpty else { throw badValue(name, got: text, expected: "a path") }
            return URL(filePath: text, relativeTo: folder).standardizedFileURL.path
        }
        data = try path("data")
        indexes = try path("indexes")
        let named: String? = try value("model", expected: "a path")
        model = named == Configuration.noModel ? named : try path("model")
        reranker = try path("reranker")
        threads = try value("threads", expected: "a whole number")
        precision = try value("precision", expected: "int8 or fp32")
        embeddingURL = try value("embedding_url", expected: "a server's address")
        embeddingModel = try value("embedding_model", expected: "a model's name")
        embeddingQueryPrefix = try value("embedding_query_prefix", expected: "a text")
        embeddingDocumentPrefix = try value("embedding_document_prefix", expected: "a text")
        embeddingDimension = try value("embedding_dimension", expected: "a whole number")
        audiences = try value("audiences", expected: "a list of names, the widest audience first")
        defaultAudience = try value("default_audience", expected: "a name")
        if let audiences, audiences.isEmpty || audiences.contains("") || Set(audiences).count < audiences.count {
            throw badValue("audiences", got: audiences, expected: "one name or more, none empty or there twice")
        }
        let names: [String]? = try value("relaxation", expected: Self.relaxationExpected)
        relaxation = names.map { $0.compactMap(Configuration.Relaxable.init(rawValue:)) }
        if let names, names.count != Set(relaxation ?? []).count {
            throw badValue(
                "relaxation", got: names.joined(separator: ", "),
                expected: Self.relaxationExpected
                    + (names.contains("audience") ? "; the audience is never given up" : ""))
        }
    }

    private static let relaxationExpected =
        "a list of "
        + Configuration.Relaxable.allCases.map(\.rawValue).joined(separator: ", ")
        + ", each at most once, the first to be given up first"

    private static let known = [
        "data", "indexes", "model", "reranker", "threads", "precision", "audiences", "default_audience",
        "relaxation", "embedding_url", "embedding_model", "embedding_query_prefix", "embedding_document_prefix",
        "embedding_dimension",
    ]

    private static func settings(in file: URL) throws(ConfigurationError) -> SettingsFile {
        let source = try SettingsFile(at: file)
        if let unknown = source.settings.keys.filter({ !known.contains($0) }).min() {
            throw .unknownSetting(path: file.path, setting: unknown, known: known)
        }
        return source
    }
}
