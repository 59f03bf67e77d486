/// Why a server gives no answer that can be used. None shows a key, or what of an address may be a secret.
package enum EndpointError: Error, Equatable, Sendable {
    case badURL(got: String)
    case badKey(expectedByteCountMax: Int)
    case badModel(expectedByteCountMax: Int)
    case keyInTheClear(url: String)
    /// No answer: no connection, or one that broke.
    case unreachable(url: String, attempts: Int, detail: String)
    case timedOut(url: String, attempts: Int, expectedSeconds: Double)
    /// - Parameter message: the server's own words, shortened.
    case refused(url: String, attempts: Int, status: Int, message: String)
    /// The server takes no text as this one; `beginning` is how it starts.
    case textRefused(url: String, beginning: String, byteCount: Int, status: Int, message: String)
    case tooLarge(url: String, expectedByteCountMax: Int)
    case badAnswer(url: String, got: String, expected: String)
}

extension EndpointError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badURL(let got):
            """
            "\(got)" is no address of a server: expected http:// or https://, a host and perhaps a path, such as \
            http://127.0.0.1:8080/v1, without user name, query and fragment; a key goes into DOCKET_EMBEDDING_KEY
            """
        case .badKey(let expected):
            "the key in DOCKET_EMBEDDING_KEY is none: expected up to \(expected) ASCII characters without spaces"
        case .badModel(let expected):
            "the embedding model's name is none: expected 1 to \(expected) bytes without control characters"
        case .keyInTheClear(let url):
            """
            \(url): a key is sent over https only, or to this machine; use https, or unset DOCKET_EMBEDDING_KEY if the \
            server needs none
            """
        case .unreachable(let url, let attempts, let detail):
            "\(url): no answer\(Self.times(attempts)): \(detail); check that the server runs there and can be reached"
        case .timedOut(let url, let attempts, let seconds):
            """
            \(url): no answer within \(Int(seconds.rounded(.up))) seconds\(Self.times(attempts)); the server is too \
            busy or hangs
            """
        case .refused(let url, let attempts, let status, let message):
            "\(url): status \(status)\(Self.times(attempts))\(Self.quoted(message)); \(Self.remedy(for: status))"
        case .textRefused(let url, let beginning, let byteCount, let status, let message):
            """
            \(url): status \(status)\(Self.quoted(message)) for the text of \(byteCount) bytes that begins \
            "\(beginning)"; shorten it, or let the server take longer texts
            """
        case .tooLarge(let url, let expected):
            "\(url): the answer has more than \(expected) bytes; is it the right server?"
        case .badAnswer(let url, let got, let expected):
            "\(url): the answer has \(got), expected \(expected); is it an OpenAI-compatible server of embeddings?"
        }
    }

    private static func times(_ attempts: Int) -> String { attempts > 1 ? " in \(attempts) attempts" : "" }

    private static func quoted(_ message: String) -> String { message.isEmpty ? "" : ", \"\(message)\"" }

    private static func remedy(for status: Int) -> String {
        switch status {
        case 300..<400: "redirects are not followed; name the address that it leads to"
        case 401, 403: "set DOCKET_EMBEDDING_KEY to a key that the server accepts"
        case 404, 405: "check address and model: requests go to …/embeddings below the address, which often ends in /v1"
        case 400, 413, 422: "check the model's name and what the server takes"
        case 408, 429, 500...: "the server is too busy or broken; try again later, what is done is kept"
        default: "is it an OpenAI-compatible server of embeddings?"
        }
    }

    /// Whether the server finds fault with what it was asked, not with who asks or with itself.
    package var isAboutInput: Bool {
        switch self {
        case .textRefused: true
        case .refused(_, _, let status, _): EmbeddingEndpoint.inputStatuses.contains(status)
        default: false
        }
    }
}
