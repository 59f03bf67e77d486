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
        let text = try container.decode(String.self, forKey: field)
        guard text.utf8.count <= byteCountMax else {
            throw TicketError.tooLong(pointer: pointer(field), got: text.utf8.count, expected: byteCountMax)
        }
        return text
    }

    func optionalText(_ field: Field) throws -> String? {
        guard container.contains(field), try !container.decodeNil(forKey: field) else { return nil }
        let text = try text(field, byteCountMax: TicketLimits.valueByteCountMax)
        return text.isEmpty ? nil : text
    }

    func optional<Value: Decodable>(_ field: Field) throws -> Value? {
        try container.decodeIfPresent(Value.self, forKey: field)
    }

    func list<Value: Decodable>(_ field: Field, countMax: Int) throws -> [Value] {
        let values = try container.decodeIfPresent([Value].self, forKey: field) ?? []
        guard values.count <= countMax else {
            throw TicketError.tooLong(pointer: pointer(field), got: values.count, expected: countMax)
        }
        return values
    }

    func parameters(_ field: Field) throws -> [String: String] {
        let values = try container.decodeIfPresent([String: String].self, forKey: field) ?? [:]
        guard values.count <= TicketLimits.parameterCountMax else {
            throw TicketError.tooLong(
                pointer: pointer(field), got: values.count, expected: TicketLimits.parameterCountMax)
        }
        for (name, value) in values where value.utf8.count > TicketLimits.valueByteCountMax {
            throw TicketError.tooLong(
                pointer: jsonPointer(container.codingPath + [field, AnyKey(name)]), got: value.utf8.count,
                expected: TicketLimits.valueByteCountMax)
        }
        return values
    }

    func uuid(_ field: Field) throws -> UUID {
        let text = try container.decode(String.self, forKey: field)
        guard let uuid = UUID(uuidString: text) else {
            throw TicketError.badValue(pointer: pointer(field), got: text, expected: "a UUID (RFC 9562)")
        }
        return uuid
    }

    func time(_ field: Field) throws -> Date {
        let text = try container.decode(String.self, forKey: field)
        guard let date = Date(rfc3339: text) else {
            throw TicketError.badValue(
                pointer: pointer(field), got: text, expected: "an RFC 3339 time such as 2026-09-14T08:12:00Z")
        }
        return date
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ field: Field) throws -> Choice?
    where Choice.RawValue == String {
        guard let text = try container.decodeIfPresent(String.self, forKey: field) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw TicketError.badValue(pointer: pointer(field), got: text, expected: "one of \(choices)")
        }
        return choice
    }

    private func pointer(_ field: Field) -> String { jsonPointer(container.codingPath + [field]) }
}

private struct AnyKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init(stringValue: String) { self.init(stringValue) }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}

/// A coding path as a JSON pointer (RFC 6901).
private func jsonPointer(_ path: [any CodingKey]) -> String {
    path.map { key in
        "/"
            + (key.intValue.map(String.init) ?? key.stringValue)
            .replacingOccurrences(of: "~", with: "~0").replacingOccurrences(of: "/", with: "~1")
    }.joined()
}

extension TicketError {
    init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context): self = .missingField(pointer: jsonPointer(context.codingPath + [key]))
        case .typeMismatch(let type, let context):
            self = .wrongType(pointer: jsonPointer(context.codingPath), expected: plainName(of: type))
        case .valueNotFound(let type, let context):
            self = .wrongType(pointer: jsonPointer(context.codingPath), expected: plainName(of: type))
        case .dataCorrupted(let context):
            self = .notJSON(detail: context.underlyingError.map { "\($0)" } ?? context.debugDescription)
        @unknown default: self = .notJSON(detail: "\(error)")
        }
    }
}

/// What a person calls the JSON form of a Swift type.
private func plainName(of type: any Any.Type) -> String {
    let name = "\(type)"
    if name.contains("Dictionary") || name.contains("Keyed") { return "an object" }
    return name.contains("Array") ? "a list" : name == "String" ? "a string" : "another type of value"
}
