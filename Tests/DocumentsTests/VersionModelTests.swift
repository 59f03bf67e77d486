import Documents
import TestSupport
import Testing

/// Random versions and ranges against a model that lists every version there is.
struct VersionModelTests {
    private static let stages = ["alpha.1", "alpha.1.b", "beta.2", "rc.10"]

    /// A version as it is written: one to three numbers, or a pre-release of them.
    private struct Written {
        let numbers: [Int]
        let stage: Int?

        init(_ random: inout SeededGenerator) {
            numbers = (0..<Int.random(in: 1...3, using: &random)).map { _ in Int.random(in: 0...3, using: &random) }
            stage = Int.random(in: 0..<3, using: &random) == 0 ? stages.indices.randomElement(using: &random) : nil
        }

        var text: String {
            numbers.map(String.init).joined(separator: ".") + (stage.map { "-" + stages[$0] } ?? "")
        }

        var padded: [Int] { numbers + Array(repeating: 0, count: 4 - numbers.count) }

        /// What it stands for.
        func covers(_ point: Point) -> Bool {
            if let stage { return point == Point(numbers: padded, stage: stage) }
            return point.numbers.starts(with: numbers) && !isLedToBy(point)
        }

        /// Whether the point is a pre-release of exactly this.
        private func isLedToBy(_ point: Point) -> Bool { point.stage < stages.count && point.numbers == padded }

        func isAbove(_ point: Point) -> Bool {
            guard let stage else { return point.numbers.lexicographicallyPrecedes(padded) }
            return point < Point(numbers: padded, stage: stage)
        }

        func isBelow(_ point: Point) -> Bool {
            !isAbove(point) && !covers(point) && (stage != nil || !isLedToBy(point))
        }
    }

    /// One version of the model: four numbers, and a stage, the last of which is the release.
    private struct Point: Comparable {
        let numbers: [Int]
        let stage: Int

        static func < (left: Point, right: Point) -> Bool {
            (left.numbers + [left.stage]).lexicographicallyPrecedes(right.numbers + [right.stage])
        }
    }

    private static let points: [Point] = (0..<(5 * 5 * 5 * 2)).flatMap { number in
        (0...stages.count).map {
            Point(numbers: [number / 50, number / 10 % 5, number / 2 % 5, number % 2], stage: $0)
        }
    }

    private struct Range {
        let comparators: [(relation: String, bound: Written)]

        init(_ random: inout SeededGenerator) {
            comparators = (0..<Int.random(in: 1...2, using: &random)).map { _ in
                (["", "=", "<", "<=", ">", ">="].randomElement(using: &random) ?? "", Written(&random))
            }
        }

        var text: String { comparators.map { $0.relation + $0.bound.text }.joined(separator: " ") }

        func contains(_ point: Point) -> Bool {
            comparators.allSatisfy { relation, bound in
                switch relation {
                case "<": bound.isAbove(point)
                case "<=": bound.isAbove(point) || bound.covers(point) || bound.stage == nil && !bound.isBelow(point)
                case ">": bound.isBelow(point)
                case ">=": bound.isBelow(point) || bound.covers(point)
                default: bound.covers(point)
                }
            }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func rangesContainWhatTheModelSays(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var counts = [0, 0]
        for _ in 0..<150 {
            let model = Range(&random)
            let inside = Self.points.filter(model.contains)
            guard let range = try? VersionRange(parsing: model.text) else {
                #expect(inside.isEmpty, "\(model.text) is refused")
                continue
            }
            for _ in 0..<20 {
                let version = Written(&random)
                let contains = try range.contains(Version(parsing: version.text))
                #expect(contains == inside.contains(where: version.covers), "\(model.text) and \(version.text)")
                counts[contains ? 1 : 0] += 1
            }
            let other = Range(&random)
            guard let otherRange = try? VersionRange(parsing: other.text) else { continue }
            let overlaps = range.overlaps(otherRange)
            #expect(otherRange.overlaps(range) == overlaps)
            if inside.contains(where: other.contains) { #expect(overlaps, "\(model.text) and \(other.text)") }
        }
        #expect(counts.allSatisfy { $0 > 100 })
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func theOrderIsTotal(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let dates = ["2024-05", "2024-05-01", "20240502", "2023-01-31"]
        let others = ["9.2p1", "1.1.1k", "1", "1.0", "1.0.0", "1-alpha.1", "1.0-alpha.1", "17beta2", "17rc1"]
        let texts = (0..<40).map { _ in Written(&random).text } + dates + others
        let versions = try texts.map { try Version(parsing: $0) }
        for one in versions {
            for other in versions {
                #expect([one < other, other < one, one == other].count(where: \.self) == 1, "\(one) \(other)")
                if one == other { #expect(one.hashValue == other.hashValue) }
                for third in versions where one < other && other < third { #expect(one < third) }
            }
        }
    }
}
