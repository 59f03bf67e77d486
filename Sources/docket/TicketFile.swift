import Foundation
import Tickets

/// A file of tickets: one JSON object, or one a line (NDJSON, by the extension `.jsonl` or `.ndjson`).
struct TicketFile {
    let path: String

    /// The tickets in the file's order; each failure names its line.
    func tickets() throws -> [Result<Ticket, InputError>] {
        let data = try InputFile(path: path).data()
        guard path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") else { return [decoded(data, line: nil)] }
        return data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .filter { !$1.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") } }
            .map { decoded(Data($1), line: $0 + 1) }
    }

    func onlyTicket() throws -> Ticket {
        try decoded(InputFile(path: path).data(), line: nil).get()
    }

    private func decoded(_ data: Data, line: Int?) -> Result<Ticket, InputError> {
        Result { () throws(TicketError) in try Ticket(json: data) }
            .mapError { .badTicket(path: path, line: line, error: $0) }
    }
}

/// A file named on the command line; `-` is standard input.
struct InputFile {
    let path: String

    func data() throws -> Data {
        if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
        guard let data = FileManager.default.contents(atPath: path) else { throw InputError.unreadable(path: path) }
        return data
    }
}
