import Foundation

/// Why a setting was refused.
package enum ConfigurationError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, errno: Int32)
    case tooLarge(path: String, expectedByteCountMax: Int)
    /// `line` is 1-based; `nil` where the whole file is meant.
    case invalidYAML(path: String, line: Int?, detail: String)
    case unknownSetting(path: String, setting: String, known: [String])
    case badValue(setting: String, got: String, expected: String)
    case unknownAudience(got: String, expected: [String])

    package var description: String {
        switch self {
        case .unreadable(let path, let errno): "\(path): cannot be read: \(String(cString: strerror(errno)))"
        case .tooLarge(let path, let expected): "\(path): has more than \(expected) bytes; it is no settings file"
        case .invalidYAML(let path, let line, let detail): "\(path)\(line.map { ":\($0)" } ?? ""): \(detail)"
        case .unknownSetting(let path, let setting, let known):
            "\(path): unknown setting \"\(setting)\"; known are \(known.joined(separator: ", "))"
        case .badValue(let setting, let got, let expected): "setting \(setting): got \"\(got)\", expected \(expected)"
        case .unknownAudience(let got, let expected):
            "audience \"\(got)\" is not one of \(expected.joined(separator: ", ")); add it to `audiences` in docket.yaml"
        }
    }
}
