/// Cuts blocks into atoms.
struct AtomReader {
    /// A header takes one such part of a chunk at most: of a longer one the first cells are repeated.
    static let headerShare = 3

    let maximum: Int
    private(set) var atoms: [Atom] = []
    private let blocks: [Block]
    private var previous: Int?

    init(of blocks: [Block], maximum: Int) {
        self.blocks = blocks
        self.maximum = maximum
    }

    mutating func read(_ index: Int) {
        let block = blocks[index]
        let text = Array(block.text.utf8)
        guard !text.allSatisfy(\.isBlank) else { return }
        let bond = bond(of: block)
        switch block.kind {
        case .table: readRows(of: block, text, index: index, bond: bond)
        case .code, .html:
            atoms.append(Atom(block: index, text: text[...], byteRange: block.byteRange, bond: bond, isProse: false))
        case .heading, .paragraph, .footnote: readSentences(of: block, text, index: index, bond: bond)
        }
        previous = index
    }

    private func bond(of block: Block) -> Atom.Bond {
        guard let index = previous else { return .none }
        let previous = blocks[index]
        let isSameStep =
            block.step != nil && block.step?.outermostList == previous.step?.outermostList
            && block.step?.outermostItem == previous.step?.outermostItem
        if isIntroduced(block, by: previous) { return .introduction }
        return isSameStep ? .step : .none
    }

    /// Code always belongs to the sentence before it; tables and lists where that sentence ends with a colon.
    private func isIntroduced(_ block: Block, by previous: Block) -> Bool {
        let isSentence = previous.kind == .paragraph || previous.kind == .footnote
        switch block.kind {
        case .code: return isSentence
        case .table: return isSentence && previous.text.utf8.last == UInt8(ascii: ":")
        default:
            return isSentence && block.step?.item == 1 && previous.step != block.step
                && previous.text.utf8.last == UInt8(ascii: ":")
        }
    }

    private mutating func readSentences(of block: Block, _ text: [UInt8], index: Int, bond: Atom.Bond) {
        let inner: Atom.Bond = block.step == nil ? .none : .step
        cut(block, text, at: block.sentenceCuts(in: text)) { range, byteRange in
            Atom(
                block: index, text: text[range], byteRange: byteRange, bond: range.lowerBound == 0 ? bond : inner,
                isProse: true)
        }
    }

    private mutating func readRows(of block: Block, _ text: [UInt8], index: Int, bond: Atom.Bond) {
        let cuts = text.indices.filter { text[$0] == 0x0A }
        let header = text[..<(cuts.first ?? text.count)]
        let maximum = maximum
        cut(block, text, at: cuts) { range, byteRange in
            let isHeader = range.lowerBound == 0
            // A row is not cut for the sake of its header.
            let size = pieceCountEstimate(of: text[range])
            let room = size > maximum ? 0 : min(maximum / Self.headerShare, maximum - size)
            return Atom(
                block: index, text: text[range], byteRange: byteRange,
                bond: isHeader
                    ? bond : range.lowerBound == header.count + 1 ? .introduction : block.step == nil ? .none : .step,
                isProse: false, header: isHeader ? nil : TableCells.beginning(of: header, size: room),
                columns: isHeader || size <= maximum ? nil : header)
        }
    }

    /// Cuts the block's text at offsets of white space, or right behind a sentence without any.
    private mutating func cut(
        _ block: Block, _ text: [UInt8], at cuts: [Int], into atom: (Range<Int>, Range<Int>) -> Atom
    ) {
        var start = 0
        var sourceStart = block.byteRange.lowerBound
        for cut in cuts + [text.count] where cut > start {
            let next = text[cut...].firstIndex { !$0.isBlank } ?? text.count
            let place = block.place(ofCutAt: cut, next: next, from: sourceStart)
            if !text[start..<cut].allSatisfy(\.isBlank) {
                atoms.append(atom(start..<cut, sourceStart..<place.end))
                sourceStart = place.nextStart
                start = next
            }
        }
    }
}

extension Block {
    /// Where in the source a piece of the text ends that is cut at `offset`, and where the next begins, at `next` in the text.
    func place(ofCutAt offset: Int, next: Int, from start: Int) -> (end: Int, nextStart: Int) {
        guard next < text.utf8.count else { return (byteRange.upperBound, byteRange.upperBound) }
        let end = max(start, alignment.sourceOffset(atOrBeforeText: offset) ?? start)
        return (end, max(end, alignment.sourceStart(ofText: next) ?? end))
    }
}
