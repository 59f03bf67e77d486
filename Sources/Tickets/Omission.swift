/// What a section that a draft quotes says besides, and was left out: for its length, or as a statement that its cited
/// words do not support.
package struct Omission: Sendable, Equatable, Codable {
    package let document: String
    /// The page's path below the ingested folder.
    package let path: String
    package let headingPath: [String]
    /// The numbers of the steps left out, where only steps were.
    package let steps: ClosedRange<Int>?
    /// How many statements it would have made.
    package let statementCount: Int
    /// What of a statement the cited words do not say, such as `number: 31 seconds`; `nil` where the length was the
    /// reason.
    package let unsupported: [String]?

    package init(
        document: String, path: String, headingPath: [String], steps: ClosedRange<Int>?, statementCount: Int,
        unsupported: [String]? = nil
    ) {
        self.document = document
        self.path = path
        self.headingPath = headingPath
        self.steps = steps
        self.statementCount = statementCount
        self.unsupported = unsupported
    }
}
