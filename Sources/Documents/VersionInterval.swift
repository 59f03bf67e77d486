/// A place in the order of versions of one kind. Missing numbers count as zero here: 15 and 15.0 are one place.
struct VersionPoint: Equatable, Comparable {
    let numbers: [Int]
    /// `nil` for the release; an empty one stands before all pre-releases.
    let preRelease: PreRelease?

    init(_ numbers: [Int], _ preRelease: PreRelease? = nil) {
        self.numbers = numbers
        self.preRelease = preRelease
    }

    init(_ version: Version) { self.init(version.numbers, version.preRelease) }

    /// Before everything that leads to these numbers.
    init(beforePreReleasesOf numbers: [Int]) { self.init(numbers, PreRelease([])) }

    static func == (left: VersionPoint, right: VersionPoint) -> Bool { !(left < right) && !(right < left) }

    static func < (left: VersionPoint, right: VersionPoint) -> Bool {
        if precede(left.numbers, right.numbers) { return true }
        if precede(right.numbers, left.numbers) { return false }
        return switch (left.preRelease, right.preRelease) {
        case (nil, _): false
        case (_, nil): true
        case (let own?, let other?): own < other
        }
    }

    /// Whether the numbers alone come before the other's.
    func numbersPrecede(_ other: VersionPoint) -> Bool { Self.precede(numbers, other.numbers) }

    private static func precede(_ left: [Int], _ right: [Int]) -> Bool {
        for place in 0..<max(left.count, right.count) {
            let pair = (place < left.count ? left[place] : 0, place < right.count ? right[place] : 0)
            if pair.0 != pair.1 { return pair.0 < pair.1 }
        }
        return false
    }
}

/// The versions from `low` up to, not including, `high`; `nil` is no bound.
struct VersionInterval {
    let low: VersionPoint?
    let high: VersionPoint?

    init(low: VersionPoint? = nil, high: VersionPoint? = nil) {
        self.low = low
        self.high = high
    }

    /// What a version stands for: everything that starts with it, 15.4 up to 15.5, without what leads to either. A
    /// pre-release stands for itself alone: the next in order has one more identifier, the number 0. A date stands for its
    /// days, counted through.
    init(of version: Version) {
        if version.kind == .date {
            let days = dayNumbers(of: version.numbers)
            self.init(low: VersionPoint([days.lowerBound]), high: VersionPoint(beforePreReleasesOf: [days.upperBound]))
        } else if let preRelease = version.preRelease {
            let next = PreRelease(preRelease.identifiers + [.number(0)])
            self.init(low: VersionPoint(version), high: VersionPoint(version.numbers, next))
        } else {
            var next = version.numbers
            next[next.count - 1] += 1
            self.init(low: VersionPoint(version), high: VersionPoint(beforePreReleasesOf: next))
        }
    }

    var isEmpty: Bool {
        guard let high else { return false }
        return high <= (low ?? VersionPoint(beforePreReleasesOf: [0]))
    }

    func intersection(_ other: VersionInterval) -> VersionInterval {
        VersionInterval(
            low: [low, other.low].compactMap { $0 }.max(), high: [high, other.high].compactMap { $0 }.min())
    }
}
