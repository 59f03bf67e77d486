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

    /// The ticket's values by name, for the parameters of the page; one of them may stand in a text for its `{{name}}`.
    var accepted: [String: String] { values.filter { parameters[$0.key]?.form.accepts($0.value) ?? false } }

    /// `text` with each `{{name}}` of a declared parameter replaced, in the syntax of what surrounds it; a name that the
    /// page does not declare belongs to its text.
    package mutating func fill(_ text: String, in context: Surrounding) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.range(of: "{{"), let close = rest[open.upperBound...].range(of: "}}") {
            result += rest[..<open.lowerBound]
            let placeholder = rest[open.lowerBound..<close.upperBound]
            let name = rest[open.upperBound..<close.lowerBound].trimmingCharacters(in: .whitespaces)
            result += fill(name, after: result, of: text, in: context) ?? String(placeholder)
            rest = rest[close.upperBound...]
        }
        return result + rest
    }

    private mutating func fill(
        _ name: String, after prefix: String, of code: String, in context: Surrounding
    ) -> String? {
        guard let parameter = parameters[name] else { return nil }
        guard let value = values[name] else {
            note(name)
            return nil
        }
        guard parameter.form.accepts(value), let quoted = context.quoted(value, after: prefix, in: code) else {
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
            let shown = value.unicodeScalars.filter { !$0.isInvisible }.prefix(80)
            return """
                What is \(what)? The ticket gives “\(String(String.UnicodeScalarView(shown)))” for {{\(name)}}, \
                which cannot be used as \(form.noun).
                """
        }
    }
}
