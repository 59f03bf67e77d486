import IndexFiles

/// Numbers of a model: mapped from a file that holds them as they are used, or made from what it holds.
enum WeightArray<Element: BitwiseCopyable & Sendable>: Sendable {
    case mapped(MappedArray<Element>)
    case owned([Element])

    var count: Int {
        switch self {
        case .mapped(let values): values.count
        case .owned(let values): values.count
        }
    }

    /// A copy of the elements.
    var values: [Element] { unsafe withUnsafeBufferPointer { unsafe Array($0) } }

    /// Calls `body` with the elements, valid for the call only.
    func withUnsafeBufferPointer<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
        switch self {
        case .mapped(let values): unsafe values.withUnsafeBufferPointer(body)
        case .owned(let values): unsafe values.withUnsafeBufferPointer(body)
        }
    }
}
