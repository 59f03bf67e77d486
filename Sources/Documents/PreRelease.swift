/// What stands before a release: identifiers in the order of Semantic Versioning 2.0.0, §11
/// (<https://semver.org/#spec-item-11>).
///
/// Numeric identifiers are compared as numbers and come before others, which are compared by their ASCII; of two that begin
/// alike the longer one comes later: `alpha < alpha.1 < alpha.beta < beta < beta.2 < beta.11 < rc.1`.
struct PreRelease: Sendable, Hashable {
    static let identifierCountMax = 16

    enum Identifier: Sendable, Hashable {
        case number(Int)
        case text(String)
    }

    let identifiers: [Identifier]

    init(_ identifiers: [Identifier]) { self.identifiers = identifiers }

    /// Of `-rc.1`, or of `beta1` as PostgreSQL has it, which is the word and the number.
    ///
    /// The first identifier begins with a letter: with a digit, `2.4-3`, Debian means a revision that comes after 2.4.
    init?(_ text: ArraySlice<UInt8>) {
        if text.first == UInt8(ascii: "-") {
            guard let fields = Self.fields(of: text.dropFirst()), fields.count <= Self.identifierCountMax,
                fields[0].first.map(isLetter) ?? false
            else { return nil }
            let identifiers = fields.compactMap(Self.identifier)
            guard identifiers.count == fields.count else { return nil }
            self.init(identifiers)
        } else {
            let word = String(decoding: text.prefix(while: isLetter), as: UTF8.self).lowercased()
            let digits = text.drop(while: isLetter)
            guard Self.words.contains(word), !digits.isEmpty, digits.allSatisfy(isDigit),
                let number = Int(String(decoding: digits, as: UTF8.self)), number <= Version.numberMax
            else { return nil }
            self.init([.text(word), .number(number)])
        }
    }

    /// What may stand behind the numbers without a hyphen.
    private static let words: Set<String> = ["alpha", "beta", "rc"]

    /// Fields between dots, of letters, digits and hyphens, none empty; `nil` for anything else.
    static func fields(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        let fields = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let areFields = fields.allSatisfy { field in
            !field.isEmpty && field.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "-") }
        }
        return areFields ? fields : nil
    }

    private static func identifier(_ field: ArraySlice<UInt8>) -> Identifier? {
        let text = String(decoding: field, as: UTF8.self)
        guard field.allSatisfy(isDigit) else { return .text(text) }
        return Int(text).flatMap { $0 <= Version.numberMax ? .number($0) : nil }
    }
}

extension PreRelease: Comparable {
    static func < (left: PreRelease, right: PreRelease) -> Bool {
        left.identifiers.lexicographicallyPrecedes(right.identifiers, by: precedes)
    }

    private static func precedes(_ left: Identifier, _ right: Identifier) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.number, .text): true
        case (.text, .number): false
        }
    }
}

private func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
}
