import Answering
import ArgumentParser
import Documents
import Foundation

extension BenchCommand {
    struct Checker: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what the checker of statements catches, and what it drops wrongly.",
            discussion: """
                Takes every statement that drafts could quote of the pages, makes it false in each way that it has a \
                place for, and counts what the checker drops; pages at even places of the list of names were looked at \
                when its rules were written, those at odd places were not. Paraphrases are true, so one that is dropped \
                is a false alarm; those marked held-out are left out without --held-out. --fit prints the weights that \
                the paraphrases marked fit give. Claims about whole documents are judged set by set, by weights that the \
                other sets give.

                Example:
                  docket bench checker corpus/docs --paraphrases Tests/AnsweringTests/Fixtures/paraphrases.jsonl
                """)

        @Argument(help: ArgumentHelp("A folder of pages; PDFs are passed over.", valueName: "folder")) var folder:
            String
        @Option(help: ArgumentHelp("Paraphrases of spans of them, one JSON object a line.", valueName: "file.jsonl"))
        var paraphrases: String?
        @Option(
            help: ArgumentHelp(
                "Claims about whole documents, one JSON object with set, context, claim and label a line.",
                valueName: "file.jsonl"))
        var claims: String?
        @Flag(help: "Score the paraphrases that are held out, too.") var heldOut = false
        @Flag(help: "Fit the weights instead.") var fit = false
        @Flag(help: "Print JSON.") var json = false

        private static let seed: UInt64 = 7
        private static let turnCount = 5

        func validate() throws {
            if fit, paraphrases == nil { throw ValidationError("--fit takes --paraphrases FILE") }
        }

        func run() throws {
            let pages = try pages()
            let written = try paraphrases.map { try lines(of: $0) as [Paraphrase] } ?? []
            if fit {
                print(try CheckerFit.weights(for: cases(written, in: pages, split: .fit)))
                return
            }
            let benchmark = CheckerBenchmark()
            let developed = pages.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            let others = pages.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
            var sets = [("handbook, looked at", cases(developed)), ("handbook, others", cases(others))]
            if !written.isEmpty { sets.append(("paraphrases to fit", cases(written, in: pages, split: .fit))) }
            if heldOut { sets.append(("paraphrases held out", cases(written, in: pages, split: .heldOut))) }
            for row in sets.flatMap({ benchmark.rows($0.1, set: $0.0) }) { show(row) }
            for (set, cases) in sets {
                let supported = cases.filter(\.truth.isSupported)
                show(benchmark.milliseconds(aHundredOf: supported, turnCount: Self.turnCount), set: set)
            }
            if let claims { for row in try GroundingBenchmark().rows(lines(of: claims)) { show(row) } }
        }

        private func show(_ row: GroundingBenchmark.Row) {
            guard !json else {
                return Console.printJSON(
                    .object([
                        ("set", .string(row.set)), ("claims", .integer(row.count)),
                        ("kept_share", .rounded(row.keptShare)), ("caught_share", .rounded(row.caughtShare)),
                        ("balanced_accuracy", .rounded(row.balancedAccuracy)),
                    ]))
            }
            let shares = String(
                format: "balanced accuracy %.4f, true kept %.4f, false caught %.4f  ", row.balancedAccuracy,
                row.keptShare, row.caughtShare)
            print(shares + "claims: \(row.set), \(row.count)")
        }

        private func pages() throws -> [CheckedPage] {
            let root = URL(filePath: folder, directoryHint: .isDirectory)
            let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted()
                .filter { (try? DocumentFormat(ofPath: $0)).map { $0 != .pdf } ?? false }
            return try paths.map { path in
                let bytes = Array(try InputFile(path: root.appending(path: path).path).data())
                return CheckedPage(try Document(parsing: bytes, path: path), bytes: bytes)
            }
        }

        private func lines<Row: Decodable>(of path: String) throws -> [Row] {
            try InputFile.lines(of: InputFile(path: path).data()).map { number, line in
                do { return try JSONDecoder().decode(Row.self, from: line) } catch {
                    throw InputError.badLine(path: path, line: number, detail: "\(error)")
                }
            }
        }

        private func cases(_ pages: [CheckedPage]) -> [CheckerCase] {
            pages.flatMap { CheckerCase.cases(of: $0, seed: Self.seed) }
        }

        private func cases(
            _ paraphrases: [Paraphrase], in pages: [CheckedPage], split: Paraphrase.Split
        ) -> [CheckerCase] {
            pages.flatMap { page in
                let own = paraphrases.filter { $0.document == page.id && $0.split == split }
                return CheckerCase.cases(of: own, in: page, seed: Self.seed)
            }
        }

        private func show(_ row: CheckerBenchmark.Row) {
            guard !json else {
                return Console.printJSON(
                    .object([
                        ("set", .string(row.set)), ("kind", .string(row.kind)), ("is_true", .boolean(row.isSupported)),
                        ("statements", .integer(row.count)), ("dropped", .integer(row.droppedCount)),
                        ("dropped_share", .rounded(row.droppedShare)),
                    ]))
            }
            print(
                String(format: "%6d of %6d  %.4f  ", row.droppedCount, row.count, row.droppedShare)
                    + "\(row.set): \(row.kind)")
        }

        private func show(_ milliseconds: Double, set: String) {
            guard !json else {
                return Console.printJSON(
                    .object([("set", .string(set)), ("ms_per_100_true_statements", .rounded(milliseconds))]))
            }
            print(String(format: "%.2f ms for 100 true statements: ", milliseconds) + set)
        }
    }
}
