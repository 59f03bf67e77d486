import Foundation
import Tickets

/// A file of tickets: one JSON object, or one a line (NDJSON: by the extension `.jsonl` or `.ndjson`, or, from standard
/// input or a pipe, where every line begins an object).
struct TicketFile {
    let path: String

    /// The tickets in the file's order; each failure names its line.
    func tickets() throws(InputError) -> [Result<Ticket, InputError>] {
        let file = InputFile(path: path)
        let data = try file.data()
        let lines = InputFile.lines(of: data).filter { !$1.allSatisfy { $0 == UInt8(ascii: " ") } }
        guard !lines.isEmpty else { throw .empty(path: path) }
        let isOneALine = file.isStream && lines.count > 1 && lines.allSatisfy { $0.line.first == UInt8(ascii: "{") }
        guard isOneALine || path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson") else {
            return [decoded(data, line: nil)]
        }
        return lines.map { decoded($0.line, line: $0.number) }
    }

    func onlyTicket() throws(InputError) -> Ticket {
        try decoded(InputFile(path: path).data(), line: nil).get()
    }

    private func decoded(_ data: Data, line: Int?) -> Result<Ticket, InputError> {
        Result { () throws(TicketError) in try Ticket(json: data) }
            .mapError { .badTicket(path: path, line: line, error: $0) }
    }
}
