import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what the data directory holds and what is being served.",
        discussion: """
            Example:
              docket status
            """)

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let configuration = try shared.configuration()
        let store = try Store(in: configuration.data, creating: false)
        let counts = try store.counts()
        let generation = try store.servingGeneration()
        let isLatent =
            generation.map { LatentEmbedder.isFingerprint($0.fingerprint) } ?? configuration.usesLatentSemanticAnalysis
        let isPending = try store.hasPendingChanges()
        let facts: [(String, JSON)] = [
            ("database", .string(store.path)), ("bytes", .integer(store.byteCount)),
            ("generation", .integer(generation?.id ?? 0)), ("created_at", .optional(generation?.createdAt)),
            ("servable", .array(try store.servableGenerations().map { .integer($0.id) })),
            ("model", .optional(generation?.fingerprint)), ("documents", .integer(counts.documents)),
            ("chunks", .integer(counts.chunks)), ("embeddings", .integer(counts.embeddings)),
            ("tickets", .integer(counts.tickets)), ("drafts", .integer(counts.drafts)),
            ("pending_changes", .boolean(isPending)),
        ]
        if shared.json { return Console.printJSON(isLatent ? NoModel.mark(.object(facts)) : .object(facts)) }
        if isLatent { print(NoModel.line) }
        for (name, value) in facts {
            let label = name.replacingOccurrences(of: "_", with: " ")
            let text =
                if case .string(let string) = value { string } else { value.text == "null" ? "none" : value.text }
            print(label + String(repeating: " ", count: max(17 - label.count, 1)) + text)
        }
        if isPending { Console.complain("changes wait for the next generation; run `docket ingest`") }
    }
}
