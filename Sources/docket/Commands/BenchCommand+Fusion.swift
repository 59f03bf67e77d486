import ArgumentParser
import Configuration
import Foundation
import Retrieval

extension BenchCommand {
    struct Fusion: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try the weights of fusion on judged sets: how those that are built in came about.",
            discussion: """
                Prints nDCG@10 with the weights that are built in, with the best of a grid, and with those that are best \
                on the other sets. Never name a split that results are reported on.

                Example:
                  docket bench fusion --set corpus:dev --set ../sets/scifact:train
                """)

        @OptionGroup var shared: SharedOptions
        @Option(help: ArgumentHelp("A judged set and its split; may be repeated.", valueName: "folder:split"))
        var set: [String]

        func run() throws {
            let configuration = try shared.configuration()
            let sets = try set.map { name in
                let parts = name.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count > 1, let split = parts.last else {
                    throw ValidationError("--set takes FOLDER:SPLIT, such as corpus:dev")
                }
                return try EvaluationSet(
                    in: URL(filePath: parts.dropLast().joined(separator: ":"), directoryHint: .isDirectory),
                    split: String(split))
            }
            let cache = configuration.data.appending(path: "evaluation")
            let embedder = try configuration.embedder(known: Evaluator.fingerprints(in: cache))
            let evaluator = Evaluator(embedder: embedder, cache: cache, report: showProgress)
            let report = try FusionFit(evaluator: evaluator, options: FusionOptions(for: embedder))
                .report(on: sets) { Progress.shared.show("trying weights", done: $0, of: $1) }
            Progress.shared.clear()
            if shared.json {
                Console.printJSON(configuration.marked(report.json))
            } else {
                configuration.sayWhetherModelIsMissing()
                print(report.text(sets: set))
            }
        }
    }
}

extension FusionFit.Report {
    private static let shownTrialCount = 5

    fileprivate var json: JSON {
        .object([
            ("better_lane", .array(betterLane.map { .rounded($0) })), ("current", current.json),
            ("trials", .array(trials.map(\.json))), ("held_out", .array(heldOut.map(\.json))),
        ])
    }

    fileprivate func text(sets: [String]) -> String {
        let lines =
            [("the better lane", String?.none, betterLane), ("as built in", current.weights, current.ndcgAt10)]
            + trials.prefix(Self.shownTrialCount).map { ("best on all", $0.weights, $0.ndcgAt10) }
            + zip(sets, heldOut).map { ("without \($0)", $1.weights, $1.ndcgAt10) }
        return
            (["sets: " + sets.joined(separator: ", ")]
            + lines.map { name, weights, values in
                let cells = values.map { String(format: "%.4f", $0) }.joined(separator: "  ")
                return "\(cells)  \(name)\(weights.map { ", " + $0 } ?? "")"
            }).joined(separator: "\n")
    }
}

extension FusionFit.Trial {
    fileprivate var weights: String { "BM25 \(lexicalWeight), feedback \(feedbackWeight)" }

    fileprivate var json: JSON {
        .object([
            ("lexical_weight", .rounded(Double(lexicalWeight))), ("feedback_weight", .rounded(Double(feedbackWeight))),
            ("ndcg_at_10", .array(ndcgAt10.map { .rounded($0) })),
        ])
    }
}
