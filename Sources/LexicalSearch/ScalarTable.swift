import Foundation

/// What a Unicode scalar is to the word lane, in the spirit of UAX #29 (<https://unicode.org/reports/tr29/>).
enum ScalarKind: UInt8 {
    /// Ends a word.
    case separator
    /// Part of a word: letters, digits, and the vowel signs that a script writes as marks.
    case word
    /// A character of a script written without spaces, indexed in pairs.
    case unspaced
    /// Dropped without ending the word: accents, soft hyphens, joiners.
    case ignorable
    /// Joins two letters: `don’t`.
    case apostrophe
}

/// The kinds and foldings of the scalars beyond ASCII, computed once from the standard library's Unicode data.
///
/// Folding lower-cases, strips accents and takes compatibility forms apart: `É` → `e`, `ﬁ` → `fi`, `ß` → `ss`.
struct ScalarTable: Sendable {
    static let shared = ScalarTable()

    /// Kinds of the scalars below U+10000.
    private var kinds: [UInt8]
    /// For each scalar below U+10000 its folding: start in `foldedBytes` × 256 + byte count, or 0 for the scalar itself.
    private var foldings: [UInt32]
    private(set) var foldedBytes: [UInt8] = []

    private static let planeCount = 0x10000

    private init() {
        kinds = [UInt8](repeating: 0, count: Self.planeCount)
        foldings = [UInt32](repeating: 0, count: Self.planeCount)
        for value in 0x80..<Self.planeCount {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let kind = ScalarKind(scalar)
            kinds[value] = kind.rawValue
            if kind == .word, hasFolding(scalar) { setFolding(of: scalar) }
        }
    }

    func kind(of value: UInt32) -> ScalarKind {
        if Int(value) < kinds.count { return ScalarKind(rawValue: kinds[Int(value)]) ?? .separator }
        return Unicode.Scalar(value).map { ScalarKind($0) } ?? .separator
    }

    /// The range of `foldedBytes` that stands for the scalar; `nil` where it stands for itself.
    func folding(of value: UInt32) -> Range<Int>? {
        guard Int(value) < foldings.count, foldings[Int(value)] != 0 else { return nil }
        let start = Int(foldings[Int(value)] >> 8)
        return start..<start + Int(foldings[Int(value)] & 0xFF)
    }

    private mutating func setFolding(of scalar: Unicode.Scalar) {
        let folded = foldedText(of: scalar)
        guard !folded.isEmpty, folded != String(scalar) else { return }
        foldings[Int(scalar.value)] = UInt32(foldedBytes.count) << 8 | UInt32(folded.utf8.count)
        foldedBytes += Array(folded.utf8)
    }
}

/// Blocks where letters carry accents; beyond them a scalar is folded where case folding changes it.
private let accentedRanges: [ClosedRange<UInt32>] = [0x80...0x52F, 0x1E00...0x1FFF, 0x2070...0x218F]

private func hasFolding(_ scalar: Unicode.Scalar) -> Bool {
    accentedRanges.contains { $0.contains(scalar.value) } || scalar.properties.changesWhenNFKCCaseFolded
}

/// Letters that Unicode does not decompose, as they are written where the keyboard lacks them.
private let undecomposed: [Unicode.Scalar: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ς": "σ",
]

private func foldedText(of scalar: Unicode.Scalar) -> String {
    var folded = String.UnicodeScalarView()
    for part in String(scalar).lowercased().decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
        if let spelling = undecomposed[part] {
            folded.append(contentsOf: spelling.unicodeScalars)
        } else if part.isASCII ? part.properties.isAlphabetic || part.isDigit : ScalarKind(part) == .word {
            folded.append(part)
        }
    }
    return String(folded)
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension ScalarKind {
    init(_ scalar: Unicode.Scalar) {
        if apostrophes.contains(scalar) {
            self = .apostrophe
        } else if accentRanges.contains(where: { $0.contains(scalar.value) }) {
            self = .ignorable
        } else {
            let isUnspaced = unspacedRanges.contains { $0.contains(scalar.value) }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
                self = isUnspaced ? .unspaced : .word
            case .format: self = scalar == zeroWidthSpace ? .separator : .ignorable
            default: self = .separator
            }
        }
    }
}

private let apostrophes: Set<Unicode.Scalar> = ["\u{2019}", "\u{02BC}", "\u{FF07}"]
private let zeroWidthSpace: Unicode.Scalar = "\u{200B}"

/// Combining diacritics, Hebrew points, Arabic tatweel and vowel marks, variation selectors.
private let accentRanges: [ClosedRange<UInt32>] = [
    0x300...0x36F, 0x591...0x5C7, 0x640...0x640, 0x64B...0x65F, 0x670...0x670, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF,
    0x20D0...0x20FF, 0xFE00...0xFE0F, 0xFE20...0xFE2F, 0xE0100...0xE01EF,
]

/// Thai, Lao, Tibetan, Myanmar, Khmer, Hangul, kana, bopomofo and Han.
private let unspacedRanges: [ClosedRange<UInt32>] = [
    0xE00...0xEFF, 0xF00...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x2E80...0x2FDF, 0x3005...0x3007, 0x3040...0x31FF,
    0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xF900...0xFAFF, 0xFF66...0xFFDC,
    0x1AFF0...0x1B16F, 0x20000...0x323AF,
]
