import IndexFiles

/// A model's weights as fp32, row-major: mapped from the file where it holds them so, converted otherwise.
struct Tensor: Sendable {
    let shape: [Int]
    private let array: WeightArray<Float>

    /// - Precondition: `values` has as many elements as `shape` says.
    init(shape: [Int], values: [Float]) { self.init(shape: shape, .owned(values)) }

    /// - Precondition: `values` has as many elements as `shape` says.
    init(shape: [Int], mapped values: MappedArray<Float>) { self.init(shape: shape, .mapped(values)) }

    private init(shape: [Int], _ array: WeightArray<Float>) {
        precondition(array.count == shape.reduce(1, *))
        self.shape = shape
        self.array = array
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
    var values: [Float] { array.values }

    /// Calls `body` with the elements, valid for the call only.
    func withUnsafeBufferPointer<Result>(_ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        unsafe array.withUnsafeBufferPointer(body)
    }
}
