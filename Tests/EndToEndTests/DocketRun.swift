import Foundation
import Testing

/// One run of the real binary: how it ended and what it wrote.
struct DocketRun {
    let status: Int32
    /// The signal that ended it, where one did.
    let signal: Int32?
    let output: String
    let errors: String

    /// Standard output as one JSON value, and nothing else.
    func json() throws -> JSONObject {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return JSONObject(try #require(value as? [String: Any], "\(output)"))
    }

    /// Standard output as a JSON object a line.
    func jsonLines() throws -> [JSONObject] {
        try output.split(separator: "\n").map { line in
            JSONObject(
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)"))
        }
    }
}
