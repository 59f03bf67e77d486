import ArgumentParser
import Foundation

/// The command line: `docket <noun or verb>`.
@main
struct Docket: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket",
        abstract: "Finds the passages that answer a support ticket, and drafts the answer from them.",
        discussion: """
            Start with:
              docket ingest corpus/docs              read a folder of pages and build the index
              docket search "connection refused"     find passages
              docket resolve 4852d6e6                draft an answer to a ticket

            Settings come from flags, then DOCKET_* variables, then docket.yaml in the working directory. Data goes to \
            standard output, progress and messages to standard error; --json gives JSON.

            Exit codes: 0 done, 1 nothing found or refused, 2 usage, 3 bad input, 4 environment (model, server, database, \
            index), 5 a check failed, 6 done but some inputs failed.

            `docket --version` prints the program's version.
            """,
        subcommands: [
            IngestCommand.self, LintCommand.self, RemoveCommand.self, RollbackCommand.self, SearchCommand.self,
            ResolveCommand.self,
            DraftsCommand.self, VerifyCommand.self, RepairCommand.self, BackupCommand.self,
            RestoreCommand.self, TicketCommand.self, EmbedCommand.self,
            EvalCommand.self, BenchCommand.self, StatusCommand.self, DoctorCommand.self,
        ])

    static let version = "0.1.0"

    static func main() {
        // A reader that goes away (`docket search … | head -1`) ends the program, without a message.
        signal(SIGPIPE, SIG_DFL)
        do {
            // Not ArgumentParser's own flag, which every command would show beside its options.
            if CommandLine.arguments.dropFirst() == ["--version"] {
                print(version)
            } else {
                var command = try parseAsRoot()
                try command.run()
            }
            guard Console.flush() else { throw InputError.unwritable(path: "standard output", errno: errno) }
        } catch {
            Foundation.exit(ExitStatus.report(error).rawValue)
        }
    }
}
