import ArgumentParser
import Configuration
import Foundation
import LinearAlgebra
import Retrieval
import Storage
import TextEmbedding

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check what Docket stands on: BLAS, processor, model, database and index.",
        discussion: """
            Says for each part what it is and what is wrong with it; exits with 4 when something is.

            Example:
              docket doctor
            """)

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let configuration = try shared.configuration()
        let embedder = Result { try configuration.servedEmbedder() }
        let findings =
            [blas(), processor(), model(configuration, embedder)] + reranker(configuration)
            + database(configuration, embedder)
        if shared.json {
            Console.printJSON(configuration.marked(.object(findings.map { ($0.part, $0.json) })))
        } else {
            configuration.sayWhetherModelIsMissing()
            for finding in findings { print(finding.text) }
        }
        if findings.contains(where: { $0.problem != nil }) { throw ExitStatus.environment }
    }

    private struct Finding {
        let part: String
        let what: String
        var warning: String?
        var problem: String?

        var json: JSON {
            .object([
                ("is", .string(what)), ("ok", .boolean(problem == nil)), ("warning", .optional(warning)),
                ("problem", .optional(problem)),
            ])
        }

        var text: String {
            let mark = problem != nil ? "WRONG" : warning != nil ? "warn " : "ok   "
            let advice = (problem ?? warning).map { "\n                 \($0)" } ?? ""
            return "\(mark)  \(part)\(String(repeating: " ", count: max(10 - part.count, 1)))\(what)\(advice)"
        }
    }

    private func blas() -> Finding {
        guard let configuration = BLAS.configuration, let kernels = BLAS.kernelSet else {
            return Finding(
                part: "blas", what: "a BLAS that does not name itself, probably the reference library",
                warning: "install OpenBLAS, some fifty times faster: apt-get install libopenblas0-pthread")
        }
        let name = configuration.split(separator: " ").prefix(2).joined(separator: " ")
        let best = BLAS.bestKernelSet(for: .current)
        let forced = ProcessInfo.processInfo.environment[BLAS.coreTypeVariable].flatMap { forced in
            best == nil || best?.lowercased() == forced.lowercased()
                ? nil : "\(BLAS.coreTypeVariable) forces \(forced); unset it: \(best ?? "") fits this processor"
        }
        return Finding(part: "blas", what: "\(name), kernels \(kernels)", warning: forced)
    }

    private func processor() -> Finding {
        let features = ProcessorFeatures.current
        let sets = features.vectorSets
        let name = features.modelName.isEmpty ? "unnamed" : features.modelName
        let count = ProcessInfo.processInfo.activeProcessorCount
        let kernels = Kernels.current.name
        let wanted = ProcessInfo.processInfo.environment[Kernels.variable]
        let warning =
            if let wanted, wanted != kernels {
                "\(Kernels.variable) asks for \"\(wanted)\", which this processor or program does not have; unset it"
            } else {
                sets.isEmpty ? "no vector instructions found: encoding and searching will be slow" : nil as String?
            }
        return Finding(
            part: "processor",
            what: (["\(name) × \(count)"] + sets + ["kernels \(kernels)"]).joined(separator: ", "), warning: warning)
    }

    private func model(_ configuration: Configuration, _ embedder: Result<Embedder, any Error>) -> Finding {
        do {
            return Finding(part: "model", what: try embedder.get().description)
        } catch {
            let what = configuration.embeddingServer?.model ?? configuration.model.path
            return Finding(part: "model", what: what, problem: "\(error)")
        }
    }

    /// Nothing where none is configured.
    private func reranker(_ configuration: Configuration) -> [Finding] {
        guard let folder = configuration.reranker else { return [] }
        do {
            return [Finding(part: "reranker", what: try configuration.makeReranker(in: folder).description)]
        } catch {
            return [Finding(part: "reranker", what: folder.path, problem: "\(error)")]
        }
    }

    private func database(_ configuration: Configuration, _ embedder: Result<Embedder, any Error>) -> [Finding] {
        do {
            let store = try Store(in: configuration.data, creating: false)
            let counts = try store.counts()
            let what =
                "\(counts.documents) documents, \(counts.chunks) chunks, \(counts.tickets) tickets in \(store.path)"
            let problem = try damage(of: store, try? embedder.get())
            return [Finding(part: "database", what: what, problem: problem), index(configuration, store, embedder)]
        } catch {
            return [
                Finding(part: "database", what: configuration.data.path, problem: "\(error)"),
                Finding(
                    part: "index", what: configuration.indexes.path,
                    problem: "cannot be checked without its database; mend that first"),
            ]
        }
    }

    /// SQLite's own check of the file, and then the records in it; embeddings only where their model is there.
    private func damage(of store: Store, _ embedder: Embedder?) throws -> String? {
        if let first = try store.integrityProblems().first { return "\(first); restore a copy of the file" }
        let damaged = try store.damagedRecords(
            fingerprint: embedder?.fingerprint, dimension: embedder?.dimension ?? 0)
        guard let first = damaged.first else { return nil }
        return damaged.count == 1 ? "\(first)" : "\(first) (\(damaged.count) records are damaged)"
    }

    private func index(_ configuration: Configuration, _ store: Store, _ embedder: Result<Embedder, any Error>)
        -> Finding
    {
        do {
            let searcher = try Searcher(store: store, embedder: embedder.get(), indexes: configuration.indexes)
            try searcher.check()
            let generation = try searcher.store.servingState().generation
            return Finding(part: "index", what: "generation \(generation) in \(configuration.indexes.path)")
        } catch {
            return Finding(part: "index", what: configuration.indexes.path, problem: "\(error)")
        }
    }
}

extension Configuration {
    /// The embedder chosen; where it is fitted on the pages, as the index being served has it, if there is one.
    fileprivate func servedEmbedder() throws -> Embedder {
        if let embeddingServer {
            // Asked once, whatever becomes of it: this command is to say how it is now.
            let known = try? Store(in: data, creating: false).fingerprints()
            return .endpoint(try embeddingServer.encoder(known: known ?? [], patience: .ofACheck))
        }
        guard usesLatentSemanticAnalysis else { return try embedder(known: []) }
        return (try? searcher().embedder) ?? .latent(.unfitted)
    }
}
