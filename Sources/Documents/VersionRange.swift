/// Which versions a page is about: comparators separated by spaces that must all hold, or `*` for any.
///
/// A bound is as wide as it is written, so `15` (or `=15`) and `<=15` include 15.4, and `>8.8` excludes 8.8p1. A version is
/// as wide as it is written, too: a ticket that says "15" may be any 15.x, and the range contains it when the two overlap:
///
///     try VersionRange(parsing: ">=15.2").contains(Version(parsing: "15"))    // true: it may be 15.2
///     try VersionRange(parsing: ">=15.2").contains(Version(parsing: "15.1"))  // false
///
/// A pre-release is contained by its place in the order, save below the bound that it leads to: 17beta1 is neither in
/// `>=17`, since it comes before 17, nor in `<17`, since what leads to 17 behaves as 17 does (as Python's PEP 440 has it). It
/// is in `<=17`, in `>=16`, in `17beta1`, and in a range whose bound is itself a pre-release of 17, such as `>=17beta1` or `<17rc1`.
///
/// A range has numbers or dates, and contains no version of the other kind; `*` contains all.
package struct VersionRange: Sendable, Hashable {
    static let comparatorCountMax = 16

    private let comparators: [Comparator]

    package init(parsing text: String) throws(VersionError) {
        guard let comparators = try Self.comparators(of: text) else { throw .notARange(got: text) }
        self.comparators = comparators
        guard Set(comparators.map(\.bound.kind)).count <= 1 else { throw .mixedRange(got: text) }
        guard !interval.isEmpty else { throw .emptyRange(got: text) }
    }

    /// Whether the versions that `version` stands for and this range overlap.
    package func contains(_ version: Version) -> Bool {
        (kind ?? version.kind) == version.kind && !interval.intersection(VersionInterval(of: version)).isEmpty
    }

    /// Whether there is a version that both contain.
    package func overlaps(_ other: VersionRange) -> Bool {
        (kind ?? other.kind) == (other.kind ?? kind) && !interval.intersection(other.interval).isEmpty
    }

    /// `nil` where any version is contained.
    private var kind: Version.Kind? { comparators.first?.bound.kind }

    /// Neighbours between which lie versions that none of the ranges contains, by their places in `ranges`. Pre-releases
    /// alone are no gap: between `<17` and `>=17` there is none.
    package static func gaps(between ranges: [VersionRange]) -> [(below: Int, above: Int)] {
        // What contains any version leaves no gap, and numbers and dates have none between them.
        guard !ranges.contains(where: { $0.kind == nil }) else { return [] }
        return [Version.Kind.numbers, .date].flatMap { kind in
            gaps(between: ranges, in: ranges.indices.filter { ranges[$0].kind == kind })
        }
    }

    private static func gaps(between ranges: [VersionRange], in places: [Int]) -> [(below: Int, above: Int)] {
        let start = VersionPoint(beforePreReleasesOf: [0])
        let order = places.sorted { left, right in
            (ranges[left].interval.low ?? start) < (ranges[right].interval.low ?? start)
        }
        var gaps: [(below: Int, above: Int)] = []
        guard var highest = order.first else { return [] }
        for place in order.dropFirst() {
            guard let end = ranges[highest].interval.high else { return gaps }
            if let start = ranges[place].interval.low, end.numbersPrecede(start) { gaps.append((highest, place)) }
            guard let high = ranges[place].interval.high else { return gaps }
            if end < high { highest = place }
        }
        return gaps
    }

    private var interval: VersionInterval {
        comparators.reduce(VersionInterval()) { $0.intersection($1.interval) }
    }

    /// An operator may stand apart from its version: `>= 14` reads as `>=14`.
    ///
    /// - Throws: `VersionError.packageVersion`, which has a remedy of its own.
    private static func comparators(of text: String) throws(VersionError) -> [Comparator]? {
        var comparators: [Comparator] = []
        var waiting: Comparator.Relation?
        for word in text.split(whereSeparator: \.isWhitespace) {
            let symbol = word.prefix { "<>=".contains($0) }
            let operand = word.dropFirst(symbol.count)
            if !symbol.isEmpty {
                guard waiting == nil, let relation = Comparator.Relation(rawValue: String(symbol)) else { return nil }
                waiting = relation
            }
            guard !operand.isEmpty else { continue }
            let version: Version
            do {
                version = try Version(parsing: String(operand))
            } catch {
                if case .packageVersion = error { throw error }
                return operand == "*" && text.filter { !$0.isWhitespace } == "*" ? [] : nil
            }
            comparators.append(Comparator(relation: waiting ?? .prefix, bound: version))
            waiting = nil
        }
        guard waiting == nil, !comparators.isEmpty, comparators.count <= comparatorCountMax else { return nil }
        return comparators
    }
}

extension VersionRange: CustomStringConvertible, Codable {
    /// The range as it was written, with single spaces between the comparators.
    package var description: String {
        comparators.isEmpty
            ? "*" : comparators.map { $0.relation.rawValue + $0.bound.description }.joined(separator: " ")
    }

    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// One condition, such as `>=14`.
private struct Comparator: Sendable, Hashable {
    enum Relation: String {
        case prefix = ""
        case equal = "="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    let relation: Relation
    let bound: Version

    var interval: VersionInterval {
        let own = VersionInterval(of: bound)
        return switch relation {
        case .prefix, .equal: own
        case .less:
            VersionInterval(
                high: bound.preRelease == nil ? own.low.map { VersionPoint(beforePreReleasesOf: $0.numbers) } : own.low)
        case .lessOrEqual: VersionInterval(high: own.high)
        case .greater: VersionInterval(low: own.high)
        case .greaterOrEqual: VersionInterval(low: own.low)
        }
    }
}
