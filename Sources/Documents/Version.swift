/// A product's version: numbers from the most to the least significant.
///
/// `15`, `15.4`, `v1.29`, OpenSSH's `9.2p1` and OpenSSL's `1.1.1k` parse; the letter counts as one more number (`p1` → 1,
/// `k` → 11). A version stands for everything below it: `15` for each 15.x (see `VersionRange`). As values they are ordered
/// number by number, a prefix before what it begins: `15 < 15.0 < 15.4 < 16`.
package struct Version: Sendable {
    /// Far above any real product, and its successor still fits everywhere.
    static let numberMax = 999_999_999
    static let numberCountMax = 8

    package let numbers: [Int]
    private let text: String

    package init(parsing text: String) throws(VersionError) {
        guard let numbers = Self.numbers(of: Array(text.utf8)) else { throw .notAVersion(got: text) }
        self.numbers = numbers
        self.text = text
    }

    private static func numbers(of bytes: [UInt8]) -> [Int]? {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "v") || rest.first == UInt8(ascii: "V") { rest.removeFirst() }
        var numbers: [Int] = []
        repeat {
            guard let number = takeNumber(from: &rest) else { return nil }
            numbers.append(number)
        } while rest.popFirst(ifEqual: UInt8(ascii: "."))
        if let letter = rest.popFirst() {
            guard letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") else { return nil }
            if letter == UInt8(ascii: "p"), !rest.isEmpty {
                guard let patch = takeNumber(from: &rest) else { return nil }
                numbers.append(patch)
            } else {
                numbers.append(Int(letter - UInt8(ascii: "a")) + 1)
            }
        }
        return rest.isEmpty && numbers.count <= numberCountMax ? numbers : nil
    }

    private static func takeNumber(from rest: inout ArraySlice<UInt8>) -> Int? {
        var number = 0
        let start = rest.startIndex
        while let byte = rest.first, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
            guard number <= numberMax else { return nil }
            rest.removeFirst()
        }
        return rest.startIndex > start ? number : nil
    }
}

extension ArraySlice where Element: Equatable {
    fileprivate mutating func popFirst(ifEqual element: Element) -> Bool {
        guard first == element else { return false }
        removeFirst()
        return true
    }
}

extension Version: Comparable, Hashable {
    package static func == (left: Version, right: Version) -> Bool { left.numbers == right.numbers }
    package static func < (left: Version, right: Version) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(numbers) }
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
    case notARange(got: String)
    case emptyRange(got: String)

    package var description: String {
        switch self {
        case .notAVersion(let got): "\"\(got)\" is not a version; write \(Self.expectedVersion)"
        case .notARange(let got): "\"\(got)\" is not a range of versions; write \(Self.expectedRange)"
        case .emptyRange(let got): "no version is in the range \"\(got)\"; write \(Self.expectedRange)"
        }
    }

    static let expectedVersion = "numbers such as 15, 15.4, v1.29 or 9.2p1"
    static let expectedRange = "comparators that all hold, such as \">=14 <17\", \">8.8\", \"15\" or \"*\""
}
