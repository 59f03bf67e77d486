import ArgumentParser
import Configuration
import Foundation
import LinearAlgebra
import TextEmbedding

struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed texts and write the vectors as a NumPy file.",
        discussion: """
            Reads one text a line, or the "text" of one JSON object a line from a .jsonl file, and writes float32 \
            [rows, dimension] in input order. The vectors are those of the reference within 1e-5; --precision int8 is \
            about twice as fast, within a cosine of 0.99.

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
        let texts = try texts()
        // What leaves for other programs is the reference's, unless speed is asked for.
        let encoder = try configuration.encoder(precision: configuration.precision(or: .fp32))
        let file = try NumpyFile(creating: output, rowCount: texts.count, columnCount: encoder.dimension)
        let start = ContinuousClock.now
        for first in stride(from: 0, to: texts.count, by: Self.batchTextCount) {
            let batch = Array(texts[first..<min(first + Self.batchTextCount, texts.count)])
            let rows = try encoder.embeddings(of: batch, as: role == .query ? .query : .document)
            try file.append(rows.values)
            Progress.shared.show("embedding", done: first + batch.count, of: texts.count)
        }
        try file.finish()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        Progress.shared.clear()
        let tokenCount = texts.reduce(0) { $0 + min(encoder.tokenCount(of: $1), encoder.fingerprint.tokenLimit) }
        report(texts.count, encoder.dimension, tokenCount, seconds)
    }

    private func report(_ rowCount: Int, _ dimension: Int, _ tokenCount: Int, _ seconds: Double) {
        let rates = (Double(rowCount) / seconds, Double(tokenCount) / seconds)
        if shared.json {
            Console.printJSON(
                .object([
                    ("rows", .integer(rowCount)), ("dimension", .integer(dimension)),
                    ("seconds", .rounded(seconds, places: 3)), ("documents_per_s", .rounded(rates.0, places: 1)),
                    ("tokens_per_s", .rounded(rates.1, places: 1)),
                ]))
        } else {
            print(
                "\(rowCount) rows of \(dimension) in \(output), "
                    + String(format: "%.1f s, %.1f documents/s, %.0f tokens/s", seconds, rates.0, rates.1))
        }
    }

    /// An empty line of plain text is a text; one of a `.jsonl` file is none.
    private func texts() throws -> [String] {
        let file = InputFile(path: input)
        let texts = try input.hasSuffix(".jsonl") ? file.texts() : file.plainLines()
        guard !texts.isEmpty else { throw InputError.empty(path: input) }
        return texts
    }
}
