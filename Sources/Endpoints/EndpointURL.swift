import Foundation

/// Where a server is, as OpenAI's clients take it, such as `http://127.0.0.1:8080/v1`: a request adds its own path.
///
/// It holds no secret, so that it can be shown and stored: an address with a user name, a query or a fragment is refused.
package struct EndpointURL: Sendable, Hashable, CustomStringConvertible {
    /// No server's address comes near it.
    static let byteCountMax = 2_048

    /// Scheme and host in lower case, without the scheme's own port and slashes at the end, so that two ways to write one
    /// address are one.
    package let description: String
    let isEncrypted: Bool
    /// Whether what is sent stays on this machine: `localhost`, 127.0.0.0/8 or ::1.
    let isLoopback: Bool

    package init(_ text: String) throws(EndpointError) {
        guard text.utf8.count <= Self.byteCountMax,
            let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), let port = Self.ports[scheme],
            let host = parts.encodedHost?.lowercased(), !host.isEmpty,
            parts.port.map((1...65_535).contains) ?? true
        else { throw .badURL(got: Self.withoutSecrets(text)) }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw .badURL(got: Self.withoutSecrets(text))
        }
        var path = parts.percentEncodedPath
        while path.hasSuffix("/") { path.removeLast() }
        description = "\(scheme)://\(host)" + (parts.port.map { $0 == port ? "" : ":\($0)" } ?? "") + path
        isEncrypted = scheme == "https"
        isLoopback = Self.isLoopback(host)
    }

    /// The schemes, each with its own port.
    private static let ports = ["http": 80, "https": 443]

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    /// What can be shown of an address that was refused: a user name, a password and a query are left out.
    private static func withoutSecrets(_ text: String) -> String {
        // A password may have a question mark in it: first what stands before the last "@", wherever that is.
        let end = text.lastIndex(of: "@")
        let start = end.map { min(text.firstRange(of: "//")?.upperBound ?? text.startIndex, $0) }
        let scheme = start.map { text[..<$0] + "…" } ?? ""
        let rest = text[(end ?? text.startIndex)...].prefix { $0 != "?" && $0 != "#" }
        return shown(scheme + rest, countMax: 200)
    }
}
