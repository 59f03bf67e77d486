package import Foundation

/// What a requester asks, as a structured object that carries its own context: any worker can act on it alone.
///
/// In JSON the keys are `snake_case`; `id`, `created_at`, `subject` and `body` are required, an unknown key is refused.
package struct Ticket: Sendable, Equatable, Identifiable {
    package let id: UUID
    package let createdAt: Date
    package let channel: Channel
    package let requester: Requester?
    package let subject: String
    package let body: String
    /// The product as the desk names it, such as `postgresql`; lower case.
    package let product: String?
    /// The version as the requester gave it, such as `15.4`.
    package let version: String?
    package let platform: String?
    package let errorCodes: [String]
    /// Values for the parameters of pages, by parameter name.
    package let parameters: [String: String]
    package let thread: [Message]

    package enum Channel: String, Sendable, Codable, CaseIterable {
        case email, form, chat, api
    }

    package struct Requester: Sendable, Equatable {
        package let name: String?
        package let email: String?
    }

    /// A message that followed the ticket's first one.
    package struct Message: Sendable, Equatable {
        package let at: Date
        package let from: Author
        package let body: String

        package enum Author: String, Sendable, Codable, CaseIterable {
            case requester, agent
        }
    }
}

/// What happened to a ticket; events are kept and never changed.
package enum TicketEvent: Sendable, Equatable {
    case created
    /// Its content was replaced by a later import of the same id.
    case amended
    /// An answer was drafted, or refused; `draft` is the draft's number.
    case drafted(draft: Int64)

    package var name: String {
        switch self {
        case .created: "created"
        case .amended: "amended"
        case .drafted: "drafted"
        }
    }
}
