package import Documents
import Foundation

/// The values of a ticket for the parameters of a page: checked against their form, and quoted for where they stand.
///
/// A value comes from whoever wrote the ticket. One that does not have its parameter's form, or that cannot be quoted
/// safely where it stands, is not filled in: the parameter stays visible and is asked for.
package struct ParameterValues {
    private let values: [String: String]
    private let parameters: [String: Parameter]
    /// Parameters that stayed visible, in order of appearance.
    package private(set) var missing: [String] = []
    /// Of those, the ones whose value was refused.
    private(set) var refused: Set<String> = []

    package init(_ values: [String: String], for parameters: [Parameter]) {
        self.values = values
        self.parameters = Dictionary(parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// `text` with each `{{name}}` of a declared or given parameter replaced, in the syntax of what surrounds it.
    package mutating func fill(_ text: String, in context: Surrounding) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
            result += rest[..<open.lowerBound]
            let placeholder = rest[open.lowerBound..<close.upperBound]
            let name = rest[open.upperBound..<close.lowerBound].trimmingCharacters(in: .whitespaces)
            result += isName(name) ? fill(name, after: result, in: context) ?? String(placeholder) : String(placeholder)
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    private mutating func fill(_ name: String, after prefix: String, in context: Surrounding) -> String? {
        guard let value = values[name] else {
            note(name)
            return nil
        }
        let form = parameters[name]?.form ?? .text
        guard form.accepts(value), let quoted = context.quoted(value, after: prefix) else {
            refused.insert(name)
            note(name)
            return nil
        }
        return quoted
    }

    private mutating func note(_ name: String) {
        if !missing.contains(name) { missing.append(name) }
    }

    /// What to ask the requester for the parameters that stayed visible.
    package var questions: [String] {
        missing.map { name in
            let what = parameters[name]?.description ?? "the value of \(name)"
            guard refused.contains(name), let value = values[name] else { return "What is \(what)? ({{\(name)}})" }
            let form = parameters[name]?.form ?? .text
            let shown = value.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(80)
            return """
                What is \(what)? The ticket gives “\(String(String.UnicodeScalarView(shown)))” for {{\(name)}}, \
                which cannot be used as \(form.noun).
                """
        }
    }
}

/// Parameter names as pages may declare them.
private func isName(_ text: String) -> Bool {
    text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_\-]*/) != nil
}

extension Parameter.Form {
    /// Longer values are refused whatever their form.
    private static let valueCharacterCountMax = 512

    /// Whether a value has this form.
    package func accepts(_ value: String) -> Bool {
        guard !value.isEmpty, value.count <= Self.valueCharacterCountMax,
            !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return false }
        switch self {
        case .host:
            return value.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/) != nil
        case .port: return UInt16(value).map { $0 > 0 } ?? false
        case .path: return value.wholeMatch(of: /(\/|~\/|\.\.?\/|[A-Za-z]:[\\\/]).*|[^\/\-].*/) != nil
        case .name: return value.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.@\/:+\-]*/) != nil
        case .user: return value.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.@\-]*\$?/) != nil
        case .integer: return value.wholeMatch(of: /[0-9]{1,18}/) != nil
        case .url: return value.wholeMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:\/\/[^\s'"`<>\\{}|^]+/) != nil
        case .duration: return value.wholeMatch(of: /[0-9]+(\.[0-9]+)?(us|ms|s|sec|m|min|h|d|w)?/) != nil
        case .size: return value.wholeMatch(of: /[0-9]+(\.[0-9]+)?([kKMGTP]i?)?B?/) != nil
        case .version: return (try? Version(parsing: value)) != nil
        case .text: return true
        }
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
