import Foundation

/// Why segmented vectors cannot be written.
package enum SegmentError: Error, Equatable, CustomStringConvertible {
    case heldByAnother(path: String)
    case unlockable(path: String, errno: Int32)
    case otherModel(path: String, got: String, gotDimension: Int, expected: String, expectedDimension: Int)
    case tooManyRows(path: String, got: Int, expected: Int)

    package var description: String {
        switch self {
        case .heldByAnother(let path): "\(path): another process writes there; wait until it is done"
        case .unlockable(let path, let errno):
            "\(path): cannot be locked: \(unsafe String(cString: strerror(errno))); look at permissions there"
        case .otherModel(let path, let got, let gotDimension, let expected, let expectedDimension):
            "\(path): holds vectors of \(gotDimension) components by the model \(got), expected \(expectedDimension) by "
                + "\(expected); write them anew from the database"
        case .tooManyRows(let path, let got, let expected):
            "\(path): would number \(got) rows, more than \(expected); write them anew from the database"
        }
    }
}
