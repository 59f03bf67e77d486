import Documents
import TestSupport
import Testing

struct VersionTests {
    @Test(arguments: [
        ("15", [15]), ("15.4", [15, 4]), ("v1.29", [1, 29]), ("V2", [2]), ("9.2p1", [9, 2, 1]), ("1.25.1", [1, 25, 1]),
        ("1.1.1k", [1, 1, 1, 11]), ("0", [0]), ("007.1", [7, 1]), ("1.2.3.4.5.6.7.8", [1, 2, 3, 4, 5, 6, 7, 8]),
    ])
    func versionsParse(text: String, numbers: [Int]) throws {
        let version = try Version(parsing: text)
        #expect(version.numbers == numbers)
        #expect(version.description == text)
    }

    @Test(arguments: [
        "", "v", "latest", "15.", ".4", "15..4", "15.x", "9.2p1a", "1.1.1kk", "1 2", "-1", "1000000000",
        "1.2.3.4.5.6.7.8.9", "99999999999999999999999", "１５",
    ])
    func otherTextIsNoVersion(text: String) {
        #expect(throws: VersionError.notAVersion(got: text)) { try Version(parsing: text) }
    }

    @Test func versionsAreOrderedNumberByNumber() throws {
        let ordered = try ["1.9", "1.25.1", "1.29", "9.2", "9.2p1", "9.10", "15", "15.0", "15.4", "16"].map {
            try Version(parsing: $0)
        }
        #expect(ordered.shuffled(seed: 7).sorted() == ordered)
        #expect(try Version(parsing: "v15.4") == Version(parsing: "15.4"))
    }

    /// A version as a ticket gives it, and the ranges that contain it beside those that do not.
    @Test(arguments: [
        ("15", [">=14 <17", "15", "=15", "<=15", ">=15", ">=15.2", ">15.2", "<15.1", "15.4", "*"]),
        ("15.4", ["15", "=15", ">=15", "<=15", "15.4", ">14", "<16", ">=15.4", "<=15.4", ">=15.4.2"]),
        ("15.0", ["15", ">=15", "<15.1", "<=15.0"]),
        ("8.8p1", ["8.8", "<=8.8", ">=8.8", "<8.9"]),
        ("9.2p1", [">8.8", "9.2p1", ">=9.2p1", "9"]),
        ("v1.29", [">=1.25.1", "1.29", ">= 1.29 < 1.30"]),
    ])
    func rangesContainVersionsThatTheyOverlap(version: String, ranges: [String]) throws {
        for range in ranges {
            #expect(try VersionRange(parsing: range).contains(Version(parsing: version)), "\(range)")
        }
    }

    @Test(arguments: [
        ("15", [">=16", "<15", ">15", "14", "<15.0", ">=14 <15"]),
        ("15.4", ["<15", ">15", ">15.4", "<15.4", "15.3", "15.40", ">=15.5"]),
        ("15.1", [">=15.2", ">15.2"]),
        ("8.8p1", [">8.8", "<8.8", "8.8p2"]),
        ("17", [">=14 <17"]),
    ])
    func rangesExcludeVersionsThatLieOutside(version: String, ranges: [String]) throws {
        for range in ranges {
            #expect(try !VersionRange(parsing: range).contains(Version(parsing: version)), "\(range)")
        }
    }

    @Test(arguments: [
        (">=14 <17", ">=14 <17"), ("  >= 14   <17 ", ">=14 <17"), ("=15", "=15"), ("15", "15"), ("*", "*"),
    ])
    func aRangeIsGivenBack(text: String, description: String) throws {
        #expect(try VersionRange(parsing: text).description == description)
    }

    @Test(arguments: ["", " ", ">", ">=14 <", "=>14", "<>3", "14 || 15", "14,15", "* 15", ">=14 *", ">*", "abc", ">=x"])
    func otherTextIsNoRange(text: String) {
        #expect(throws: VersionError.notARange(got: text)) { try VersionRange(parsing: text) }
    }

    @Test(arguments: [">=17 <14", "<15 >15", ">15 <15.9", "=15 =16", "<0"])
    func aRangeThatNothingCanSatisfyIsRefused(text: String) {
        #expect(throws: VersionError.emptyRange(got: text)) { try VersionRange(parsing: text) }
    }

    @Test func comparatorsAreLimited() {
        #expect(throws: Never.self) {
            try VersionRange(parsing: Array(repeating: ">1", count: 16).joined(separator: " "))
        }
        #expect(throws: VersionError.self) {
            try VersionRange(parsing: Array(repeating: ">1", count: 17).joined(separator: " "))
        }
    }
}
