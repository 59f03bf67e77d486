/// What the chunker would rather not cut: a sentence, a code block, a table's row.
struct Atom {
    /// How firmly an atom holds on to the one before it.
    enum Bond: Int, Comparable {
        /// A new thought.
        case none
        /// In the same step of a list.
        case step
        /// What the sentence before it introduces: code, a table, the first item of a list; and a table's first row.
        case introduction

        static func < (left: Bond, right: Bond) -> Bool { left.rawValue < right.rawValue }
    }

    /// The section's block that it is part of.
    let block: Int
    /// A slice of the block's text, indexed as there.
    let text: ArraySlice<UInt8>
    let byteRange: Range<Int>
    let bond: Bond
    /// Whether a space or a line feed stands before it where it follows an atom of its block.
    let isProse: Bool
    /// A table row's header, to be repeated where a chunk begins with the row.
    let header: ArraySlice<UInt8>?
    /// The whole header of a row that no chunk can hold, whose parts repeat the cells of their columns.
    let columns: ArraySlice<UInt8>?
    let size: Int
    let headerSize: Int

    init(
        block: Int, text: ArraySlice<UInt8>, byteRange: Range<Int>, bond: Bond, isProse: Bool,
        header: ArraySlice<UInt8>? = nil, columns: ArraySlice<UInt8>? = nil
    ) {
        self.block = block
        self.text = text
        self.byteRange = byteRange
        self.bond = bond
        self.isProse = isProse
        self.header = header
        self.columns = columns
        size = pieceCountEstimate(of: text)
        headerSize = header.map(pieceCountEstimate) ?? 0
    }
}
