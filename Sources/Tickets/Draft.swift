package import Foundation

/// An answer made of statements, each with its sources, or a refusal with its reason.
package struct Draft: Sendable, Equatable, Codable {
    package let ticket: UUID
    package let status: Status
    /// Why there is no answer; `nil` exactly when the status is `answered`.
    package let reason: RefusalReason?
    /// How sure the retrieval evidence makes us that the statements answer the ticket, 0 to 1.
    package let confidence: Double
    package let statements: [Statement]
    /// What to ask the requester before the answer can be used as it stands.
    package let questions: [String]
    /// Filters that were given up to find anything, in the order in which they were.
    package let relaxed: [String]
    /// Of an answer: what its sections say besides, in the order of the statements.
    package let omitted: [Omission]
    /// Of a refusal: the pages that came nearest, of those that the reader may see, best first.
    package let nearest: [NearestPage]

    package enum Status: String, Sendable, Codable {
        case answered, refused
    }

    package init(
        ticket: UUID, status: Status, reason: RefusalReason?, confidence: Double, statements: [Statement],
        questions: [String], relaxed: [String], omitted: [Omission] = [], nearest: [NearestPage] = []
    ) {
        precondition((status == .answered) == (reason == nil), "a refusal has a reason, an answer has none")
        self.ticket = ticket
        self.status = status
        self.reason = reason
        self.confidence = confidence
        self.statements = statements
        self.questions = questions
        self.relaxed = relaxed
        self.omitted = omitted
        self.nearest = nearest
    }
}

/// One thing that a draft says: a sentence, a step with its command, a table.
package struct Statement: Sendable, Equatable, Codable {
    /// Markdown, with the ticket's parameters filled in.
    package let text: String
    /// The versions that it holds for, where the page says so and the ticket does not, such as `postgresql >=15`.
    package let appliesTo: String?
    package let citations: [Citation]

    package init(text: String, appliesTo: String?, citations: [Citation]) {
        self.text = text
        self.appliesTo = appliesTo
        self.citations = citations
    }
}

/// The words that support a statement: a span of the stored bytes of a document's revision.
package struct Citation: Sendable, Equatable, Codable {
    package let document: String
    /// SHA-256 of the document's bytes, lower-case hexadecimal.
    package let revision: String
    package let headingPath: [String]
    /// Half-open, into the revision's bytes.
    package let byteRange: Range<Int>
    /// The page of a PDF on which the span begins, counted from 1; `nil` in formats without pages.
    package let page: Int?
    /// Exactly the bytes of `byteRange`, as UTF-8.
    package let quote: String
    /// The page's path below the ingested folder, and who might read it, when it was cited.
    package let path: String?
    package let audience: String?

    package init(
        document: String, revision: String, headingPath: [String], byteRange: Range<Int>, page: Int? = nil,
        quote: String, path: String? = nil, audience: String? = nil
    ) {
        self.document = document
        self.revision = revision
        self.headingPath = headingPath
        self.byteRange = byteRange
        self.page = page
        self.quote = quote
        self.path = path
        self.audience = audience
    }
}

/// Why no answer is given. The raw value is the code that scripts read.
package enum RefusalReason: String, Sendable, Codable, CaseIterable {
    /// No passage fits the ticket well enough.
    case nothingFound = "nothing_found"
    /// The pages that fit are for other versions of the product.
    case wrongVersion = "wrong_version"
    /// The pages that fit may not be shown to this reader.
    case notVisible = "not_visible"
    /// The ticket says too little to search for.
    case unclear
}
