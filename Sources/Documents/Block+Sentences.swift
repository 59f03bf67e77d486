/// A sentence of a block and where it stands.
package struct BlockSentence: Sendable, Equatable {
    /// With its code as Markdown marks it.
    package let text: String
    /// Half-open, into the file's bytes.
    package let byteRange: Range<Int>
}

extension Block {
    /// The sentences of prose, in order; together they cover the block, but for the white space between them.
    package var sentences: [BlockSentence] {
        let text = Array(text.utf8)
        var sentences: [BlockSentence] = []
        var spans = codeSpans[...]
        var start = 0
        var sourceStart = byteRange.lowerBound
        for cut in sentenceCuts(in: text) + [text.count] where cut > start {
            let next = text[cut...].firstIndex { !$0.isBlank } ?? text.count
            let place = place(ofCutAt: cut, next: next, from: sourceStart)
            let own = spans.prefix { $0.upperBound <= cut }
            spans = spans[own.endIndex...]
            sentences.append(
                BlockSentence(text: marked(text[start..<cut], codeSpans: own), byteRange: sourceStart..<place.end))
            sourceStart = place.nextStart
            start = next
        }
        return sentences
    }

    /// Where the block's text, which is given as its bytes, may be cut into sentences: not in code, and where the source is
    /// known.
    func sentenceCuts(in text: [UInt8]) -> [Int] {
        var spans = codeSpans[...]
        return sentenceEnds(in: text).filter { cut in
            while let span = spans.first, span.upperBound <= cut { spans.removeFirst() }
            let isInCode = spans.first.map { $0.lowerBound < cut } ?? false
            return !isInCode && alignment.sourceOffset(ofText: cut) != nil
        }
    }
}
