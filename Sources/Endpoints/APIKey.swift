/// The secret that a server asks for. Nothing that is printed, logged or looked at by reflection shows it.
package struct APIKey: Sendable {
    /// Servers give keys of some 50 to 200 characters.
    static let byteCountMax = 4_096

    private let text: String

    /// - Throws: `EndpointError.badKey` where it cannot stand in a header.
    package init(_ text: String) throws(EndpointError) {
        guard !text.isEmpty, text.utf8.count <= Self.byteCountMax, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .badKey(expectedByteCountMax: Self.byteCountMax)
        }
        self.text = text
    }

    /// The value of the header `Authorization`.
    var authorization: String { "Bearer \(text)" }

    /// Servers repeat a key that they do not accept.
    func hidden(in message: String) -> String { message.replacing(text, with: "(key)") }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(key)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
