/// Something about a page that its writer should know.
package struct LintFinding: Sendable, Equatable {
    package let place: Place
    package let kind: Kind
    package let message: String
    /// The other place that a finding about two has.
    package let other: Place?

    package struct Place: Sendable, Hashable {
        /// Absolute.
        package let path: String
        /// 1-based.
        package let line: Int
    }

    package enum Kind: String, Sendable, CaseIterable {
        /// The page cannot be read, for another reason than its front matter.
        case page
        case frontMatter = "front-matter"
        case duplicateID = "duplicate-id"
        case deadLink = "dead-link"
        case undeclaredParameter = "undeclared-parameter"
        case unusedParameter = "unused-parameter"
        case review
        case nearDuplicate = "near-duplicate"
        case longSection = "long-section"
        case versionOverlap = "version-overlap"
        case versionGap = "version-gap"
    }

    init(_ kind: Kind, at place: Place, _ message: String, other: Place? = nil) {
        (self.kind, self.place, self.message, self.other) = (kind, place, message, other)
    }
}

/// What a writer's pages are held to.
package struct LintOptions: Sendable {
    /// The day on which the pages are looked at, `YYYY-MM-DD`.
    package var today: String
    /// A page that was last reviewed longer ago is past its review.
    package var reviewDays = 365
    /// Chunks of one section: beyond it a search finds the section, and not what is asked for in it.
    package var sectionChunkCountMax = 8
    /// Sections with fewer words are alike by nature.
    package var duplicateWordCountMin = 30
    /// The share of their runs of words that two sections have in common from which on they are near-duplicates.
    package var duplicateShareMin = 0.8

    package init(today: String) { self.today = today }
}
