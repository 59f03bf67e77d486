/// The blocks of a page while it is read, with the quotes, lists and footnotes that are open around the next one.
struct PageBlocks {
    private enum Container {
        case quote, footnote
        case list(number: Int, start: Int?, itemCount: Int)
        case item
    }

    private(set) var blocks: [Block] = []
    private var containers: [Container] = []
    private var steps: [Step] = []
    private var listCount = 0
    private var footnoteDepth = 0
    private(set) var quoteDepth = 0

    var depth: Int { containers.count }
    /// Whether the innermost container is a list, which an item can be opened in.
    var isInList: Bool {
        if case .list = containers.last { return true }
        return false
    }
    var isInFootnote: Bool { footnoteDepth > 0 }

    mutating func openQuote() {
        quoteDepth += 1
        containers.append(.quote)
    }

    mutating func openFootnote() {
        footnoteDepth += 1
        containers.append(.footnote)
    }

    /// - Parameter start: the number of the first item; `nil` for bullets.
    mutating func openList(start: Int?) {
        listCount += 1
        containers.append(.list(number: listCount, start: start, itemCount: 0))
    }

    /// Opens the next item of the innermost list, which is the innermost container.
    ///
    /// - Parameter value: the number that it shows instead of the one that follows from the list's first.
    mutating func openItem(value: Int? = nil) {
        guard case .list(let list, let start, let count)? = containers.last else {
            preconditionFailure("an item stands in a list")
        }
        let item = count + 1
        containers[containers.count - 1] = .list(number: list, start: start, itemCount: item)
        let around = steps.last
        let number = start.map { value ?? $0.addingReportingOverflow(item - 1).partialValue }
        steps.append(
            Step(
                list: list, item: item, number: number, depth: (around?.depth ?? 0) + 1,
                outermostList: around?.outermostList ?? list, outermostItem: around?.outermostItem ?? item))
        containers.append(.item)
    }

    /// Closes the innermost container.
    mutating func close() {
        switch containers.removeLast() {
        case .quote: quoteDepth -= 1
        case .footnote: footnoteDepth -= 1
        case .item: steps.removeLast()
        case .list: break
        }
    }

    mutating func close(toDepth depth: Int) {
        while containers.count > depth { close() }
    }

    /// Adds a block that stands in the open containers; an empty one is left out.
    mutating func append(_ kind: Block.Kind, _ content: LeafContent?, anchor: String? = nil) {
        guard let content, !content.byteRange.isEmpty else { return }
        blocks.append(
            Block(
                kind: kind, byteRange: content.byteRange, text: content.text, markup: content.markup,
                alignment: content.alignment, codeSpans: content.codeSpans, step: steps.last, quoted: quoteDepth > 0,
                isTopLevel: containers.isEmpty, anchor: anchor))
    }

    /// Drops the blocks whose place says false.
    mutating func keep(_ isKept: [Bool]) {
        blocks = zip(blocks, isKept).filter(\.1).map(\.0)
    }

    /// Hands the blocks over without a copy.
    mutating func takeBlocks() -> [Block] {
        defer { blocks = [] }
        return blocks
    }

    /// Puts footnotes, which cmark moves to the end, where they are written, and cuts ranges that reach into the next leaf.
    mutating func settle(in bytes: [UInt8]) {
        let isInOrder = zip(blocks, blocks.dropFirst()).allSatisfy {
            $0.byteRange.lowerBound <= $1.byteRange.lowerBound
        }
        if !isInOrder { blocks.sort { $0.byteRange.lowerBound < $1.byteRange.lowerBound } }
        for index in blocks.indices.dropLast() {
            let (range, limit) = (blocks[index].byteRange, blocks[index + 1].byteRange.lowerBound)
            guard range.upperBound > limit else { continue }
            blocks[index].byteRange = (range.lowerBound..<max(range.lowerBound, limit)).trimmingEnd(in: bytes)
        }
    }
}
