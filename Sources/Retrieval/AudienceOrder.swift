/// Who may read, from the widest audience to the narrowest, and the audience of a page that names none.
package struct AudienceOrder: Sendable, Equatable {
    package let names: [String]
    package let defaultAudience: String

    package init(names: [String], defaultAudience: String) {
        precondition(names.contains(defaultAudience))
        self.names = names
        self.defaultAudience = defaultAudience
    }

    func contains(_ name: String) -> Bool { names.contains(name) }

    /// An audience that is no longer configured counts as the widest, so that any known one narrows it.
    package func isNarrower(_ name: String, than other: String) -> Bool {
        (names.firstIndex(of: name) ?? -1) > (names.firstIndex(of: other) ?? -1)
    }
}
