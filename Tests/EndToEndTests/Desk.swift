import Foundation
import TestSupport
import Testing

/// A folder with pages, tickets and a data directory, in which the binary is run with the tiny model.
final class Desk {
    let folder: TemporaryFolder
    var url: URL { folder.url }
    var indexes: URL { url.appending(path: ".docket/indexes") }
    var database: URL { url.appending(path: ".docket/docket.sqlite") }

    /// `DOCKET_BINARY`, else the release build of this checkout.
    static let binary: URL = {
        let path = ProcessInfo.processInfo.environment["DOCKET_BINARY"] ?? ""
        return path.isEmpty ? Repository.root.appending(path: ".build/release/docket") : URL(filePath: path)
    }()

    init(_ files: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        for (path, text) in files { try folder.write(text, to: path) }
    }

    /// Runs `docket` with the arguments in the desk's folder, to its end.
    ///
    /// - Parameters:
    ///   - model: `nil` for none in the environment.
    ///   - wrapper: a program and its arguments to run the binary under, such as a shell that sets limits.
    func docket(
        _ arguments: String..., input: String? = nil, model: URL? = Repository.tinyModel,
        environment: [String: String] = [:], wrapper: [String] = []
    ) throws -> DocketRun {
        try run(wrapper + [Self.binary.path] + arguments, input: input, model: model, environment: environment)
    }

    func run(
        _ command: [String], input: String? = nil, model: URL? = Repository.tinyModel,
        environment: [String: String] = [:]
    ) throws -> DocketRun {
        let process = Process()
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.currentDirectoryURL = url
        process.environment = Self.environment(model: model, more: environment)
        // Files, not pipes: a pipe that nobody reads while the process runs would stop it.
        let (output, errors) = (try scratch("output"), try scratch("errors"))
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = try input.map { try FileHandle(forReadingFrom: scratch("input", $0)) } ?? .nullDevice
        try process.run()
        process.waitUntilExit()
        return DocketRun(
            status: process.terminationStatus,
            signal: process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }

    /// Little of this process's environment: nothing of it may change what a test sees.
    static func environment(model: URL?, more: [String: String] = [:]) -> [String: String] {
        let own = ProcessInfo.processInfo.environment
        var environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? "/", "DOCKET_THREADS": "1"]
        environment["LD_LIBRARY_PATH"] = own["LD_LIBRARY_PATH"]
        environment["DOCKET_MODEL"] = model?.path
        return environment.merging(more) { $1 }
    }

    private func scratch(_ name: String, _ text: String = "") throws -> URL {
        let folder = url.appending(path: ".scratch")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "\(name)-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        return file
    }
}

/// A page with front matter.
func page(_ frontMatter: String, _ text: String) -> String { "---\n\(frontMatter)\n---\n\(text)\n" }

extension Desk {
    /// A small handbook: two products, two versions, two audiences, steps with a parameter.
    static let handbook = [
        "docs/failover.md": page(
            "id: pg/failover\ntitle: Failover\nproduct: postgresql\nversions: \">=14 <17\"\naudience: public\n"
                + "parameters:\n  host: {form: host, description: \"the standby's name\"}",
            "# Failover\n\nPromote the standby when the primary is lost (E4304).\n\n## Steps\n\n"
                + "1. Log in to the größte standby:\n\n   ```bash\n   ssh {{host}}\n   ```\n\n"
                + "2. Promote the standby:\n\n   ```bash\n   pg_ctl promote --mode fast\n   ```"),
        "docs/failover-old.md": page(
            "id: pg/failover-old\nproduct: postgresql\nversions: \"<14\"\naudience: public",
            "# Failover before 14\n\nTouch the trigger file."),
        "docs/redis/quota.md": page(
            "product: redis\nplatforms: [linux]", "# Quota\n\nThe memory quota is exceeded.\n\nRaise maxmemory."),
    ]

    /// A desk whose handbook is ingested.
    static func ingested(_ files: [String: String] = handbook) throws -> Desk {
        let desk = try Desk(files)
        _ = try desk.docket("ingest", "docs")
        return desk
    }

    /// The name of the folder of a segment, the first one in order.
    func segment() throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: indexes.path)
        return try #require(names.sorted().first { $0.contains("-segment-") })
    }

    /// The stored bytes of a page, by its id.
    func source(_ document: String) throws -> [UInt8] {
        let paths = [
            "pg/failover": "failover.md", "pg/failover-old": "failover-old.md", "redis/quota": "redis/quota.md",
        ]
        return Array(try Data(contentsOf: url.appending(path: "docs/" + (paths[document] ?? document + ".md"))))
    }

    /// What a search for everything shows, as `document: text`, sorted.
    func shown() throws -> [String] {
        try docket("search", "--json", "--limit", "1000", "anything").json().objects("passages")
            .map { "\(try $0.string("document")): \(try $0.string("text"))" }.sorted()
    }
}

extension Desk {
    /// A ticket as a file has it.
    static func ticket(
        id: String = "4852d6e6-a472-484f-b6bb-f73e18bfc7f2", subject: String = "Promote the standby",
        body: String = "The primary is lost with E4304. How do I promote the standby?", more: String = ""
    ) -> String {
        """
        {
          "id": "\(id)",
          "created_at": "2026-02-11T08:14:52Z",
          "subject": "\(subject)",
          "body": "\(body)"\(more.isEmpty ? "" : ", " + more)
        }
        """
    }
}
