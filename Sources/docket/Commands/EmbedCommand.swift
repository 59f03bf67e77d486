import ArgumentParser
import Configuration
import Foundation
import LinearAlgebra
import Retrieval
import TextEmbedding

struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed texts and write the vectors as a NumPy file.",
        discussion: """
            Reads one text a line, or the "text" of one JSON object a line from a .jsonl file, and writes float32 \
            [rows, dimension] in input order. The vectors are those of the reference within 1e-5; --precision int8 is \
            nearly three times as fast, within a cosine of 0.99. With --embedding-url they are the server's, scaled to \
            length 1.

            Example:
              docket embed questions.txt --output questions.npy --role query
            """)

    enum Role: String, ExpressibleByArgument, CaseIterable {
        case document, query
    }

    @OptionGroup var shared: SharedOptions
    @Argument(help: "The texts; - for standard input (one text a line).") var input: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file.npy")) var output: String
    @Option(help: "What the texts are: decides the model's prefix, where it has one.") var role = Role.document

    /// Texts embedded between two lines of progress.
    private static let batchTextCount = 512

    func run() throws {
        guard !OutputFile.isSame(output, as: input) else {
            throw ValidationError("--output \(output) is the input, which it would replace; name another file")
        }
        let configuration = try shared.configuration()
        let texts = try TextLines(of: InputFile(path: input))
        guard texts.count > 0 else { throw InputError.empty(path: input) }
        let embedder = try self.embedder(configuration)
        let file = try NumpyFile<Float>(creating: output, rowCount: texts.count, columnCount: embedder.dimension)
        let start = ContinuousClock.now
        var (done, tokenCount) = (0, 0)
        try texts.forEachBatch(of: Self.batchTextCount) { batch in
            let rows = try embedder.embeddings(of: batch, as: role == .query ? .query : .document)
            try file.append(rows.values)
            done += batch.count
            tokenCount += self.tokenCount(of: batch, for: embedder) ?? 0
            Progress.shared.show("embedding", done: done, of: texts.count)
        }
        guard done == texts.count else { throw InputError.changed(path: input) }
        try file.finish()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        Progress.shared.clear()
        report(done, embedder.dimension, tokenCount > 0 ? tokenCount : nil, seconds)
    }

    /// What leaves for other programs is the reference's, unless speed is asked for.
    private func embedder(_ configuration: Configuration) throws -> Embedder {
        guard configuration.embeddingServer == nil else { return try configuration.embedder(known: []) }
        return .model(try configuration.encoder(precision: configuration.precision(or: .fp32)))
    }

    /// A server's tokens are not known.
    private func tokenCount(of texts: [String], for embedder: Embedder) -> Int? {
        guard case .model(let encoder) = embedder else { return nil }
        return texts.reduce(0) { $0 + min(encoder.tokenCount(of: $1), encoder.fingerprint.tokenLimit) }
    }

    private func report(_ rowCount: Int, _ dimension: Int, _ tokenCount: Int?, _ seconds: Double) {
        let documentRate = Double(rowCount) / seconds
        let tokenRate = tokenCount.map { Double($0) / seconds }
        if shared.json {
            Console.printJSON(
                .object([
                    ("rows", .integer(rowCount)), ("dimension", .integer(dimension)),
                    ("seconds", .rounded(seconds, places: 3)), ("documents_per_s", .rounded(documentRate, places: 1)),
                    ("tokens_per_s", tokenRate.map { .rounded($0, places: 1) } ?? .null),
                ]))
        } else {
            let tokens = tokenRate.map { String(format: ", %.0f tokens/s", $0) } ?? ""
            print(
                "\(rowCount) rows of \(dimension) in \(output), "
                    + String(format: "%.1f s, %.1f documents/s", seconds, documentRate) + tokens)
        }
    }
}
