/// What a page says about itself in the YAML between its first two `---` lines. Every key is optional.
package struct FrontMatter: Sendable, Equatable, Codable {
    package var id: String?
    package var title: String?
    package var product: String?
    package var versions: VersionRange?
    package var platforms: [String] = []
    package var audience: String?
    package var tags: [String] = []
    package var owner: String?
    /// The day of the last review, `YYYY-MM-DD`, a day that exists.
    package var reviewed: String?
    package var parameters: [Parameter] = []

    package init() {}
}

/// A name that `{{name}}` stands for in the page's text and code.
package struct Parameter: Sendable, Equatable, Codable {
    /// What a value may look like.
    package enum Form: String, Sendable, CaseIterable, Codable {
        case host, port, path, name, user, integer, url, duration, size, version, text
    }

    package let name: String
    package let form: Form
    package let description: String?

    package init(name: String, form: Form = .text, description: String? = nil) {
        self.name = name
        self.form = form
        self.description = description
    }
}
