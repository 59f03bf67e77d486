package import Documents

extension Parameter.Form {
    /// Longer values are refused whatever their form.
    private static let valueScalarCountMax = 512

    /// Whether a value has this form. A path that climbs (`..`) has none.
    package func accepts(_ value: String) -> Bool {
        guard !value.isEmpty, value.unicodeScalars.count <= Self.valueScalarCountMax,
            !value.unicodeScalars.contains(where: \.isInvisible),
            !value.utf8.split(separator: UInt8(ascii: "/")).contains(where: { $0.elementsEqual("..".utf8) })
        else { return false }
        switch self {
        case .host:
            return isWhole(value, /[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/)
        case .port: return isWhole(value, /[0-9]{1,5}/) && UInt16(value).map { $0 > 0 } ?? false
        case .path: return isWhole(value, /[^\-].*/)
        case .name: return isWhole(value, /[A-Za-z0-9_][A-Za-z0-9_.@\/:+\-]*/)
        case .user: return isWhole(value, /[A-Za-z0-9_][A-Za-z0-9_.@\-]*\$?/)
        case .integer: return isWhole(value, /[0-9]{1,18}/)
        case .url: return isWhole(value, /[A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\s'"`<>\\{}|^]+/)
        case .duration: return isWhole(value, /[0-9]+(\.[0-9]+)?(us|ms|s|sec|m|min|h|d|w)?/)
        case .size: return isWhole(value, /[0-9]+(\.[0-9]+)?([kKMGTP]i?)?B?/)
        case .version: return (try? Version(parsing: value)) != nil
        case .text: return true
        }
    }

    /// By scalars: a mark that combines with a letter or a slash makes it no other one.
    private func isWhole(_ value: String, _ pattern: some RegexComponent) -> Bool {
        value.wholeMatch(of: pattern.regex.matchingSemantics(.unicodeScalar)) != nil
    }

    /// For questions: "cannot be used as a host name".
    var noun: String {
        switch self {
        case .host: "a host name or address"
        case .port: "a port, 1 to 65535"
        case .path: "a path here"
        case .name: "a name"
        case .user: "a user name"
        case .integer: "a whole number"
        case .url: "a URL"
        case .duration: "a duration such as 30s"
        case .size: "a size such as 10G"
        case .version: "a version such as 15.4"
        case .text: "text in this command"
        }
    }
}

extension Unicode.Scalar {
    /// Whether a reader does not see it, or sees others elsewhere than they stand: controls, marks of direction, line ends
    /// that are none to a terminal, and what has no agreed meaning.
    package var isInvisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
