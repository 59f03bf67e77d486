import Documents

/// Pages for different versions of one thing: where two are for the same version, and where a version between them has
/// none.
///
/// Pages belong together when they have one product, and one title or one id but for a version at its end.
func versionFindings(of pages: [LintedPage]) -> [LintFinding] {
    let versioned = pages.filter { $0.document.frontMatter.product != nil && $0.document.frontMatter.versions != nil }
    var groups: [[String]: [LintedPage]] = [:]
    for page in versioned {
        let product = page.document.frontMatter.product?.lowercased() ?? ""
        let stem = page.document.id.replacing(/[\-_.]?v?[0-9]+([.\-_][0-9]+)*$/, with: "")
        for key in Set([["title", product, page.document.title.lowercased()], ["id", product, stem]]) {
            groups[key, default: []].append(page)
        }
    }
    var seen: Set<[String]> = []
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.flatMap { _, group in
        group.count > 1 && seen.insert(group.map(\.file)).inserted ? overlaps(of: group) + gaps(of: group) : []
    }
}

/// Each page with those before it that it overlaps, in one finding: of n pages for one version there are n − 1.
private func overlaps(of group: [LintedPage]) -> [LintFinding] {
    group.indices.compactMap { place -> LintFinding? in
        let page = group[place]
        guard let own = page.document.frontMatter.versions else { return nil }
        let others = group[..<place].filter { other in
            page.sharesPlatform(with: other) && other.document.frontMatter.versions.map(own.overlaps) ?? false
        }
        guard let other = others.first, let versions = other.document.frontMatter.versions else { return nil }
        let more = others.count > 1 ? " and of \(others.count - 1) more pages" : ""
        return LintFinding(
            .versionOverlap, at: page.place(ofKey: "versions"),
            "\(own) overlaps \(versions) of \(other.document.id)\(more): a ticket of such a version finds all of them",
            other: other.place(ofKey: "versions"))
    }
}

private func gaps(of group: [LintedPage]) -> [LintFinding] {
    let ranges = group.compactMap(\.document.frontMatter.versions)
    return VersionRange.gaps(between: ranges).map { below, above in
        let (lower, upper) = (group[below], group[above])
        return LintFinding(
            .versionGap, at: upper.place(ofKey: "versions"),
            "no page is for the versions between \(ranges[below]) of \(lower.document.id) and \(ranges[above])",
            other: lower.place(ofKey: "versions"))
    }
}

extension LintedPage {
    /// A page that names no platform is for all.
    fileprivate func sharesPlatform(with other: LintedPage) -> Bool {
        let (own, others) = (document.frontMatter.platforms, other.document.frontMatter.platforms)
        return own.isEmpty || others.isEmpty || !Set(own).isDisjoint(with: others)
    }
}
