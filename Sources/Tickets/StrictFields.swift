import Foundation

/// Reads the fields of one JSON object and refuses what it does not know, naming the place.
struct StrictFields<Field: CodingKey & CaseIterable> {
    private let container: KeyedDecodingContainer<Field>

    init(_ decoder: any Decoder) throws {
        let all = try decoder.container(keyedBy: AnyKey.self)
        let known = Field.allCases.map(\.stringValue)
        if let unknown = all.allKeys.map(\.stringValue).filter({ !known.contains($0) }).min() {
            throw TicketError.unknownField(pointer: jsonPointer(decoder.codingPath + [AnyKey(unknown)]), known: known)
        }
        container = try decoder.container(keyedBy: Field.self)
    }

    func text(_ field: Field, byteCountMax: Int) throws -> String {
        try bounded(try container.decode(String.self, forKey: field), byteCountMax, at: [field])
    }

    /// A short text; an empty one says nothing.
    func optionalText(_ field: Field) throws -> String? {
        guard let text = try container.decodeIfPresent(String.self, forKey: field), !text.isEmpty else { return nil }
        return try bounded(text, TicketLimits.valueByteCountMax, at: [field])
    }

    /// A short text in lower case, which can be longer than it was written (`İ`): the bound holds for what is kept.
    func optionalName(_ field: Field) throws -> String? {
        try optionalText(field).map { try bounded($0.lowercased(), TicketLimits.valueByteCountMax, at: [field]) }
    }

    func optional<Value: Decodable>(_ field: Field) throws -> Value? {
        try container.decodeIfPresent(Value.self, forKey: field)
    }

    func list<Value: Decodable>(_ field: Field, countMax: Int) throws -> [Value] {
        let values = try container.decodeIfPresent([Value].self, forKey: field) ?? []
        guard values.count <= countMax else {
            throw TicketError.tooLong(pointer: pointer([field]), got: values.count, expected: countMax)
        }
        return values
    }

    /// A list of short texts.
    func texts(_ field: Field, countMax: Int) throws -> [String] {
        try list(field, countMax: countMax).enumerated().map { index, text in
            try bounded(text, TicketLimits.valueByteCountMax, at: [field, AnyKey(intValue: index)])
        }
    }

    /// Short texts by short names; of several at fault the first by name is reported.
    func parameters(_ field: Field) throws -> [String: String] {
        let values = try container.decodeIfPresent([String: String].self, forKey: field) ?? [:]
        guard values.count <= TicketLimits.parameterCountMax else {
            throw TicketError.tooLong(
                pointer: pointer([field]), got: values.count, expected: TicketLimits.parameterCountMax)
        }
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            for text in [name, value] {
                _ = try bounded(text, TicketLimits.valueByteCountMax, at: [field, AnyKey(name)])
            }
        }
        return values
    }

    func uuid(_ field: Field) throws -> UUID {
        let text = try text(field, byteCountMax: TicketLimits.valueByteCountMax)
        // Foundation stops reading at a NUL; the length tells.
        guard text.utf8.count == uuidByteCount, let uuid = UUID(uuidString: text) else {
            throw TicketError.badValue(pointer: pointer([field]), got: text, expected: "a UUID (RFC 9562)")
        }
        return uuid
    }

    func time(_ field: Field) throws -> Date {
        let text = try text(field, byteCountMax: TicketLimits.valueByteCountMax)
        guard let date = Date(rfc3339: text) else {
            throw TicketError.badValue(
                pointer: pointer([field]), got: text, expected: "an RFC 3339 time such as 2026-09-14T08:12:00Z")
        }
        return date
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ field: Field) throws -> Choice?
    where Choice.RawValue == String {
        guard let text = try optionalText(field) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw TicketError.badValue(pointer: pointer([field]), got: text, expected: "one of \(choices)")
        }
        return choice
    }

    private func bounded(_ text: String, _ byteCountMax: Int, at path: [any CodingKey]) throws -> String {
        guard text.utf8.count <= byteCountMax else {
            throw TicketError.tooLong(pointer: pointer(path), got: text.utf8.count, expected: byteCountMax)
        }
        return text
    }

    private func pointer(_ path: [any CodingKey]) -> String { jsonPointer(container.codingPath + path) }
}

/// `8-4-4-4-12` hexadecimal digits.
private let uuidByteCount = 36

private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init(stringValue: String) { self.init(stringValue) }

    init(intValue: Int) {
        stringValue = indexName(intValue)
        self.intValue = intValue
    }
}

private func jsonPointer(_ path: [any CodingKey]) -> String { jsonPointer(path.map(token)) }

/// A path as a JSON pointer (<https://www.rfc-editor.org/rfc/rfc6901>).
func jsonPointer(_ path: [String]) -> String {
    path.map { name in
        "/" + name.replacingOccurrences(of: "~", with: "~0").replacingOccurrences(of: "/", with: "~1")
    }.joined()
}

/// The place in a list, or the name in an object. Foundation gives a name such as `007` an integer too, 7, so only the
/// text that it gives to places in lists tells them apart.
private func token(of key: any CodingKey) -> String {
    guard let index = key.intValue, key.stringValue == indexName(index) else { return key.stringValue }
    return String(index)
}

private func indexName(_ index: Int) -> String { "Index \(index)" }

extension TicketError {
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context): self = .missingField(pointer: jsonPointer(context.codingPath + [key]))
        case .typeMismatch(let type, let context):
            self = .wrongType(pointer: jsonPointer(context.codingPath), expected: plainName(of: type))
        case .valueNotFound(let type, let context):
            self = .wrongType(pointer: jsonPointer(context.codingPath), expected: plainName(of: type))
        // The grammar was checked before, so that nothing is left that the decoder could not read.
        case .dataCorrupted(let context): self = .notJSON(byteOffset: 0, expected: context.debugDescription)
        @unknown default: self = .notJSON(byteOffset: 0, expected: "a ticket")
        }
    }
}

/// What a person calls the JSON form of a Swift type.
private func plainName(of type: any Any.Type) -> String {
    let name = "\(type)"
    if name.contains("Dictionary") || name.contains("Keyed") { return "an object" }
    return name.contains("Array") ? "a list" : name == "String" ? "a string" : "another type of value"
}
