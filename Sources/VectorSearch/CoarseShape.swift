import CKernels

/// Which components of a rotated row have codes, and which stand together where the rest is bounded.
///
/// The components with codes come first, as many as `codeCount`, a multiple of eight, so that there may be more of them
/// than components; those have code 8 and weight 0.
struct CoarseShape: Equatable {
    let dimension: Int
    let codeCount: Int

    static let groupSize = Int(docket_scan_group)
    static let errorCount = Int(docket_error_count)
    static let blockRowCount = Int(docket_block_rows)
    /// Components of a line of codes.
    static let codeStep = 8
    /// Bytes of a row in a line.
    static let lineByteCount = 4

    var groupCount: Int { (codeCount + Self.groupSize - 1) / Self.groupSize }
    /// Bytes of the codes and errors of 32 rows.
    var blockByteCount: Int { (1 + codeCount / Self.codeStep) * Self.blockRowCount * Self.lineByteCount }

    func group(_ index: Int) -> Range<Int> {
        index * Self.groupSize..<min((index + 1) * Self.groupSize, codeCount)
    }

    /// The components that a row's error byte is about: two halves of those with codes, whose codes are not exact, and a
    /// third and two thirds of those without. Bounds of parts are tighter than one of the whole.
    func errorRange(_ index: Int) -> Range<Int> {
        let coded = min(codeCount, dimension)
        let edges = [0, coded / 2, coded, coded + (dimension - coded) / 3, dimension]
        return edges[index]..<edges[index + 1]
    }
}
