import CKernels

/// Which components of a rotated row have codes, of how many bits, and which stand together where the rest is bounded.
///
/// The components with codes come first, in multiples that the kernels take, so that there may be more of them than
/// components; those have code 0 and weight 0.
struct CoarseShape: Equatable {
    let dimension: Int
    /// The leading components, of four bits: a multiple of 8, and of 64 where there are others.
    let nibbleCount: Int
    /// The next ones, of two bits: a multiple of 16.
    let pairCount: Int

    static let groupSize = Int(docket_scan_group)
    static let errorCount = Int(docket_error_count)
    static let blockRowCount = Int(docket_block_rows)
    static let nibbleStep = 8
    static let pairStep = 16
    /// Bytes of a row in a line.
    static let lineByteCount = 4

    var codeCount: Int { nibbleCount + pairCount }
    var groupCount: Int { (codeCount + Self.groupSize - 1) / Self.groupSize }
    /// Bytes of the codes and errors of 32 rows.
    var blockByteCount: Int { docket_block_bytes(nibbleCount, pairCount) }

    func group(_ index: Int) -> Range<Int> {
        index * Self.groupSize..<min((index + 1) * Self.groupSize, codeCount)
    }

    /// Codes are 0 to this.
    func largestCode(ofGroup group: Int) -> Int { group * Self.groupSize < nibbleCount ? 15 : 3 }

    /// The code that stands for 0.
    func middleCode(ofGroup group: Int) -> Double { Double(largestCode(ofGroup: group)) / 2 }

    /// The components that a row's error byte is about: bounds of parts are tighter than one of the whole.
    func errorRange(_ index: Int) -> Range<Int> {
        let coded = min(codeCount, dimension)
        let edges = [0, coded / 2, coded / 2 + coded / 4, coded, dimension]
        return edges[index]..<edges[index + 1]
    }

    /// The line and the lowest bit of the codes of eight components, four of them and, in the bits above, four more.
    func position(ofEight first: Int) -> (line: Int, bit: Int, bitCount: Int) {
        guard first >= nibbleCount else { return (1 + first / Self.nibbleStep, 0, 4) }
        let (line, half) = (first - nibbleCount).quotientAndRemainder(dividingBy: Self.pairStep)
        return (1 + nibbleCount / Self.nibbleStep + line, half / 2, 2)
    }

    /// The first byte of a row in the first line of its block, which is that of the errors.
    func firstByte(at place: Int) -> Int {
        let (block, row) = place.quotientAndRemainder(dividingBy: Self.blockRowCount)
        return block * blockByteCount + row * Self.lineByteCount
    }
}

extension CoarseShape {
    /// Four bits up to this share of the energy, two bits until so small a share is left.
    private static let nibbleShareMin = 0.7
    private static let tailShareMax = 0.04

    /// The components with codes, for rows whose components have such energies, the largest first.
    init(energies: [Double]) {
        dimension = energies.count
        func count(ofShare share: Double, step: Int) -> Int {
            let wanted = share * energies.reduce(0, +)
            var (sum, count) = (0.0, 0)
            while count < energies.count && (count == 0 || sum < wanted) {
                sum += energies[count..<min(count + step, energies.count)].reduce(0, +)
                count += step
            }
            return count
        }
        let leading = count(ofShare: Self.nibbleShareMin, step: Self.groupSize)
        guard leading < energies.count else {
            nibbleCount = count(ofShare: 1 - Self.tailShareMax, step: Self.nibbleStep)
            pairCount = 0
            return
        }
        nibbleCount = leading
        let rest = max(0, count(ofShare: 1 - Self.tailShareMax, step: Self.pairStep) - leading)
        pairCount = (rest + Self.pairStep - 1) / Self.pairStep * Self.pairStep
    }

    /// Whether kernels take it.
    var isPlausible: Bool {
        let possible = 0..<dimension + Self.pairStep
        return nibbleCount > 0 && possible.contains(nibbleCount) && possible.contains(pairCount)
            && possible.contains(codeCount) && nibbleCount.isMultiple(of: Self.nibbleStep)
            && pairCount.isMultiple(of: Self.pairStep)
            && (pairCount == 0 || nibbleCount.isMultiple(of: Self.groupSize))
    }
}
