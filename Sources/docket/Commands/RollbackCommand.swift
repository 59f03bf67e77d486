import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Serve the generation before the newest again, or the newest after that.",
        discussion: """
            Searches in every process see it at once. What was removed, or narrowed to fewer readers, stays so. The \
            next ingest reads the pages again and serves what they say then. `docket status` names what can be served.

            Example:
              docket rollback
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("A generation; default the one before.", valueName: "generation"))
    var generation: Int?

    func run() throws {
        let configuration = try shared.configuration()
        let store = try Store(in: configuration.data, creating: false)
        let served = try Ingester.rollBack(store, to: generation, in: configuration.indexes)
        // What was removed since it was built is in it, and shown by none.
        let count = try store.documents(ofGeneration: served.id).count
        if shared.json {
            Console.printJSON(
                .object([
                    ("generation", .integer(served.id)), ("created_at", .string(served.createdAt)),
                    ("documents", .integer(count)),
                ]))
        } else {
            print("generation \(served.id) of \(served.createdAt) is served: \(count) documents")
            Console.complain("the next `docket ingest` serves what the pages say then")
        }
    }
}
