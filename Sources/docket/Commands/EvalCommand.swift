import ArgumentParser
import Configuration
import Foundation
import Retrieval

struct EvalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measure retrieval on a judged set: each lane alone, and both fused.",
        discussion: """
            A set is a folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/SPLIT.tsv), or a handbook (docs/, \
            judgements/), whose sections are judged. Nothing has to be ingested; embeddings are kept in the data \
            directory; with --model lsa they are \
            fitted on the set's own texts in every run. Intervals are 95% by bootstrap over the queries.

            Fused rankings are compared with each lane's, query by query: an interval of the difference that leaves out 0 \
            is one that more queries would hardly undo. --run keeps the fused rankings as trec_eval reads them; --against \
            compares them with such a file.

            Example:
              docket eval --set corpus --split dev --run before.trec
              docket eval --set corpus --split dev --against before.trec
            """)

    @OptionGroup var shared: SharedOptions
    @Option(help: ArgumentHelp("The judged set.", valueName: "folder")) var set = "corpus"
    @Option(help: "Which of its qrels.") var split = "dev"
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("Write the fused rankings there, 100 results a query.", valueName: "file.trec"))
    var runFile: String?
    @Option(help: ArgumentHelp("Compare with the rankings of an earlier run.", valueName: "file.trec"))
    var against: String?
    @Option(help: ArgumentHelp("Exit with 5 where the fused nDCG@10 is below this.", valueName: "ndcg"))
    var failUnder: Double?

    func validate() throws {
        guard failUnder.map((0...1).contains) ?? true else {
            throw ValidationError("--fail-under takes a number from 0 to 1")
        }
    }

    func run() throws {
        let configuration = try shared.configuration()
        let folder = URL(filePath: set, directoryHint: .isDirectory)
        guard FileManager.default.fileExists(atPath: folder.path) else { throw InputError.unreadable(path: set) }
        let judged = try EvaluationSet(in: folder, split: split)
        let earlier = try against.map { path in
            guard FileManager.default.fileExists(atPath: path) else { throw InputError.unreadable(path: path) }
            return try TRECRun(reading: URL(filePath: path))
        }
        if let earlier, let against, !earlier.hasQueries(of: judged) {
            throw InputError.badLine(path: against, line: 1, detail: "has none of the queries of \(set), \(split)")
        }
        if let runFile {
            let parent = URL(filePath: runFile).absoluteURL.deletingLastPathComponent().path
            guard FileManager.default.fileExists(atPath: parent) else {
                throw InputError.unwritable(path: runFile, errno: ENOENT)
            }
        }
        let cache = configuration.data.appending(path: "evaluation")
        let embedder = try configuration.embedder(known: Evaluator.fingerprints(in: cache))
        let evaluator = Evaluator(embedder: embedder, cache: cache, report: showProgress)
        let report = try evaluator.evaluate(judged)
        Progress.shared.clear()
        let comparison = earlier.map(report.compared)
        if shared.json {
            Console.printJSON(configuration.marked(report.json(comparison)))
        } else {
            configuration.sayWhetherModelIsMissing()
            print(report.text(set: set, split: split))
            if let comparison, let against { print(comparison.text(against: against)) }
        }
        if let runFile { try report.run.write(to: URL(filePath: runFile)) }
        if let failUnder, report.fused.mean.ndcgAt10 < failUnder {
            Console.complain("docket: fused nDCG@10 is below \(failUnder)")
            throw ExitStatus.checkFailed
        }
    }
}

extension Evaluator.Report {
    private var lanes: [(name: String, lane: EvaluatedLane)] {
        [("fused", fused), ("dense", dense), ("lexical", lexical)]
    }

    /// As the contract has it, and what it was compared with, where that was asked.
    fileprivate func json(_ comparison: PairedComparison?) -> JSON {
        .object(
            lanes.map { name, lane in
                let means = lane.mean.named.map { ($0.name, JSON.rounded($0.value)) }
                let intervals = zip(lane.low.named, lane.high.named).map { low, high in
                    (low.name, JSON.array([.rounded(low.value), .rounded(high.value)]))
                }
                return (name, .object(means + [("ci95", .object(intervals))]))
            } + [("over_dense", overDense.json), ("over_lexical", overLexical.json)]
                + (comparison.map { [("against", $0.json)] } ?? []))
    }

    fileprivate func text(set: String, split: String) -> String {
        let header = "\(set), \(split): \(queryCount) queries, \(rowCount) rows\n"
        let columns = "lane".padded(9) + fused.mean.named.map { $0.name.padded(24) }.joined()
        let rows = lanes.map { name, lane in
            let cells = zip(lane.mean.named, zip(lane.low.named, lane.high.named)).map { mean, interval in
                String(format: "%.3f [%.3f, %.3f]", mean.value, interval.0.value, interval.1.value).padded(24)
            }
            return name.padded(9) + cells.joined()
        }
        let comparisons = "\n" + overDense.text(than: "dense") + "\n" + overLexical.text(than: "lexical")
        return ([header + columns] + rows).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
            + "\n" + comparisons
    }
}

extension PairedComparison {
    fileprivate var json: JSON {
        .object([
            ("ndcg_at_10", .rounded(difference)), ("ci95", .array([.rounded(low), .rounded(high)])),
            ("queries", .integer(queryCount)), ("better", .integer(betterCount)), ("worse", .integer(worseCount)),
        ])
    }

    fileprivate func text(against run: String) -> String { "\nagainst \(run): \(text)" }

    fileprivate func text(than lane: String) -> String { "fused against \(lane): \(text)" }

    private var text: String {
        String(format: "nDCG@10 %+.3f [%+.3f, %+.3f]; ", difference, low, high)
            + "\(betterCount) queries better, \(worseCount) worse, \(queryCount - betterCount - worseCount) equal"
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 0))
    }
}
