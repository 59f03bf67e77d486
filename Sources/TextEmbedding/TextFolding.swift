import Foundation
import Synchronization

/// Which of BERT's text-cleaning steps a tokenizer takes; the names are those of `tokenizer_config.json`.
package struct TextFolding: Sendable, Equatable {
    package var lowercases: Bool
    package var stripsAccents: Bool
    package var separatesIdeographs: Bool

    package init(lowercases: Bool = true, stripsAccents: Bool = true, separatesIdeographs: Bool = true) {
        self.lowercases = lowercases
        self.stripsAccents = stripsAccents
        self.separatesIdeographs = separatesIdeographs
    }
}

/// What a scalar of the source text becomes.
struct FoldedScalar: Sendable {
    enum Kind: Sendable {
        /// Ends a word and leaves nothing.
        case space
        /// Stands as a word of its own.
        case ideograph
        /// Joins the words around it, or is split at punctuation.
        case text
    }

    /// A scalar that remains, its UTF-8 and how it is ordered among combining marks.
    struct Part: Sendable {
        let bytes: [UInt8]
        let isPunctuation: Bool
        let combiningClass: UInt8
    }

    let kind: Kind
    let parts: [Part]
    /// A dropped scalar across which combining marks may not be reordered.
    let isBarrier: Bool

    static let space = FoldedScalar(kind: .space, parts: [], isBarrier: true)
    static let nothing = FoldedScalar(kind: .text, parts: [], isBarrier: false)
}

/// What scalars beyond ASCII fold to, remembered: a look-up costs a hundredth of the Unicode tables' answers.
final class FoldedScalars: Sendable {
    /// How many are kept; the scripts of a desk's documents use a few thousand. Others are folded anew each time.
    static let countMax = 16_384

    private let folding: TextFolding
    private let known = Mutex<[UInt32: FoldedScalar]>([:])

    init(folding: TextFolding) { self.folding = folding }

    /// All that is known so far, for a run to read without locking.
    func snapshot() -> [UInt32: FoldedScalar] { known.withLock { $0 } }

    /// Folds a scalar that a run's snapshot lacks, and keeps it in both.
    func fold(_ scalar: Unicode.Scalar, into snapshot: inout [UInt32: FoldedScalar]) -> FoldedScalar {
        let result = folding.fold(scalar)
        if snapshot.count < Self.countMax { snapshot[scalar.value] = result }
        return result
    }

    /// Keeps what a run has learned.
    func merge(_ snapshot: [UInt32: FoldedScalar]) {
        known.withLock { if $0.count < snapshot.count { $0 = snapshot } }
    }
}

extension TextFolding {
    /// Cleans one scalar as the reference does: control characters go, white space splits, ideographs stand alone, then
    /// canonical decomposition without nonspacing marks, then lower case.
    ///
    /// The reference is the `tokenizers` library's `BertNormalizer` and `BertPreTokenizer`, after
    /// <https://github.com/google-research/bert/blob/master/tokenization.py>.
    func fold(_ scalar: Unicode.Scalar) -> FoldedScalar {
        if scalar.value == 0xFFFD || scalar.isDropped { return .nothing }
        if scalar.properties.isWhitespace { return .space }
        let kind: FoldedScalar.Kind = separatesIdeographs && scalar.isIdeograph ? .ideograph : .text
        var scalars = stripsAccents ? scalar.canonicalDecomposition : [scalar]
        var isBarrier = false
        if stripsAccents {
            isBarrier = scalars.contains {
                $0.isNonspacingMark && $0.properties.canonicalCombiningClass == .notReordered
            }
            scalars.removeAll(where: \.isNonspacingMark)
        }
        if lowercases { scalars = scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) } }
        return FoldedScalar(kind: kind, parts: scalars.map(part), isBarrier: isBarrier)
    }

    private func part(_ scalar: Unicode.Scalar) -> FoldedScalar.Part {
        FoldedScalar.Part(
            bytes: Array(String(Character(scalar)).utf8), isPunctuation: scalar.isPunctuation,
            combiningClass: stripsAccents ? scalar.properties.canonicalCombiningClass.rawValue : 0)
    }
}

extension Unicode.Scalar {
    /// The scalar's category as of Unicode 8.0: the reference carries its tables from then and leaves scalars assigned
    /// since as they are.
    fileprivate var category: Unicode.GeneralCategory {
        guard let age = properties.age, age.major <= 8 else { return .unassigned }
        return properties.generalCategory
    }

    /// Control, format and private-use characters; tab and line ends count as white space, other ASCII controls do not.
    fileprivate var isDropped: Bool {
        switch self {
        case "\t", "\n", "\r": false
        default:
            switch category {
            case .control, .format, .privateUse, .surrogate: true
            default: false
            }
        }
    }

    fileprivate var isNonspacingMark: Bool { category == .nonspacingMark }

    /// ASCII's symbols count as punctuation with Unicode's category P.
    fileprivate var isPunctuation: Bool {
        if isASCII {
            switch value {
            case 33...47, 58...64, 91...96, 123...126: return true
            default: return false
            }
        }
        switch category {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    /// The blocks of CJK ideographs that the reference sets apart; Hangul and kana are not among them.
    fileprivate var isIdeograph: Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }

    fileprivate var canonicalDecomposition: [Unicode.Scalar] {
        // Nothing below À decomposes.
        value < 0xC0 ? [self] : Array(String(Character(self)).decomposedStringWithCanonicalMapping.unicodeScalars)
    }
}
