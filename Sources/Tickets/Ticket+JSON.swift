package import Foundation

/// The most that one ticket may hold; what is longer is refused, never cut silently.
package enum TicketLimits {
    package static let subjectByteCountMax = 2_000
    package static let bodyByteCountMax = 1 << 20
    package static let valueByteCountMax = 4_000
    package static let parameterCountMax = 100
    package static let errorCodeCountMax = 100
    package static let messageCountMax = 1_000
    package static let ticketByteCountMax = 8 << 20
}

extension Ticket {
    /// Decodes one ticket, strictly: unknown keys, wrong types and values out of bounds are refused with their place.
    package init(json: Data) throws(TicketError) {
        guard json.count <= TicketLimits.ticketByteCountMax else {
            throw .tooLong(pointer: "", got: json.count, expected: TicketLimits.ticketByteCountMax)
        }
        try JSONGrammar.check(json)
        do {
            self = try JSONDecoder().decode(Ticket.self, from: json)
        } catch let error as TicketError {
            throw error
        } catch let error as DecodingError {
            throw TicketError(error)
        } catch {
            throw .notJSON(byteOffset: 0, expected: "a ticket")
        }
    }

    /// The ticket as JSON with sorted keys; decoding it gives an equal ticket.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}

extension Ticket: Codable {
    private enum Field: String, CaseIterable, CodingKey {
        case id
        case createdAt = "created_at"
        case channel, requester, subject, body, product, version, platform
        case errorCodes = "error_codes"
        case parameters, thread
    }

    package init(from decoder: any Decoder) throws {
        let fields = try StrictFields<Field>(decoder)
        id = try fields.uuid(.id)
        createdAt = try fields.time(.createdAt)
        channel = try fields.choice(.channel) ?? .api
        requester = try fields.optional(.requester)
        subject = try fields.text(.subject, byteCountMax: TicketLimits.subjectByteCountMax)
        body = try fields.text(.body, byteCountMax: TicketLimits.bodyByteCountMax)
        product = try fields.optionalName(.product)
        version = try fields.optionalText(.version)
        platform = try fields.optionalName(.platform)
        errorCodes = try fields.texts(.errorCodes, countMax: TicketLimits.errorCodeCountMax)
        parameters = try fields.parameters(.parameters)
        thread = try fields.list(.thread, countMax: TicketLimits.messageCountMax)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(id.uuidString.lowercased(), forKey: .id)
        try fields.encode(createdAt.rfc3339, forKey: .createdAt)
        try fields.encode(channel, forKey: .channel)
        try fields.encodeIfPresent(requester, forKey: .requester)
        try fields.encode(subject, forKey: .subject)
        try fields.encode(body, forKey: .body)
        try fields.encodeIfPresent(product, forKey: .product)
        try fields.encodeIfPresent(version, forKey: .version)
        try fields.encodeIfPresent(platform, forKey: .platform)
        if !errorCodes.isEmpty { try fields.encode(errorCodes, forKey: .errorCodes) }
        if !parameters.isEmpty { try fields.encode(parameters, forKey: .parameters) }
        if !thread.isEmpty { try fields.encode(thread, forKey: .thread) }
    }
}

extension Ticket.Requester: Codable {
    private enum Field: String, CaseIterable, CodingKey { case name, email }

    package init(from decoder: any Decoder) throws {
        let fields = try StrictFields<Field>(decoder)
        name = try fields.optionalText(.name)
        email = try fields.optionalText(.email)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encodeIfPresent(name, forKey: .name)
        try fields.encodeIfPresent(email, forKey: .email)
    }
}

extension Ticket.Message: Codable {
    private enum Field: String, CaseIterable, CodingKey { case at, from, body }

    package init(from decoder: any Decoder) throws {
        let fields = try StrictFields<Field>(decoder)
        at = try fields.time(.at)
        from = try fields.choice(.from) ?? .requester
        body = try fields.text(.body, byteCountMax: TicketLimits.bodyByteCountMax)
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(at.rfc3339, forKey: .at)
        try fields.encode(from, forKey: .from)
        try fields.encode(body, forKey: .body)
    }
}
