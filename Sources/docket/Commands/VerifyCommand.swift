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
            Cuts every page anew from its stored bytes, compares each vector with its embedding and the postings with \
            the words, and each citation of a draft with the bytes that it quotes. Needs no model. Exits with 5 where \
            something is wrong; `docket repair` mends what can be mended.

            Example:
              docket verify
            """)

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let configuration = try shared.configuration()
        let (store, found) = try looked(into: configuration)
        Progress.shared.clear()
        if shared.json {
            Console.printJSON(
                .object([("ok", .boolean(found.isEmpty)), ("discrepancies", .array(found.map(\.json)))]))
        } else {
            for discrepancy in found { Console.show(discrepancy.line) }
            if let counts = try? store?.counts(), found.isEmpty {
                print("sound: \(counts.documents) documents, \(counts.chunks) chunks, \(counts.drafts) drafts")
            } else {
                print(
                    "\(found.count) things are wrong; "
                        + (store == nil
                            ? "restore a backup, since tickets and drafts are nowhere else"
                            : "`docket repair` mends what can be mended"))
            }
        }
        if !found.isEmpty { throw ExitStatus.checkFailed }
    }

    /// The database and what is wrong; a file that is there and cannot be read as one is damage, too.
    private func looked(into configuration: Configuration) throws -> (Store?, [Discrepancy]) {
        do {
            let store = try Store(in: configuration.data, creating: false)
            return (store, try discrepancies(of: store, in: configuration.indexes))
        } catch let error as StorageError {
            switch error {
            case .notADatabase(let path):
                let message = "\(path): its first bytes are not those of a database of Docket's"
                return (nil, [Discrepancy(part: .database, message: message)])
            case .unusable(let path, let detail):
                return (nil, [Discrepancy(part: .database, message: "\(path): \(detail)")])
            default: throw error
            }
        }
    }

    private func discrepancies(of store: Store, in indexes: URL) throws -> [Discrepancy] {
        let found = try Verification.discrepancies(of: store, in: indexes, report: showProgress)
        // Drafts are read where records can be.
        guard !found.contains(where: { $0.part == .database }) else { return found }
        return try found
            + store.drafts().flatMap { try $0.wrongCitations(in: store) }.map {
                Discrepancy(part: .drafts, message: $0)
            }
    }
}

struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Mend from the database what `docket verify` finds wrong, and say what was done.",
        discussion: """
            Cuts pages anew whose chunks are damaged, embeds anew what has no vector, builds the index anew where it \
            does not agree with the database, and removes folders of indexes that nothing names. Bytes of pages, tickets \
            and drafts are nowhere else: what is wrong with them is left, and said.

            Example:
              docket repair
            """)

    @OptionGroup var shared: SharedOptions

    func run() throws {
        let configuration = try shared.configuration()
        let store = try Store(in: configuration.data, creating: false)
        let ingester = Ingester(
            store: store, embedder: try configuration.embedder(known: store.fingerprints()),
            indexes: configuration.indexes, audiences: configuration.audienceOrder,
            threadCount: configuration.threads, report: showProgress)
        let summary = try ingester.repair(progress: showProgress)
        Progress.shared.clear()
        if shared.json { Console.printJSON(summary.json) } else { Console.show(summary.text) }
        if !summary.left.isEmpty { throw ExitStatus.checkFailed }
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
            ("removed_folders", .strings(removedFolders)), ("left", .array(left.map(\.json))),
        ])
    }

    fileprivate var text: String {
        var lines = recut.map { "cut anew: \($0)" }
        if embeddings > 0 { lines.append("embedded anew: \(embeddings) texts") }
        if let generation { lines.append("built generation \(generation): \(reason ?? "")") }
        lines += removedFolders.map { "removed the index \($0), which nothing names" }
        if lines.isEmpty { lines = [left.isEmpty ? "nothing to mend" : "nothing could be mended"] }
        lines += left.map { "left: \($0.line)" }
        return lines.joined(separator: "\n")
    }
}
