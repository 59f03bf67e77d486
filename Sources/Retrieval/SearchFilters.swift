import Documents
import Storage

/// Which pages a search may return. Every filter is hard: a page that does not pass is never returned.
package struct SearchFilters: Sendable, Equatable {
    /// Pages for this product, and pages that name none.
    package var product: String?
    /// Pages whose version range contains this version, and pages that have no range.
    package var version: String?
    /// The product that `version` is of: pages for others pass whatever their range. `nil` where it holds for any.
    package var versionProduct: String?
    /// Pages for this platform, and pages that name none.
    package var platform: String?
    /// Pages of these audiences only; an empty list lets nothing through.
    package var audiences: [String]

    package init(product: String? = nil, version: String? = nil, platform: String? = nil, audiences: [String]) {
        self.product = product
        self.version = version
        self.platform = platform
        self.audiences = audiences
    }
}

/// The filters with their values read, ready to be asked about each page.
struct DocumentFilter {
    private let filters: SearchFilters
    private let version: Version?

    init(_ filters: SearchFilters) throws {
        self.filters = filters
        do {
            version = try filters.version.map(Version.init(parsing:))
        } catch {
            throw RetrievalError.badVersion(got: filters.version ?? "", detail: "\(error)")
        }
    }

    func allows(_ document: StoredDocument) -> Bool {
        let page = document.frontMatter
        guard filters.audiences.contains(document.audience) else { return false }
        if let product = filters.product, let own = page.product, own.lowercased() != product.lowercased() {
            return false
        }
        if let version, let range = page.versions, isAbout(page.product), !range.contains(version) { return false }
        if let platform = filters.platform, !page.platforms.isEmpty {
            return page.platforms.contains { $0.lowercased() == platform.lowercased() }
        }
        return true
    }

    private func isAbout(_ product: String?) -> Bool {
        guard let own = filters.versionProduct, let product else { return true }
        return own.lowercased() == product.lowercased()
    }
}
