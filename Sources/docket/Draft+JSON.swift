import Storage
import Tickets

extension Draft {
    /// The object that `resolve --json` prints. What only some drafts have is absent from the others.
    func json(timings: JSON) -> JSON {
        var members: [(String, JSON)] = [
            ("ticket", .string(ticket.text)), ("status", .string(status.rawValue)),
            ("reason", .optional(reason?.rawValue)), ("confidence", .rounded(confidence, places: 3)),
            ("statements", .array(statements.map(\.json))), ("questions", .strings(questions)),
            ("relaxed", .strings(relaxed)), ("timings_ms", timings),
        ]
        if !omitted.isEmpty { members.append(("omitted", .array(omitted.map(\.json)))) }
        if !nearest.isEmpty { members.append(("nearest", .array(nearest.map(\.json)))) }
        return .object(members)
    }
}

extension Statement {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [("text", .string(text)), ("citations", .array(citations.map(\.json)))]
        if let appliesTo { members.append(("applies_to", .string(appliesTo))) }
        return .object(members)
    }
}

extension Citation {
    fileprivate var json: JSON {
        var members: [(String, JSON)] = [
            ("document", .string(document)), ("revision", .string(revision)), ("heading_path", .strings(headingPath)),
            ("byte_range", .array([.integer(byteRange.lowerBound), .integer(byteRange.upperBound)])),
        ]
        if let page { members.append(("page", .integer(page))) }
        members += [("quote", .string(quote)), ("audience", .optional(audience))]
        return .object(members)
    }
}

extension Omission {
    fileprivate var json: JSON {
        let steps = steps.map { JSON.array([.integer($0.lowerBound), .integer($0.upperBound)]) }
        var members: [(String, JSON)] = [
            ("document", .string(document)), ("heading_path", .strings(headingPath)), ("steps", steps ?? .null),
            ("statements", .integer(statementCount)),
        ]
        if let unsupported { members.append(("unsupported", .strings(unsupported))) }
        return .object(members)
    }
}

extension NearestPage {
    fileprivate var json: JSON {
        .object([
            ("document", .string(document)), ("title", .string(title)), ("path", .string(path)),
            ("audience", .string(audience)), ("applies_to", .optional(appliesTo)),
        ])
    }
}
