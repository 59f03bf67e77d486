import Documents
package import Foundation
package import Storage

/// How long an ingest takes, stage by stage, and how fast pages are parsed and cut.
package struct IngestBenchmark {
    private let root: URL

    package struct Report: Sendable {
        package let formats: [Format]
        /// By stage, in the order in which they ended.
        package let stages: [(name: String, seconds: Double)]
        package let summary: IngestSummary
        /// Of a second run, which finds all as it was.
        package let unchangedSeconds: Double
    }

    /// The pages of one format.
    package struct Format: Sendable, Equatable {
        package let name: String
        package var pageCount = 0
        package var byteCount = 0
        package var chunkCount = 0
        package var parseSeconds = 0.0
        package var chunkSeconds = 0.0

        /// Of parsing and cutting, on one thread.
        package var megabytesPerSecond: Double {
            Double(byteCount) / 1e6 / max(parseSeconds + chunkSeconds, .leastNormalMagnitude)
        }
    }

    package init(root: URL) { self.root = root }

    /// Parses and cuts every page on this thread, and then ingests them into `store`, which is empty.
    package func run(
        store: Store, embedder: Embedder, indexes: URL, audiences: AudienceOrder, threadCount: Int,
        progress: @escaping (IngestProgress) -> Void
    ) throws -> Report {
        let formats = try measureFormats(progress)
        var clock = StageClock()
        func ingest(_ report: @escaping (IngestProgress) -> Void) throws -> IngestSummary {
            try Ingester(
                store: store, embedder: embedder, indexes: indexes, audiences: audiences, threadCount: threadCount,
                report: report
            ).ingest([root])
        }
        let summary = try ingest {
            clock.enter($0)
            progress($0)
        }
        clock.end()
        let again = try ingest(progress)
        return Report(
            formats: formats, stages: clock.stages, summary: summary, unchangedSeconds: again.seconds)
    }

    private func measureFormats(_ progress: (IngestProgress) -> Void) throws -> [Format] {
        guard let source = try KnownSources([]).naming([root]).first else {
            throw RetrievalError.noFolder(path: root.path)
        }
        var formats: [String: Format] = [:]
        let clock = ContinuousClock()
        let paths = PageListing(of: source).pages
        for (done, path) in paths.enumerated() {
            progress(.reading(done: done, of: paths.count, path: path))
            guard let bytes = try? source.bytes(of: path), let name = try? DocumentFormat(ofPath: path).rawValue else {
                continue
            }
            var format = formats[name] ?? Format(name: name)
            var document: Document?
            format.parseSeconds += clock.measure { document = try? Document(parsing: bytes, path: path) } / .seconds(1)
            guard let document else { continue }
            format.chunkSeconds +=
                clock.measure { format.chunkCount += Chunker().chunks(of: document).count } / .seconds(1)
            format.pageCount += 1
            format.byteCount += bytes.count
            formats[name] = format
        }
        return formats.values.sorted { $0.byteCount > $1.byteCount }
    }
}

/// Counts time to the stages that progress tells of.
private struct StageClock {
    private(set) var stages: [(name: String, seconds: Double)] = []
    private var current = ("starting", ContinuousClock.now)

    mutating func enter(_ progress: IngestProgress) {
        let name =
            switch progress {
            case .reading: "reading, parsing, cutting and storing"
            case .fitting: "fitting"
            case .embedding: "embedding"
            case .indexing: "indexing"
            case .rebuilding, .moving: current.0
            }
        guard name != current.0 else { return }
        end()
        current = (name, .now)
    }

    mutating func end() { stages.append((current.0, (ContinuousClock.now - current.1) / .seconds(1))) }
}
