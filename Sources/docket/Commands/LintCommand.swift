import ArgumentParser
import Configuration
import Foundation
import Retrieval
import Storage

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Look through pages for what makes them wrong, hard to find, or unreadable.",
        discussion: """
            Reads the files themselves: no index and no model are needed. Without a folder, what was named to `docket \
            ingest`. Each finding is a line `path:line: kind: message`. Kinds: \
            \(LintFinding.Kind.allCases.map(\.rawValue).joined(separator: ", ")). Exits with 5 where there is one.

            Example:
              docket lint corpus/docs
              docket lint corpus/docs --only dead-link --review-days 180
            """)

    @OptionGroup var shared: SharedOptions
    @Argument(help: ArgumentHelp("Folders, or single pages.", valueName: "folder")) var folders: [String] = []
    @Option(help: ArgumentHelp("Only findings of this kind; may be repeated.", valueName: "kind")) var only: [String] =
        []
    @Option(help: ArgumentHelp("No findings of this kind; may be repeated.", valueName: "kind")) var skip: [String] = []
    @Option(help: "Days after which a page should be reviewed again.") var reviewDays = 365

    func validate() throws {
        for name in only + skip where LintFinding.Kind(rawValue: name) == nil {
            let kinds = LintFinding.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\(name) is no kind of finding; there are \(kinds)")
        }
        guard reviewDays > 0 else { throw ValidationError("--review-days takes a number above 0") }
    }

    func run() throws {
        let configuration = try shared.configuration()
        let store = folders.isEmpty ? try? Store(in: configuration.data, creating: false) : nil
        var options = LintOptions(today: Date().formatted(.iso8601.year().month().day()))
        options.reviewDays = reviewDays
        let report = try PageLinter.report(
            on: folders.map { URL(filePath: $0) }, or: store, options: options,
            audiences: configuration.audienceOrder, progress: showProgress)
        Progress.shared.clear()
        let findings = report.findings.filter { finding in
            (only.isEmpty || only.contains(finding.kind.rawValue)) && !skip.contains(finding.kind.rawValue)
        }
        if shared.json {
            Console.printJSON(.object([("findings", .array(findings.map(\.json)))]))
        } else {
            for finding in findings { Console.show(finding.line) }
        }
        Console.complain("\(report.pageCount) pages, \(findings.count) findings")
        if !findings.isEmpty { throw ExitStatus.checkFailed }
    }
}

extension LintFinding.Place {
    /// As short as the working directory allows.
    fileprivate var shownPath: String {
        let folder = URL(filePath: FileManager.default.currentDirectoryPath).resolvingSymlinksInPath().path + "/"
        return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
    }

    fileprivate var json: [(String, JSON)] { [("path", .string(shownPath)), ("line", .integer(line))] }
    fileprivate var text: String { "\(shownPath):\(line)" }
}

extension LintFinding {
    fileprivate var line: String {
        "\(place.text): \(kind.rawValue): \(message)" + (other.map { " (\($0.text))" } ?? "")
    }

    fileprivate var json: JSON {
        .object(
            place.json + [
                ("kind", .string(kind.rawValue)), ("message", .string(message)),
                ("other", other.map { .object($0.json) } ?? .null),
            ])
    }
}
