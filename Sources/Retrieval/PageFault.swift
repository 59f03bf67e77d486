import Foundation

/// Why a file or folder in an ingested folder is not read.
enum PageFault: Error, Equatable {
    case nameIsNotUTF8
    case danglingLink(to: String)
    case linkedFolder(to: String)
    case linkOutOfFolder(to: String)
    case notARegularFile
    case unreadable(errno: Int32)
}

extension PageFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .nameIsNotUTF8: "its name is not UTF-8; rename it"
        case .danglingLink(let target): "is a link to \(target), which is not there; mend or remove the link"
        case .linkedFolder(let target):
            """
            is a link to the folder \(target), and links to folders are not followed; name that folder to \
            `docket ingest`, or remove the link
            """
        case .linkOutOfFolder(let target):
            "leads out of the ingested folder, to \(target); put the page itself there, or remove the link"
        case .notARegularFile: "is not a regular file; put the page itself there, or remove it"
        case .unreadable(let errno): "cannot be read: \(String(cString: strerror(errno)))"
        }
    }
}
