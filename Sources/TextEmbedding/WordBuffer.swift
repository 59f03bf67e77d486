/// The word being read: its folded UTF-8 and its length in scalars.
///
/// A word longer than `scalarCountMax` is unknown whatever it says, so no more of it is kept: time and memory stay bounded
/// on hostile input.
struct WordBuffer {
    /// The reference's `max_input_chars_per_word`.
    static let scalarCountMax = 100

    private(set) var bytes: [UInt8] = []
    private(set) var scalarCount = 0
    /// The combining marks at the word's end, in canonical order: class and offset.
    private var marks: [(combiningClass: UInt8, offset: Int)] = []

    init() { bytes.reserveCapacity(4 * (Self.scalarCountMax + 1)) }

    var isEmpty: Bool { scalarCount == 0 }
    var isTooLong: Bool { scalarCount > Self.scalarCountMax }

    @inline(__always)
    mutating func append(ascii byte: UInt8) {
        if scalarCount <= Self.scalarCountMax {
            bytes.append(byte)
            scalarCount &+= 1
        }
        if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
    }

    mutating func append(_ part: FoldedScalar.Part) {
        if part.combiningClass == 0 { marks.removeAll(keepingCapacity: true) }
        guard !isTooLong else { return }
        scalarCount += 1
        guard part.combiningClass > 0 else {
            bytes += part.bytes
            return
        }
        insertMark(part)
    }

    /// Marks of a higher class stand behind those of a lower one: Unicode Standard Annex 15, canonical ordering.
    private mutating func insertMark(_ part: FoldedScalar.Part) {
        let place = marks.firstIndex { $0.combiningClass > part.combiningClass } ?? marks.count
        let offset = place < marks.count ? marks[place].offset : bytes.count
        bytes.insert(contentsOf: part.bytes, at: offset)
        for later in place..<marks.count { marks[later].offset += part.bytes.count }
        marks.insert((part.combiningClass, offset), at: place)
    }

    /// Keeps the marks so far from being reordered with those that follow.
    mutating func fixMarks() { marks.removeAll(keepingCapacity: true) }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        marks.removeAll(keepingCapacity: true)
        scalarCount = 0
    }
}
