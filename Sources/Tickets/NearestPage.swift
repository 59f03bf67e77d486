/// A page that came near to answering a ticket that was refused.
package struct NearestPage: Sendable, Equatable, Codable {
    package let document: String
    package let title: String
    /// The page's path below the ingested folder.
    package let path: String
    package let audience: String
    /// The product's versions that it is for, such as `postgresql >=15`, where it says so.
    package let appliesTo: String?

    package init(document: String, title: String, path: String, audience: String, appliesTo: String?) {
        self.document = document
        self.title = title
        self.path = path
        self.audience = audience
        self.appliesTo = appliesTo
    }
}
