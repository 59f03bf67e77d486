package import Foundation

/// Times as RFC 3339 writes them (<https://www.rfc-editor.org/rfc/rfc3339#section-5.6>).
///
/// Foundation's parser is not used: it takes 30 February, minute 72 and words after the time.
extension Date {
    /// The time in UTC, such as `2026-09-14T08:12:00Z`; milliseconds or microseconds where there are any.
    ///
    /// Reading it gives an equal date when the date came from `init(rfc3339:)`.
    package var rfc3339: String {
        var second = timeIntervalSinceReferenceDate.rounded(.down)
        var microsecond = Int(((timeIntervalSinceReferenceDate - second) * 1e6).rounded())
        if microsecond == microsecondsASecond { (second, microsecond) = (second + 1, 0) }
        let instant = Int(second) + referenceSeconds
        let time = instant.residue(modulo: secondsADay)
        let (year, month, day) = civilDate(ofDay: (instant - time) / secondsADay)
        let date = [padded(year, 4), padded(month, 2), padded(day, 2)].joined(separator: "-")
        let clock = [time / 3600, time / 60 % 60, time % 60].map { padded($0, 2) }.joined(separator: ":")
        return "\(date)T\(clock)\(fraction(microsecond))Z"
    }

    /// Reads a time with its offset; a fraction of a second is kept to the microsecond, finer digits are dropped.
    ///
    /// `nil` where the text is not RFC 3339, names a day or a time that there is not, or lies outside the years 0 to
    /// 9999 in UTC. A leap second, at 23:59:60 UTC only, is read as the first second of the next day.
    init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > shape.count, zip(bytes, shape).allSatisfy(fits) else { return nil }
        func number(_ start: Int, _ count: Int) -> Int { decimal(bytes[start..<start + count]) }
        let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2))
        let (hour, minute, second) = (number(11, 2), number(14, 2), number(17, 2))
        let dayNumber = dayNumber(year, month, day)
        guard (1...12).contains(month), civilDate(ofDay: dayNumber) == (year, month, day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var rest = bytes.dropFirst(shape.count)
        guard let microsecond = takeMicrosecond(from: &rest), let offset = offsetSeconds(rest) else { return nil }
        let instant = dayNumber * secondsADay + hour * 3600 + minute * 60 + second - offset
        guard second < 60 || instant.isMultiple(of: secondsADay), readableSeconds.contains(instant) else { return nil }
        self.init(
            timeIntervalSinceReferenceDate: Double(instant - referenceSeconds)
                + Double(microsecond) / Double(microsecondsASecond))
    }
}

/// What every time begins with: `0` stands for a digit.
private let shape = Array("0000-00-00T00:00:00".utf8)
private let secondsADay = 86_400
private let microsecondsASecond = 1_000_000
/// From 1970 to 2001, where Foundation's dates begin.
private let referenceSeconds = 978_307_200
/// The years 0 to 9999, in seconds since 1970.
private let readableSeconds = dayNumber(0, 1, 1) * secondsADay..<dayNumber(10_000, 1, 1) * secondsADay

private func fits(_ byte: UInt8, _ expected: UInt8) -> Bool {
    switch expected {
    case UInt8(ascii: "0"): isDigit(byte)
    // Section 5.6: "T" and "Z" may be lower case.
    case UInt8(ascii: "T"): byte == expected || byte == UInt8(ascii: "t")
    default: byte == expected
    }
}

/// The fraction that `rest` begins with, taken off it; 0 where there is none, `nil` for a point without digits.
private func takeMicrosecond(from rest: inout ArraySlice<UInt8>) -> Int? {
    guard rest.first == UInt8(ascii: ".") else { return 0 }
    let digits = rest.dropFirst().prefix(while: isDigit)
    guard !digits.isEmpty else { return nil }
    rest = rest[digits.endIndex...]
    return decimal(digits.prefix(6)) * [1, 100_000, 10_000, 1_000, 100, 10, 1][min(digits.count, 6)]
}

/// The seconds that a `Z` or an offset such as `+05:30` is ahead of UTC.
private func offsetSeconds(_ text: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(text)
    if bytes == [UInt8(ascii: "Z")] || bytes == [UInt8(ascii: "z")] { return 0 }
    guard bytes.count == 6, zip(bytes.dropFirst(), Array("00:00".utf8)).allSatisfy(fits) else { return nil }
    let (hours, minutes) = (decimal(bytes[1...2]), decimal(bytes[4...5]))
    guard hours < 24, minutes < 60 else { return nil }
    switch bytes[0] {
    case UInt8(ascii: "+"): return hours * 3600 + minutes * 60
    case UInt8(ascii: "-"): return -(hours * 3600 + minutes * 60)
    default: return nil
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: Howard Hinnant's `days_from_civil`
/// (<https://howardhinnant.github.io/date_algorithms.html>), whose years begin in March so that a leap day ends one.
private func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month > 2 ? year : year - 1
    let yearOfEra = year.residue(modulo: 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return (year - yearOfEra) / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

/// The inverse of `dayNumber`: `civil_from_days` of the same page.
private func civilDate(ofDay number: Int) -> (year: Int, month: Int, day: Int) {
    let dayOfEra = (number + 719_468).residue(modulo: 146_097)
    let era = (number + 719_468 - dayOfEra) / 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func decimal(_ digits: ArraySlice<UInt8>) -> Int {
    digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(width - digits.count, 0)) + digits
}

/// `.250` or `.250001`; empty for none.
private func fraction(_ microsecond: Int) -> String {
    guard microsecond > 0 else { return "" }
    return microsecond.isMultiple(of: 1000) ? ".\(padded(microsecond / 1000, 3))" : ".\(padded(microsecond, 6))"
}

extension Int {
    /// The remainder with the modulus's sign, so that instants before the epoch fall on the right day.
    fileprivate func residue(modulo modulus: Int) -> Int {
        let remainder = self % modulus
        return remainder < 0 ? remainder + modulus : remainder
    }
}
