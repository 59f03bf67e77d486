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

            Example:
              docket eval --set corpus --split dev
            """)

    @OptionGroup var shared: SharedOptions
    @Option(help: ArgumentHelp("The judged set.", valueName: "folder")) var set = "corpus"
    @Option(help: "Which of its qrels.") var split = "dev"
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
        let cache = configuration.data.appending(path: "evaluation")
        let embedder = try configuration.embedder(known: Evaluator.fingerprints(in: cache))
        let evaluator = Evaluator(embedder: embedder, cache: cache, report: showProgress)
        let report = try evaluator.evaluate(judged)
        Progress.shared.clear()
        if shared.json {
            Console.printJSON(configuration.marked(report.json))
        } else {
            configuration.sayWhetherModelIsMissing()
            print(report.text(set: set, split: split))
        }
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

    fileprivate var json: JSON {
        .object(
            lanes.map { name, lane in
                let means = lane.mean.named.map { ($0.name, JSON.rounded($0.value)) }
                let intervals = zip(lane.low.named, lane.high.named).map { low, high in
                    (low.name, JSON.array([.rounded(low.value), .rounded(high.value)]))
                }
                return (name, .object(means + [("ci95", .object(intervals))]))
            })
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
        return ([header + columns] + rows).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 0))
    }
}
