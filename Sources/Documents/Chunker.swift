/// Cuts a page into chunks to search: each within one section, whole sentences, steps, code blocks and table rows.
///
/// Sections without any text but their heading give no chunk. The same page and options always give the same chunks.
package struct Chunker: Sendable {
    /// Raised whenever the same page would be cut otherwise, so that stored pages are cut anew.
    package static let version = 2

    package let options: ChunkerOptions

    package init(options: ChunkerOptions = ChunkerOptions()) {
        self.options = options
    }

    package func chunks(of document: Document) -> [Chunk] {
        var chunks: [Chunk] = []
        for section in document.sections {
            var reader = AtomReader(of: document.blocks, maximum: options.maximum)
            let body = section.level > 0 ? section.blocks.dropFirst() : section.blocks
            for index in body { reader.read(index) }
            var packer = ChunkPacker(options: options, blocks: document.blocks)
            packer.place(reader.atoms[...], level: .none)
            for (index, atoms) in packer.finish().enumerated() {
                chunks.append(chunk(atoms, of: section, in: document, isFirst: index == 0, ordinal: chunks.count))
            }
        }
        return chunks
    }

    private func chunk(
        _ atoms: [Atom], of section: Section, in document: Document, isFirst: Bool, ordinal: Int
    ) -> Chunk {
        let start = isFirst ? section.byteRange.lowerBound : atoms.first?.byteRange.lowerBound ?? 0
        let end = atoms.last?.byteRange.upperBound ?? start
        return Chunk(
            ordinal: ordinal, headingPath: section.headingPath, anchor: section.anchor,
            byteRange: start..<max(start, end), page: document.pageNumber(at: start), searchText: searchText(of: atoms))
    }

    private func searchText(of atoms: [Atom]) -> String {
        var text: [UInt8] = []
        var previous: Atom?
        for atom in atoms {
            if let previous {
                let isSameProse = atom.isProse && atom.block == previous.block
                // Sentences of a script without spaces touch each other.
                let isTouching = isSameProse && atom.text.startIndex == previous.text.endIndex
                if !isTouching { text.append(isSameProse ? 0x20 : 0x0A) }
            } else if let header = atom.header {
                text += header
                text.append(0x0A)
            }
            text += atom.text
            previous = atom
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Fills chunks with atoms in order, together what belongs together as far as a chunk can hold it.
struct ChunkPacker {
    let options: ChunkerOptions
    let blocks: [Block]
    private var finished: [[Atom]] = []
    private var current: [Atom] = []
    private var currentSize = 0

    init(options: ChunkerOptions, blocks: [Block]) {
        self.options = options
        self.blocks = blocks
    }

    mutating func finish() -> [[Atom]] {
        flush()
        return finished
    }

    /// Places atoms in units: cut before each atom whose bond is not firmer than `level`; a unit that no chunk can hold is cut
    /// at the next firmer bond, an atom that none can hold at its lines or words.
    mutating func place(_ atoms: ArraySlice<Atom>, level: Atom.Bond) {
        var start = atoms.startIndex
        while start < atoms.endIndex {
            let rest = atoms[(start + 1)...]
            let end = rest.firstIndex { $0.bond <= level } ?? atoms.endIndex
            let unit = atoms[start..<end]
            if size(of: unit) + unit[start].headerSize <= options.maximum {
                append(unit)
            } else if unit.count > 1 {
                place(unit, level: level == .none ? .step : .introduction)
            } else if unit[start].columns != nil {
                // A part of a row goes with no other: the header that its chunk begins with is that of its columns.
                for part in rowParts(of: unit[start]) {
                    flush()
                    append([part])
                }
                flush()
            } else {
                for fragment in fragments(of: unit[start]) { append([fragment]) }
            }
            start = end
        }
    }

    private func size(of atoms: ArraySlice<Atom>) -> Int { atoms.reduce(0) { $0 + $1.size } }

    private mutating func append(_ unit: ArraySlice<Atom>) {
        guard let first = unit.first else { return }
        let unitSize = size(of: unit)
        if !current.isEmpty, !takes(unitSize, bond: first.bond) { flush() }
        if current.isEmpty { currentSize = first.headerSize }
        current += unit
        currentSize += unitSize
    }

    private func takes(_ size: Int, bond: Atom.Bond) -> Bool {
        let total = currentSize + size
        if total <= options.target { return true }
        let isClose = bond == .introduction || currentSize < options.minimum || size < options.minimum
        return isClose && total <= options.maximum
    }

    private mutating func flush() {
        if !current.isEmpty { finished.append(current) }
        current = []
        currentSize = 0
    }

    /// The atom cut at line ends, else at spaces, else between scalars; the first part fits behind its introduction.
    private func fragments(of atom: Atom) -> [Atom] {
        let block = blocks[atom.block]
        let limit = options.maximum - atom.headerSize
        let room = options.maximum - currentSize
        var fragments: [Atom] = []
        var start = atom.text.startIndex
        var sourceStart = atom.byteRange.lowerBound
        while start < atom.text.endIndex {
            let isBehindIntroduction = fragments.isEmpty && atom.bond == .introduction && room >= options.minimum
            let cut = cut(
                atom.text[start...], limit: isBehindIntroduction ? min(room, limit) : limit, isProse: atom.isProse)
            var next = cut
            while next < atom.text.endIndex, atom.isProse ? atom.text[next].isBlank : atom.text[next] == 0x0A {
                next += 1
            }
            let isLast = next == atom.text.endIndex
            let place = block.place(ofCutAt: cut, next: next, from: sourceStart)
            let end = isLast ? atom.byteRange.upperBound : min(place.end, atom.byteRange.upperBound)
            fragments.append(
                Atom(
                    block: atom.block, text: atom.text[start..<cut], byteRange: sourceStart..<max(sourceStart, end),
                    bond: fragments.isEmpty ? atom.bond : .none, isProse: atom.isProse, header: atom.header))
            sourceStart = min(max(place.nextStart, end), atom.byteRange.upperBound)
            start = next
        }
        return fragments
    }

    /// The end of the longest beginning of a text that is not larger than `limit` and ends where it may be cut.
    func cut(_ text: ArraySlice<UInt8>, limit: Int, isProse: Bool) -> Int {
        var counter = PieceCounter()
        var (line, blank, scalar) = (text.startIndex, text.startIndex, text.startIndex)
        for index in text.indices {
            if text[index] & 0xC0 != 0x80 { scalar = index }
            if text[index] == 0x0A { line = index }
            if text[index].isBlank { blank = index }
            counter.add(text[index])
            guard counter.count > limit else { continue }
            if !isProse, line > text.startIndex { return line }
            if blank > text.startIndex { return blank }
            return max(scalar, text.startIndex + 1)
        }
        return text.endIndex
    }
}
