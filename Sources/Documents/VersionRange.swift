/// Which versions a page is about: comparators separated by spaces that must all hold, or `*` for any.
///
/// A bound is as wide as it is written, so `15` (or `=15`) and `<=15` include 15.4, and `>8.8` excludes 8.8p1. A version is
/// as wide as it is written, too: a ticket that says "15" may be any 15.x, and the range contains it when the two overlap:
///
///     try VersionRange(parsing: ">=15.2").contains(Version(parsing: "15"))    // true: it may be 15.2
///     try VersionRange(parsing: ">=15.2").contains(Version(parsing: "15.1"))  // false
package struct VersionRange: Sendable, Hashable {
    static let comparatorCountMax = 16

    private let comparators: [Comparator]

    package init(parsing text: String) throws(VersionError) {
        guard let comparators = Self.comparators(of: text) else { throw .notARange(got: text) }
        self.comparators = comparators
        guard !interval.isEmpty else { throw .emptyRange(got: text) }
    }

    /// Whether the versions that `version` stands for and this range overlap.
    package func contains(_ version: Version) -> Bool {
        !interval.intersection(Interval(of: version)).isEmpty
    }

    /// Whether there is a version that both contain.
    package func overlaps(_ other: VersionRange) -> Bool { !interval.intersection(other.interval).isEmpty }

    /// Neighbours between which lie versions that none of the ranges contains, by their places in `ranges`.
    package static func gaps(between ranges: [VersionRange]) -> [(below: Int, above: Int)] {
        let order = ranges.indices.sorted { left, right in
            precedes(ranges[left].interval.low ?? [], ranges[right].interval.low ?? [])
        }
        var gaps: [(below: Int, above: Int)] = []
        guard var highest = order.first else { return [] }
        for place in order.dropFirst() {
            guard let end = ranges[highest].interval.high else { return gaps }
            if let start = ranges[place].interval.low, precedes(end, start) { gaps.append((highest, place)) }
            guard let high = ranges[place].interval.high else { return gaps }
            if precedes(end, high) { highest = place }
        }
        return gaps
    }

    private var interval: Interval {
        comparators.reduce(Interval()) { $0.intersection($1.interval) }
    }

    /// An operator may stand apart from its version: `>= 14` reads as `>=14`.
    private static func comparators(of text: String) -> [Comparator]? {
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
            guard let version = try? Version(parsing: String(operand)) else {
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

    var interval: Interval {
        let own = Interval(of: bound)
        return switch relation {
        case .prefix, .equal: own
        case .less: Interval(low: nil, high: own.low)
        case .lessOrEqual: Interval(low: nil, high: own.high)
        case .greater: Interval(low: own.high, high: nil)
        case .greaterOrEqual: Interval(low: own.low, high: nil)
        }
    }
}

/// The versions from `low` up to, not including, `high`; `nil` is no bound. Missing numbers count as zero here.
private struct Interval {
    var low: [Int]?
    var high: [Int]?

    init(low: [Int]? = nil, high: [Int]? = nil) {
        self.low = low
        self.high = high
    }

    /// Everything that starts with the version: 15.4 up to 15.5.
    init(of version: Version) {
        var next = version.numbers
        next[next.count - 1] += 1
        self.init(low: version.numbers, high: next)
    }

    var isEmpty: Bool {
        guard let low, let high else { return high.map { $0.allSatisfy { $0 == 0 } } ?? false }
        return !precedes(low, high)
    }

    func intersection(_ other: Interval) -> Interval {
        let lows = [low, other.low].compactMap { $0 }
        let highs = [high, other.high].compactMap { $0 }
        return Interval(low: lows.max(by: precedes), high: highs.min(by: precedes))
    }
}

private func precedes(_ left: [Int], _ right: [Int]) -> Bool {
    for place in 0..<max(left.count, right.count) {
        let pair = (place < left.count ? left[place] : 0, place < right.count ? right[place] : 0)
        if pair.0 != pair.1 { return pair.0 < pair.1 }
    }
    return false
}
