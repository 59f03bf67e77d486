import Foundation
import Yams

/// The mapping that a `docket.yaml` holds; an empty file holds none.
struct SettingsFile {
    /// Settings are a few lines.
    static let byteCountMax = 1 << 20

    let settings: [String: Any]
    private let text: String

    init(at file: URL) throws(ConfigurationError) {
        text = try Self.text(of: file)
        let yaml: Any?
        do {
            yaml = try Yams.load(yaml: text)
        } catch let error as YamlError {
            throw Self.invalid(file, error)
        } catch {
            throw .invalidYAML(path: file.path, line: nil, detail: "is not valid YAML")
        }
        // Nothing but comments, or a bare `---`.
        guard let yaml, !(yaml is NSNull) else {
            settings = [:]
            return
        }
        guard let settings = yaml as? [String: Any] else {
            throw .invalidYAML(path: file.path, line: nil, detail: "is not a mapping of settings, such as `threads: 2`")
        }
        self.settings = settings
    }

    /// Where a setting stands, from 1.
    func line(of setting: String) -> Int? {
        let mapping = try? Yams.compose(yaml: text)?.mapping
        return mapping?.first { $0.key.string == setting }?.key.mark.map { max($0.line, 1) }
    }

    /// The file may be a pipe.
    private static func text(of file: URL) throws(ConfigurationError) -> String {
        let descriptor = open(file.path, O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: file.path, errno: errno) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var bytes = Data()
        do {
            while bytes.count <= byteCountMax, let block = try handle.read(upToCount: byteCountMax), !block.isEmpty {
                bytes += block
            }
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            throw .unreadable(path: file.path, errno: cause.domain == NSPOSIXErrorDomain ? Int32(cause.code) : EIO)
        }
        guard bytes.count <= byteCountMax else {
            throw .tooLarge(path: file.path, expectedByteCountMax: byteCountMax)
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // A line break is no part of any other character, so that lines can be looked at alone.
        if let line = lines.firstIndex(where: { String(validating: $0, as: UTF8.self) == nil }) {
            throw .invalidYAML(path: file.path, line: line + 1, detail: "is not UTF-8; save the file as UTF-8")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func invalid(_ file: URL, _ error: YamlError) -> ConfigurationError {
        let (line, problem): (Int?, String?) =
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (max(mark.line, 1), problem)
            case .duplicatedKeysInMapping(let keys, let context):
                (max(context.mark.line, 1), "the key \"\(keys.first ?? "")\" occurs twice; keep one")
            case .reader(let problem, _, _, _): (nil, problem)
            default: (nil, nil)
            }
        return .invalidYAML(
            path: file.path, line: line, detail: "is not valid YAML" + (problem.map { ": " + $0 } ?? ""))
    }
}
