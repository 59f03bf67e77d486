import Documents
import TestSupport
import Testing

/// Pre-releases, dates and packages: the orders of several ecosystems in one.
struct VersionOrderTests {
    /// Each list ascending, as the ecosystem has it; the first is that of Semantic Versioning 2.0.0, §11.
    @Test(arguments: [
        [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0",
        ],
        ["1.2.3-rc.1", "1.2.3-rc.2", "1.2.3-rc.10", "1.2.3", "1.2.4-alpha.1", "1.2.4"],
        ["16.9", "17alpha1", "17beta1", "17beta2", "17beta10", "17rc1", "17", "17.0", "17.1"],
        ["v1.29", "v1.29.4", "v1.30.0-alpha.1", "v1.30.0-beta.0", "v1.30.0-rc.1", "v1.30.0"],
        ["8.8", "8.8p1", "9.2", "9.2p1", "9.2p2", "9.10"],
        ["1.1.1", "1.1.1a", "1.1.1k", "1.1.1w", "3.0.0-alpha1", "3.0.0", "3.0.13"],
        ["2023-12-31", "2024-02", "2024-02-29", "2024-05-01", "20240502", "2024-12-31"],
        ["2024.05", "2024.05.1", "2024.10"],
    ])
    func versionsStandInTheirEcosystemsOrder(_ texts: [String]) throws {
        let versions = try texts.map { try Version(parsing: $0) }
        #expect(versions.shuffled(seed: 3).sorted().map(\.description) == texts)
    }

    @Test(arguments: [
        ("1.2.3+build.5", "1.2.3"), ("v1.29.4+k3s1", "1.29.4"), ("15.4+deb12u1", "15.4"),
        ("1.2.3-rc.1+5", "1.2.3-rc.1"), ("17RC1", "17rc1"), ("20240501", "2024-05-01"), ("v2024-05-01", "2024-05-01"),
    ])
    func versionsThatSayTheSameAreEqual(_ one: String, _ other: String) throws {
        #expect(try Version(parsing: one) == Version(parsing: other))
    }

