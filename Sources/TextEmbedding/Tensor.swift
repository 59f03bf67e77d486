import IndexFiles

/// A model's weights as fp32, row-major: mapped from the file where it holds them so, converted otherwise.
struct Tensor: Sendable {
    let shape: [Int]
    private let storage: Storage

    private enum Storage {
        case mapped(MappedArray<Float>)
        case owned([Float])
    }

    /// - Precondition: `values` has as many elements as `shape` says.
    init(shape: [Int], values: [Float]) {
        precondition(values.count == shape.reduce(1, *))
        self.shape = shape
        storage = .owned(values)
    }

    /// - Precondition: `values` has as many elements as `shape` says.
    init(shape: [Int], mapped values: MappedArray<Float>) {
        precondition(values.count == shape.reduce(1, *))
        self.shape = shape
        storage = .mapped(values)
    }

    /// The tensors of equal row length laid one under the other.
    init(rowsOf tensors: [Tensor]) {
        let columnCounts = Set(tensors.map { $0.shape.last })
        precondition(columnCounts.count == 1, "stacked tensors have rows of one length")
        var values: [Float] = []
        values.reserveCapacity(tensors.reduce(0) { $0 + $1.shape.reduce(1, *) })
        for tensor in tensors { unsafe tensor.withUnsafeBufferPointer { unsafe values.append(contentsOf: $0) } }
        let rowCount = tensors.reduce(0) { $0 + ($1.shape.count == 2 ? $1.shape[0] : 1) }
        self.init(shape: [rowCount, values.count / rowCount], values: values)
    }

    /// A copy of the elements.
    var values: [Float] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }

    /// Calls `body` with the elements, valid for the call only.
    func withUnsafeBufferPointer<Result>(_ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        switch storage {
        case .mapped(let values): unsafe values.withUnsafeBufferPointer(body)
        case .owned(let values): unsafe values.withUnsafeBufferPointer(body)
        }
    }
}
