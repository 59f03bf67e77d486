/// A product's version: numbers from the most to the least significant, or a day; perhaps a pre-release of them.
///
/// - Numbers: `15`, `15.4`, `v1.29`, OpenSSH's `9.2p1` and OpenSSL's `1.1.1k`; the letter counts as one more number (`p1` →
///   1, `k` → 11).
/// - Pre-releases: `1.2.3-rc.1` and `v1.30.0-alpha.1` as Semantic Versioning has them, `17beta1` and `17rc1` as PostgreSQL
///   does. They come before what they lead to. What follows a `+` says nothing of the order and is passed over.
/// - Dates: `2024-05-01`, `20240501` and the month `2024-05`. `2024.05` is two numbers. A date is never compared with
///   numbers: no range of the one contains the other.
///
/// A version stands for everything below it: `15` for each 15.x, `2024-05` for each day of May (see `VersionRange`). As
/// values they are ordered number by number, a prefix before what it begins: `15beta1 < 15 < 15.0 < 15.4 < 16`; only so that
/// the order is total, all dates come after all numbers.
package struct Version: Sendable {
    /// Far above any real product, and its successor still fits everywhere.
    static let numberMax = 999_999_999
    static let numberCountMax = 8

    package enum Kind: Sendable {
        case numbers, date
    }

    package let kind: Kind
    /// Of a date year, month and, unless a month is meant, day.
    package let numbers: [Int]
    let preRelease: PreRelease?
    private let text: String

    package init(parsing text: String) throws(VersionError) {
        let bytes = Array(text.utf8)
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "v") || rest.first == UInt8(ascii: "V") { rest.removeFirst() }
        if let date = VersionSpelling.date(rest) {
            (kind, numbers, preRelease) = (.date, date, nil)
        } else if let spelling = VersionSpelling(rest) {
            (kind, numbers, preRelease) = (.numbers, spelling.numbers, spelling.preRelease)
        } else if VersionSpelling.isPackage(rest) {
            throw .packageVersion(got: text)
        } else {
            throw .notAVersion(got: text)
        }
        self.text = text
    }
}

extension Version: Comparable, Hashable {
    package static func == (left: Version, right: Version) -> Bool {
        left.kind == right.kind && left.numbers == right.numbers && left.preRelease == right.preRelease
    }

    package static func < (left: Version, right: Version) -> Bool {
        if left.kind != right.kind { return right.kind == .date }
        let (own, other) = (VersionPoint(left), VersionPoint(right))
        return own == other ? left.numbers.count < right.numbers.count : own < other
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(numbers)
        hasher.combine(preRelease)
    }
}

extension Version: CustomStringConvertible, Codable {
    /// The text that was parsed.
    package var description: String { text }

    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A version or a range that cannot be read. It has no path: tickets hold versions too; in front matter it becomes a
/// `DocumentError` with one.
package enum VersionError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAVersion(got: String)
    /// A distribution's: with an epoch (`1:2.4`) or a revision of the package (`2.4-3`, which Semantic Versioning would
    /// read as coming before 2.4).
    case packageVersion(got: String)
    case notARange(got: String)
    case emptyRange(got: String)
    /// Some bounds are dates, others are not.
    case mixedRange(got: String)

    package var description: String {
        switch self {
        case .notAVersion(let got): "\"\(got)\" is not a version; write \(Self.expectedVersion)"
        case .packageVersion(let got):
            "\"\(got)\" is the version of a distribution's package; write the program's own, without epoch and revision, "
                + "such as 2.4 for 1:2.4-3"
        case .notARange(let got): "\"\(got)\" is not a range of versions; write \(Self.expectedRange)"
        case .emptyRange(let got): "no version is in the range \"\(got)\"; write \(Self.expectedRange)"
        case .mixedRange(let got):
            "the range \"\(got)\" has dates and numbers, which cannot be compared; write each bound as a date, such as "
                + "2024-05-01, or each as numbers"
        }
    }

    /// What is to be written instead.
    var expected: String {
        switch self {
        case .notAVersion: Self.expectedVersion
        case .packageVersion: "the program's own version, without epoch and revision, such as 2.4 for 1:2.4-3"
        case .notARange, .emptyRange: Self.expectedRange
        case .mixedRange: "each bound as a date, such as 2024-05-01, or each as numbers"
        }
    }

    static let expectedVersion = "numbers such as 15, 15.4, v1.29, 9.2p1 or 17rc1, or a date such as 2024-05-01"
    static let expectedRange =
        "comparators that all hold, such as \">=14 <17\", \">8.8\", \"15\", \">=2024-05-01\" or \"*\""
}
