import Foundation
import Tickets

/// A file of tickets: one JSON object, or one a line (NDJSON, by the extension `.jsonl` or `.ndjson`).
struct TicketFile {
    let path: String

    /// The tickets in the file's order; each failure names its line.
    func tickets() throws -> [Result<Ticket, InputError>] {
        let data = try InputFile(path: path).data()
        guard path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") else { return [decoded(data, line: nil)] }
        return InputFile.lines(of: data).filter { !$1.allSatisfy { $0 == UInt8(ascii: " ") } }
            .map { decoded($1, line: $0) }
    }

    func onlyTicket() throws -> Ticket {
        try decoded(InputFile(path: path).data(), line: nil).get()
    }

    private func decoded(_ data: Data, line: Int?) -> Result<Ticket, InputError> {
        Result { () throws(TicketError) in try Ticket(json: data) }
            .mapError { .badTicket(path: path, line: line, error: $0) }
    }
}
