package import IndexFiles

/// What can be wrong with a model folder. Each case names the file and the field, tensor or token at fault.
package enum ModelError: Error, Equatable, Sendable {
    case unreadable(IndexFileError)
    case malformed(path: String, reason: String)
    case invalidField(path: String, field: String, got: String, expected: String)
    case unsupported(path: String, field: String, got: String, expected: [String])
    case truncated(path: String, field: String, got: Int, expected: Int)
    case missingTensor(path: String, tensor: String)
    case wrongShape(path: String, tensor: String, got: [Int], expected: [Int])
    case wrongType(path: String, tensor: String, got: String, expected: [String])
    case missingToken(path: String, token: String)
}

extension ModelError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error):
            """
            \(error); fetch the model (scripts/fetch-model), name a folder in the sentence-transformers layout (--model), \
            or start without a model (--model lsa)
            """
        case .malformed(let path, let reason): "\(path): is malformed: \(reason); fetch the model again"
        case .invalidField(let path, let field, let got, let expected):
            "\(path): \(field) is \(got), expected \(expected)"
        case .unsupported(let path, let field, let got, let expected):
            "\(path): \(field) is \"\(got)\", this program runs \(expected.joined(separator: ", "))"
        case .truncated(let path, let field, let got, let expected):
            "\(path): \(field) ends at byte \(expected), the file has \(got); fetch the model again"
        case .missingTensor(let path, let tensor): "\(path): tensor \"\(tensor)\" is missing"
        case .wrongShape(let path, let tensor, let got, let expected):
            "\(path): tensor \"\(tensor)\" has shape \(got), the configuration says \(expected)"
        case .wrongType(let path, let tensor, let got, let expected):
            "\(path): tensor \"\(tensor)\" holds \(got), this program reads \(expected.joined(separator: ", "))"
        case .missingToken(let path, let token): "\(path): token \"\(token)\" is missing from the vocabulary"
        }
    }
}
