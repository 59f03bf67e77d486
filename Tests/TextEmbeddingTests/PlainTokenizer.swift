import Foundation

/// BERT's tokenizer step by step, as its description reads: slow, and obviously right.
struct PlainTokenizer {
    /// By bytes: strings that differ only in the order of their marks are equal to Swift.
    private let ids: [[UInt8]: Int32]

    init(lines: [String]) {
        ids = Dictionary(lines.enumerated().map { (Array($1.utf8), Int32($0)) }, uniquingKeysWith: { $1 })
    }

    private func id(_ piece: String) -> Int32? { ids[Array(piece.utf8)] }

    func tokens(of text: String) -> [Int32] {
        [id("[CLS]")!] + words(of: text).flatMap(pieces) + [id("[SEP]")!]
    }

    /// The text cleaned and split.
    func words(of text: String) -> [String] {
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !Self.isControl(scalar) {
            let isApart = Self.isIdeograph(scalar)
            if isApart { cleaned.append(" ") }
            cleaned.append(scalar.properties.isWhitespace ? " " : scalar)
            if isApart { cleaned.append(" ") }
        }
        let stripped = String(cleaned).decomposedStringWithCanonicalMapping.unicodeScalars
            .filter { Self.category($0) != .nonspacingMark }
        let lowered = stripped.map(\.properties.lowercaseMapping).joined()
        var spaced = String.UnicodeScalarView()
        for scalar in lowered.unicodeScalars {
            spaced.append(contentsOf: Self.isPunctuation(scalar) ? [" ", scalar, " "] : [scalar])
        }
        return spaced.split { $0 == " " }.map { String(String.UnicodeScalarView($0)) }
    }

    private func pieces(of word: String) -> [Int32] {
        let scalars = Array(word.unicodeScalars)
        guard scalars.count <= 100 else { return [id("[UNK]")!] }
        var result: [Int32] = []
        var start = 0
        while start < scalars.count {
            var end = scalars.count
            var found: Int32?
            while end > start, found == nil {
                let piece = String(String.UnicodeScalarView(scalars[start..<end]))
                found = id(start == 0 ? piece : "##" + piece)
                if found == nil { end -= 1 }
            }
            guard let found else { return [id("[UNK]")!] }
            result.append(found)
            start = end
        }
        return result
    }

    private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        (scalar.properties.age?.major ?? 99) <= 8 ? scalar.properties.generalCategory : .unassigned
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "\u{FFFD}" { return true }
        if ["\t", "\n", "\r"].contains(scalar) { return false }
        return [.control, .format, .privateUse].contains(category(scalar))
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".unicodeScalars.contains(scalar) }
        return [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation,
        ].contains(category(scalar))
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        [
            0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F,
        ].contains { $0.contains(scalar.value) }
    }
}
