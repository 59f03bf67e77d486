/// What a vector can be refused for.
package enum VectorError: Error, Equatable, CustomStringConvertible {
    case wrongDimension(got: Int, expected: Int)
    case notFinite(row: Int)

    package var description: String {
        switch self {
        case .wrongDimension(let got, let expected): "a vector has \(got) components, the index has \(expected)"
        case .notFinite(let row): "vector \(row) has a component that is not a finite number"
        }
    }
}
