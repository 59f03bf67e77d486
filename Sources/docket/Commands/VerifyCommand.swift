import Answering
import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that all that is stored agrees: pages, chunks, embeddings, index, drafts.",
        discussion: """
            Runs SQLite's own check, compares pages, generations, tickets, events and drafts with their seals, cuts \
            every page anew from its stored bytes, compares each vector with its embedding and the postings with the \
            words, and each citation of a draft with the bytes that it quotes; the generation that can be rolled back \
            to has to be whole. Needs no model. Exits with 5 where something is wrong, also where the file cannot be \
            read at all; `docket repair` mends what can be mended.

            Example:
              docket verify
            """)

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let configuration = try shared.configuration()
        let (found, counts) = try verified(configuration)
        Progress.shared.clear()
        if shared.json {
            Console.printJSON(
                .object([("ok", .boolean(found.isEmpty)), ("discrepancies", .array(found.map(\.json)))]))
        } else {
            for discrepancy in found { Console.show(discrepancy.line) }
            if let counts {
                print("sound: \(counts.documents) documents, \(counts.chunks) chunks, \(counts.drafts) drafts")
            } else {
                print("\(found.count) things are wrong; `docket repair` mends what can be mended")
            }
        }
        if !found.isEmpty { throw ExitStatus.checkFailed }
    }

    /// What is wrong, and where nothing is, how much there is.
    private func verified(_ configuration: Configuration) throws -> ([Discrepancy], StoreCounts?) {
        do {
            let store = try Store(in: configuration.data, creating: false)
            let found = try discrepancies(of: store, in: configuration.indexes)
            return (found, found.isEmpty ? try store.counts() : nil)
        } catch let error as StorageError {
            return ([try Discrepancy(ofUnreadable: error)], nil)
        }
    }

    private func discrepancies(of store: Store, in indexes: URL) throws -> [Discrepancy] {
        let found = try Verification.discrepancies(of: store, in: indexes, report: showProgress)
        do {
            return try found
                + store.drafts().flatMap { try $0.wrongCitations(in: store) }.map {
                    Discrepancy(part: .drafts, message: $0)
                }
        } catch let error as StorageError {
            // What keeps drafts from being read is said already.
            guard error.isOfDamage, !found.isEmpty else { throw error }
            return found
        }
    }
}

struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Mend from the database what `docket verify` finds wrong, and say what was done.",
        discussion: """
            Makes SQLite's indexes anew, cuts pages anew whose records or chunks are damaged, embeds anew what has no \
            vector, builds the index anew where it does not agree with the database, takes a generation whose index is \
            damaged out of those that can be rolled back to, and removes folders of indexes that nothing names. Bytes of \
            pages, tickets, events and drafts are nowhere else: what is wrong with them is left, and said.

            Example:
              docket repair
            """)

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let configuration = try shared.configuration()
        let summary = try repaired(configuration)
        Progress.shared.clear()
        if shared.json { Console.printJSON(summary.json) } else { Console.show(summary.text) }
        if !summary.left.isEmpty { throw ExitStatus.checkFailed }
    }

    private func repaired(_ configuration: Configuration) throws -> RepairSummary {
        do {
            let store = try Store(in: configuration.data, creating: false)
            let ingester = Ingester(
                store: store, embedder: try configuration.embedder(known: store.fingerprints()),
                indexes: configuration.indexes, audiences: configuration.audienceOrder,
                threadCount: configuration.threads, report: showProgress)
            return try ingester.repair(progress: showProgress)
        } catch let error as StorageError {
            var summary = RepairSummary()
            summary.left = [try Discrepancy(ofUnreadable: error)]
            return summary
        }
    }
}

extension Discrepancy {
    /// Of a database that cannot be read at all.
    ///
    /// - Throws: the error itself where it is not about damage.
    fileprivate init(ofUnreadable error: StorageError) throws {
        guard error.isOfDamage else { throw error }
        guard case .notADatabase(let path) = error else {
            self.init(part: .database, message: error.description)
            return
        }
        self.init(
            part: .database,
            message: "\(path): is no database of Docket's, or is damaged beyond reading; move it away and put the last "
                + "backup in its place with `docket restore FILE`: tickets and drafts are nowhere else")
    }
}

private func showProgress(_ progress: VerificationProgress) {
    switch progress {
    case .database: Progress.shared.show("reading records", done: 0, of: 1)
    case .pages(let done, let total): Progress.shared.show("comparing pages", done: done, of: total)
    case .index(let done, let total): Progress.shared.show("comparing the index", done: done, of: total)
    }
}

extension Discrepancy {
    fileprivate var json: JSON { .object([("part", .string(part.rawValue)), ("message", .string(message))]) }
    fileprivate var line: String { "\(part.rawValue): \(message)" }
}

extension RepairSummary {
    fileprivate var json: JSON {
        .object([
            ("recut", .strings(recut)), ("embeddings", .integer(embeddings)),
            ("generation", generation.map(JSON.integer) ?? .null), ("reason", .optional(reason)),
            ("forgotten", .array(forgotten.map(JSON.integer))), ("records", .strings(records)),
            ("removed_folders", .strings(removedFolders)), ("left", .array(left.map(\.json))),
        ])
    }

    fileprivate var text: String {
        var lines = records + recut.map { "cut anew: \($0)" }
        if embeddings > 0 { lines.append("embedded anew: \(embeddings) texts") }
        if let generation { lines.append("built generation \(generation): \(reason ?? "")") }
        lines += forgotten.map { "generation \($0) cannot be rolled back to any more" }
        lines += removedFolders.map { "removed the index \($0), which nothing names" }
        if lines.isEmpty { lines = [left.isEmpty ? "nothing to mend" : "nothing could be mended"] }
        lines += left.map { "left: \($0.line)" }
        return lines.joined(separator: "\n")
    }
}
