/// What a version's text says, without the `v` before it.
struct VersionSpelling {
    private(set) var numbers: [Int] = []
    private(set) var preRelease: PreRelease?

    /// `nil` for what is no version of numbers.
    init?(_ text: ArraySlice<UInt8>) {
        var rest = text
        repeat {
            guard let number = Self.takeNumber(from: &rest) else { return nil }
            numbers.append(number)
        } while rest.popFirst(ifEqual: UInt8(ascii: "."))
        let build = rest.firstIndex(of: UInt8(ascii: "+")) ?? rest.endIndex
        if build < rest.endIndex, PreRelease.fields(of: rest[(build + 1)...]) == nil { return nil }
        rest = rest[..<build]
        if !rest.isEmpty, let preRelease = PreRelease(rest) {
            self.preRelease = preRelease
        } else if !rest.isEmpty {
            guard let patch = Self.patch(rest) else { return nil }
            numbers.append(patch)
        }
        guard numbers.count <= Version.numberCountMax else { return nil }
    }

    /// The number of `p1` (OpenSSH) or of a single letter (OpenSSL).
    private static func patch(_ text: ArraySlice<UInt8>) -> Int? {
        var rest = text
        guard let letter = rest.popFirst(), letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") else { return nil }
        if rest.isEmpty { return Int(letter - UInt8(ascii: "a")) + 1 }
        guard letter == UInt8(ascii: "p"), let patch = takeNumber(from: &rest), rest.isEmpty else { return nil }
        return patch
    }

    private static func takeNumber(from rest: inout ArraySlice<UInt8>) -> Int? {
        var number = 0
        let start = rest.startIndex
        while let byte = rest.first, isDigit(byte) {
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            guard number <= Version.numberMax else { return nil }
            rest.removeFirst()
        }
        return rest.startIndex > start ? number : nil
    }
}

extension VersionSpelling {
    /// The years in which eight digits, or four and two, are read as a date.
    private static let years = 1970...2099

    /// Year, month and day of `2024-05-01` and `20240501`, year and month of `2024-05`; `nil` for anything else, also for
    /// days that do not exist.
    static func date(_ text: ArraySlice<UInt8>) -> [Int]? {
        let hyphen = UInt8(ascii: "-")
        let bytes = Array(text)
        let hasHyphens = bytes.count > 4 && bytes[4] == hyphen
        let parts: [ArraySlice<UInt8>] =
            hasHyphens
            ? bytes.split(separator: hyphen, omittingEmptySubsequences: false)
            : bytes.count == 8 ? [bytes[..<4], bytes[4..<6], bytes[6...]] : []
        let digits = [4, 2, 2]
        guard (2...3).contains(parts.count), zip(parts, digits).allSatisfy({ $0.count == $1 && $0.allSatisfy(isDigit) })
        else { return nil }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } }
        guard years.contains(numbers[0]), (1...12).contains(numbers[1]) else { return nil }
        let isDay = numbers.count < 3 || (1...dayCount(ofMonth: numbers[1], in: numbers[0])).contains(numbers[2])
        return isDay ? numbers : nil
    }

    /// Whether a text looks like the version of a Debian or RPM package: with an epoch, or with a revision that begins with
    /// a digit.
    static func isPackage(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        guard takeNumber(from: &rest) != nil else { return false }
        if rest.popFirst(ifEqual: UInt8(ascii: ":")) { return rest.first.map(isDigit) ?? false }
        // A date that does not exist is no package's.
        guard text.prefix(while: isDigit).count != 4 else { return false }
        let isUpstream = VersionSpelling(text.prefix { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "~") }) != nil
        let revision = text.drop { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "~") }
        return isUpstream
            && (revision.first == UInt8(ascii: "~") || revision.dropFirst().first.map(isDigit) ?? false)
    }
}

/// How many days a month of the Gregorian calendar has.
func dayCount(ofMonth month: Int, in year: Int) -> Int {
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
}

/// The days of a year and month, or of one day, numbered through (proleptic Gregorian calendar).
///
/// - Precondition: year, month and perhaps day of a date that exists.
func dayNumbers(of date: [Int]) -> Range<Int> {
    let (year, month) = (date[0] - 1, date[1])
    let months = (1..<month).reduce(0) { $0 + dayCount(ofMonth: $1, in: date[0]) }
    let before = 365 * year + year / 4 - year / 100 + year / 400 + months
    return date.count > 2
        ? before + date[2]..<before + date[2] + 1 : before + 1..<before + 1 + dayCount(ofMonth: month, in: date[0])
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

extension ArraySlice where Element: Equatable {
    fileprivate mutating func popFirst(ifEqual element: Element) -> Bool {
        guard first == element else { return false }
        removeFirst()
        return true
    }
}