    /// Months end with their last day: what is outside a month is outside its days.
    @Test(arguments: [
        ("<2024-05-01", ["2024-04", "2024-04-30"], ["2024-05", "2024-05-01"]),
        (">2024-04-30", ["2024-05", "2024-05-01"], ["2024-04", "2024-04-30"]),
        ("2024-02", ["2024-02-01", "2024-02-29"], ["2024-01", "2024-01-31", "2024-03-01"]),
        (">=2023-12-31 <2024-02", ["2023-12", "2024-01"], ["2023-12-30", "2024-02-01", "2024-02"]),
        ("<=2024-12", ["2024-12-31", "20241201"], ["2025-01-01", "2025-01"]),
    ]) func datesAreDays(_ range: String, _ inside: [String], _ outside: [String]) throws {
        let range = try VersionRange(parsing: range)
        for text in inside { #expect(try range.contains(Version(parsing: text)), "\(text)") }
        for text in outside { #expect(try !range.contains(Version(parsing: text)), "\(text)") }
    }

    @Test func daysThatFollowEachOtherLeaveNoGap() throws {
        let ranges = try ["<=2024-04-30", ">=2024-05-01 <2025-01-01", "2025-01"].map { try VersionRange(parsing: $0) }
        #expect(VersionRange.gaps(between: ranges).isEmpty)
        #expect(!ranges[0].overlaps(ranges[1]) && !ranges[1].overlaps(ranges[2]))
        #expect(throws: VersionError.emptyRange(got: ">2024-04-30 <2024-05-01")) {
            try VersionRange(parsing: ">2024-04-30 <2024-05-01")
        }
        let apart = try ["<2024-04-30", ">=2024-05-01"].map { try VersionRange(parsing: $0) }
        #expect(VersionRange.gaps(between: apart).count == 1)
    }

    @Test(arguments: ["1:2.4-3", "1:2.4", "2.4-3", "2.4-3ubuntu1", "9.2p1-2+deb12u3", "2.4~rc1", "1.2.3-1"])
    func thePackageOfADistributionIsRefusedByName(_ text: String) {
        #expect(throws: VersionError.packageVersion(got: text)) { try Version(parsing: text) }
    }

    @Test(arguments: [
        "17beta", "17devel", "17rc1.2", "17rc-1", "1.2.3-", "1.2.3-rc..1", "1.2.3-rc.", "1.2.3-rc_1", "1.2.3+",
        "1.2.3+a..b",
        "1.1.1k-rc.1", "2024-02-30", "2023-02-29", "2024-13", "2024-5-1", "2024-05-01-rc.1", "2024-05-01T00:00",
        "1.2.3-rc.1000000000", "1-a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q",
    ])
    func whatNoOrderIsKnownForIsNoVersion(_ text: String) {
        #expect(throws: VersionError.notAVersion(got: text)) { try Version(parsing: text) }
    }

    @Test(arguments: [
        (
            "17beta1",
            [">=16", ">16", "17beta1", ">=17beta1", "<17beta2", "<17rc1", "<=17beta1", ">=16 <18", "<18", "*"]
        ),
        ("17", [">=17beta1", ">17rc1", ">=17", "17"]),
        ("1.2.3-rc.1", ["1.2.3-rc.1", ">=1.2.3-alpha", "<1.2.3-rc.2", ">=1.2", "1.2", "1"]),
        ("v1.30.0-alpha.1", [">=1.29", "<1.30.0-beta.0", ">1.29"]),
        ("2024-05-01", [">=2024-05-01", ">=20240401", "2024-05", "<2024-06", "<=2024-05", ">2024-04", "*"]),
        ("2024-05", ["2024-05-31", ">=2024-05-15", "<2024-05-02", "2024-05"]),
        ("2024.05", [">=2024", "2024", "<2025", "2024.5"]),
    ])
    func aRangeContains(version: String, ranges: [String]) throws {
        for range in ranges {
            #expect(try VersionRange(parsing: range).contains(Version(parsing: version)), "\(range)")
        }
    }

    @Test(arguments: [
        ("17beta1", [">=17", "<17", "17", "<=16", ">=17rc1", "17beta2", ">17beta1", ">=14 <17", ">=17 <18"]),
        ("17", ["<17rc1", "17rc1", "<=17rc1"]),
        ("1.2.3-rc.1", ["1.2.3", ">=1.2.3", "<1.2.3", ">1.2.3-rc.1", "1.2.4"]),
        ("v1.30.0-alpha.1", [">=1.30", "<1.30", "1.30", "1.29"]),
        ("2024-05-01", ["<2024-05-01", ">2024-05-01", "2024-06", ">=2024", "2024", "<2025", ">=2024.05", ">0"]),
        ("2024", [">=2024-01-01", "2024-05", "<2099-01-01"]),
        ("2024.05", ["2024-05", ">=2024-05-01"]),
        ("20240501", [">=20240000", ">=15"]),
    ])
    func aRangeExcludes(version: String, ranges: [String]) throws {
        for range in ranges {
            #expect(try !VersionRange(parsing: range).contains(Version(parsing: version)), "\(range)")
        }
    }

    @Test(arguments: [">=2024-05-01 <2025", ">=15 <20240501", "2024-05 2024.05"])
    func aRangeOfDatesAndNumbersIsRefused(_ text: String) {
        #expect(throws: VersionError.mixedRange(got: text)) { try VersionRange(parsing: text) }
    }

    @Test(arguments: [">=2024-06 <2024-05", ">17 <18 17", "<=17rc1 >17rc1", ">=17 <17rc1"])
    func aRangeWithoutAVersionIsRefused(_ text: String) {
        #expect(throws: VersionError.emptyRange(got: text)) { try VersionRange(parsing: text) }
    }

    @Test(arguments: [
        ([">=14 <17", ">=17"], []), (["<=16", ">=17"], []), (["<17", ">17"], [[0, 1]]), (["<17rc1", ">=17"], []),
        (["<15", ">=16"], [[0, 1]]), (["<2024-05", ">=2024-07"], [[0, 1]]), (["<15", ">=2024-07"], []),
        (["<15", "*", ">=17"], []),
    ])
    func gapsAreFoundAmongReleasesOfOneKind(_ texts: [String], _ gaps: [[Int]]) throws {
        let ranges = try texts.map { try VersionRange(parsing: $0) }
        #expect(VersionRange.gaps(between: ranges).map { [$0.below, $0.above] } == gaps)
    }
}
