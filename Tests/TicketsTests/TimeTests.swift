import Foundation
import TestSupport
import Testing
import Tickets

/// RFC 3339, section 5.6, as a ticket's `created_at` reads and writes it.
@Suite struct TimeTests {
    @Test(arguments: [
        ("2026-09-14T08:12:00Z", "2026-09-14T08:12:00Z"),
        ("2026-09-14t08:12:00z", "2026-09-14T08:12:00Z"),
        ("2026-09-14T08:12:00+02:00", "2026-09-14T06:12:00Z"),
        ("2026-09-14T08:12:00-09:30", "2026-09-14T17:42:00Z"),
        ("2026-09-14T08:12:00-00:00", "2026-09-14T08:12:00Z"),
        ("2026-01-01T00:30:00+05:45", "2025-12-31T18:45:00Z"),
        ("2026-09-14T08:12:00.5Z", "2026-09-14T08:12:00.500Z"),
        ("2026-09-14T08:12:00.000Z", "2026-09-14T08:12:00Z"),
        ("2026-09-14T08:12:00.123456Z", "2026-09-14T08:12:00.123456Z"),
        ("2026-09-14T08:12:00.123456789+05:30", "2026-09-14T02:42:00.123456Z"),
        ("2026-09-14T08:12:00.000001Z", "2026-09-14T08:12:00.000001Z"),
        ("2026-09-14T08:12:59.9999999Z", "2026-09-14T08:12:59.999999Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
        ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
        ("1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250Z"),
        ("1582-10-10T00:00:00Z", "1582-10-10T00:00:00Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        // The examples of section 5.8.
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"),
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"),
        ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00Z"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"),
        ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"),
    ])
    func aTimeIsReadAndWrittenInUTC(text: String, utc: String) throws {
        #expect(try ticket(createdAt: text).createdAt.rfc3339 == utc)
    }

    @Test(arguments: [
        "", "yesterday", "2026-09-14", "08:12:00Z", "2026-09-14T08:12:00", "2026-09-14 08:12:00Z", "2026-09-14T08:12Z",
        "20260914T081200Z", "2026-9-14T8:12:00Z", "12026-09-14T08:12:00Z", "-2026-09-14T08:12:00Z",
        " 2026-09-14T08:12:00Z", "2026-09-14T08:12:00Z ", "2026-09-14T08:12:00Zzz", "2026-09-14T08:12:00.5Zx",
        "2026-09-14T08:12:00.Z", "2026-09-14T08:12:00,5Z", "2026-09-14T08:12:00+0200", "2026-09-14T08:12:00+02",
        "2026-09-14T08:12:00+2:00", "2026-09-14T08:12:00+24:00", "2026-09-14T08:12:00+02:60",
        "2026-09-14T08:12:00 02:00", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-02-30T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-09-14T24:00:00Z", "2026-09-14T08:60:00Z", "2026-09-14T08:12:61Z",
        "2026-09-14T08:12:60Z", "2026-09-14T23:59:60+01:00", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:60Z",
        "9999-12-31T23:59:59-00:01", "２０２６-09-14T08:12:00Z", "2026-09-14T08:12:00.٥Z",
    ])
    func whatIsNoTimeIsRefused(_ text: String) {
        #expect(
            throws: TicketError.badValue(
                pointer: "/created_at", got: text, expected: "an RFC 3339 time such as 2026-09-14T08:12:00Z")
        ) { try ticket(createdAt: text) }
    }

    /// Foundation's formatter as the other opinion, over four thousand years.
    @Test(arguments: [1, 2, 3] as [UInt64]) func wholeSecondsAreWrittenAsFoundationDoes(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let second = Int.random(in: -12_000_000_000...100_000_000_000, using: &generator)
            let date = Date(timeIntervalSince1970: Double(second))
            #expect(date.rfc3339 == date.formatted(.iso8601))
            #expect(try ticket(createdAt: date.rfc3339).createdAt == date)
        }
    }

    @Test(arguments: [4, 5, 6] as [UInt64]) func aReadTimeIsWrittenSoThatItReadsEqual(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let fraction = (0..<Int.random(in: 1...9, using: &generator)).map { _ in
                String(Int.random(in: 0...9, using: &generator))
            }
            let second = Date(timeIntervalSince1970: Double(Int.random(in: 0...200_000_000_000, using: &generator)))
            let text = second.rfc3339.replacingOccurrences(of: "Z", with: "." + fraction.joined() + "Z")
            let date = try ticket(createdAt: text).createdAt
            #expect(try ticket(createdAt: date.rfc3339).createdAt == date, "\(text)")
        }
    }

    @Test func aDateBetweenTwoMicrosecondsIsRoundedIntoTheNextSecond() {
        #expect(Date(timeIntervalSinceReferenceDate: 59.999_999_9).rfc3339 == "2001-01-01T00:01:00Z")
        #expect(Date(timeIntervalSinceReferenceDate: -0.000_000_1).rfc3339 == "2001-01-01T00:00:00Z")
    }

    private func ticket(createdAt text: String) throws -> Ticket {
        try Ticket(json: TicketText.smallest.with("created_at", "\"\(text)\"").data)
    }
}
