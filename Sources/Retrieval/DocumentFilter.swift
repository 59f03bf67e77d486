import Documents
import Storage

/// The filters with their values read, ready to be asked about each page.
struct DocumentFilter {
    private let filters: SearchFilters
    private let version: Version?
    private let product: String?
    private let versionProduct: String?
    private let platform: String?
    private let tags: [String]

    init(_ filters: SearchFilters) throws {
        self.filters = filters
        do {
            version = try filters.version.map(Version.init(parsing:))
        } catch {
            throw RetrievalError.badVersion(got: filters.version ?? "", detail: "\(error)")
        }
        product = filters.product?.lowercased()
        versionProduct = filters.versionProduct?.lowercased()
        platform = filters.platform?.lowercased()
        tags = filters.tags.map { $0.lowercased() }
    }

    func allows(_ document: StoredDocument) -> Bool {
        isVisible(document) && passesProduct(document.frontMatter) != .fails
            && passesVersion(document.frontMatter) != .fails && passesPlatform(document.frontMatter) != .fails
            && passesTags(document.frontMatter) != .fails
    }

    func isVisible(_ document: StoredDocument) -> Bool { filters.audiences.contains(document.audience) }

    /// How a page stands to one filter.
    private enum Verdict {
        case unasked, matches, silent, fails
        /// The version is of another product than the page.
        case otherProduct
    }

    private func passesProduct(_ page: FrontMatter) -> Verdict {
        guard let product else { return .unasked }
        guard let own = page.product else { return .silent }
        return own.lowercased() == product ? .matches : .fails
    }

    private func passesVersion(_ page: FrontMatter) -> Verdict {
        guard let version else { return .unasked }
        guard let range = page.versions else { return .silent }
        if let versionProduct, let own = page.product, own.lowercased() != versionProduct { return .otherProduct }
        return range.contains(version) ? .matches : .fails
    }

    private func passesPlatform(_ page: FrontMatter) -> Verdict {
        guard let platform else { return .unasked }
        guard !page.platforms.isEmpty else { return .silent }
        return page.platforms.contains { $0.lowercased() == platform } ? .matches : .fails
    }

    private func passesTags(_ page: FrontMatter) -> Verdict {
        guard !tags.isEmpty else { return .unasked }
        let own = page.tags.map { $0.lowercased() }
        return tags.allSatisfy(own.contains) ? .matches : .fails
    }
}

extension DocumentFilter {
    /// Why a page passes each filter that is asked, in the order in which they are asked.
    func reasons(for document: StoredDocument) -> [FilterReason] {
        let page = document.frontMatter
        let range = page.versions?.description ?? ""
        let asked = version?.description ?? ""
        let reasons: [(FilterName, Verdict, matching: String)] = [
            (.product, passesProduct(page), "is for \(page.product ?? "")"),
            (.version, passesVersion(page), "\(range) contains \(asked)"),
            (.platform, passesPlatform(page), "is for \(page.platforms.joined(separator: ", "))"),
            (.tags, passesTags(page), "has \(filters.tags.joined(separator: ", "))"),
        ]
        return reasons.compactMap { filter, verdict, matching in
            switch verdict {
            case .unasked: nil
            case .matches: FilterReason(filter: filter, reason: matching)
            case .silent: FilterReason(filter: filter, reason: "names no \(filter.noun)")
            case .otherProduct:
                FilterReason(
                    filter: filter, reason: "is for \(page.product ?? ""), and \(asked) is of \(versionProduct ?? "")")
            case .fails: FilterReason(filter: filter, reason: "does not pass")
            }
        } + [FilterReason(filter: .audience, reason: "\(document.audience) is visible")]
    }
}

/// What a search can be narrowed by.
package enum FilterName: String, Sendable, CaseIterable {
    case product, version, platform, tags, audience

    /// What a page that is silent does not name.
    fileprivate var noun: String {
        switch self {
        case .version: "versions"
        default: rawValue
        }
    }
}

/// Why a page passes a filter, such as `>=14 <17 contains 15.4`.
package struct FilterReason: Sendable, Equatable {
    package let filter: FilterName
    package let reason: String
}
