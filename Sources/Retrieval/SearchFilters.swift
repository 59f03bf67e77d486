/// Which pages a search may return. Every filter is hard: a page that does not pass is never returned. Names are compared
/// without regard to case.
package struct SearchFilters: Sendable, Equatable {
    /// Pages for this product, and pages that name none.
    package var product: String?
    /// Pages whose version range contains this version, and pages that have no range.
    package var version: String?
    /// The product that `version` is of: pages for others pass whatever their range. `nil` where it holds for any.
    package var versionProduct: String?
    /// Pages for this platform, and pages that name none.
    package var platform: String?
    /// Pages that have all of these tags; one without tags does not pass.
    package var tags: [String]
    /// Pages of these audiences only; an empty list lets nothing through.
    package var audiences: [String]
    /// Whether a product or a platform that no visible page is for lets nothing through: a misspelt name then finds
    /// nothing rather than every page that names none.
    package var refusesUnknownNames = false

    package init(
        product: String? = nil, version: String? = nil, platform: String? = nil, tags: [String] = [],
        audiences: [String]
    ) {
        self.product = product
        self.version = version
        self.platform = platform
        self.tags = tags
        self.audiences = audiences
    }
}
