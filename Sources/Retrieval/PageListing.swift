import Documents
import Foundation

/// What a walk through the files of a source found. Hidden files and folders are passed over, and so are files of other
/// formats, save one that was named itself.
struct PageListing {
    /// Paths of pages relative to the source's root, sorted.
    private(set) var pages: [String] = []
    /// What could not be looked into: what stands there, or below it, is not known to be gone.
    private(set) var unreadable: [(path: String, reason: String)] = []
    /// What is there and is no page, though it may have been meant as one.
    private(set) var refused: [(path: String, reason: String)] = []

    /// Everything that is to be reported.
    var failures: [(path: String, reason: String)] { (unreadable + refused).sorted { $0.path < $1.path } }

    private static let goneMessage =
        "the folder is gone, and its pages are still served; bring it back, or make it anew, empty, to remove them"

    init(of source: PageSource) {
        guard FileManager.default.fileExists(atPath: source.root.path) else {
            unreadable.append(("", Self.goneMessage))
            return
        }
        // The root itself may have become a link: whoever named it answers for where it leads.
        switch source.scope.isEmpty ? .folder : FolderEntries.kind(ofFileAt: source.start.path) {
        case .folder: walk(source)
        case .file: if source.isPresent { add(source.scope, of: source) }
        case .link: addLink(source.scope, of: source)
        }
        pages.sort()
    }

    private mutating func walk(_ source: PageSource) {
        var folders = [source.scope]
        while let folder = folders.popLast() {
            do throws(PageFault) {
                let below = folder.isEmpty ? "" : folder + "/"
                for entry in try FolderEntries(of: source.resolved(folder)).entries where !entry.isHidden {
                    let path = below + entry.name
                    guard entry.isUTF8 else {
                        if entry.kind == .folder || isPage(entry.name) { refuse(path, .nameIsNotUTF8) }
                        continue
                    }
                    switch entry.kind {
                    case .folder: folders.append(path)
                    case .file: if isPage(path) { pages.append(path) }
                    case .link: addLink(path, of: source)
                    }
                }
            } catch .linkOutOfFolder(let target) {
                refuse(folder, .linkOutOfFolder(to: target))
            } catch {
                unreadable.append((folder, "\(error)"))
            }
        }
    }

    /// A file, which may stand behind linked folders.
    private mutating func add(_ path: String, of source: PageSource) {
        do throws(PageFault) {
            _ = try source.resolved(path)
            pages.append(path)
        } catch {
            refuse(path, error)
        }
    }

    /// A link is a page by its own name, and any link may have been meant to lead to a folder of pages.
    private mutating func addLink(_ path: String, of source: PageSource) {
        let link = source.root.appending(path: path).path
        var status = stat()
        guard stat(link, &status) == 0 else {
            let cause = errno
            let hasExtension = !(path as NSString).pathExtension.isEmpty
            if isPage(path) || !hasExtension {
                let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? "a file"
                refuse(path, cause == EACCES ? .unreadable(errno: cause) : .danglingLink(to: target))
            }
            return
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? "elsewhere"
            refuse(path, .linkedFolder(to: target))
        } else if isPage(path) || path == source.scope {
            add(path, of: source)
        }
    }

    private mutating func refuse(_ path: String, _ fault: PageFault) { refused.append((path, "\(fault)")) }

    private func isPage(_ path: String) -> Bool { (try? DocumentFormat(ofPath: path)) != nil }
}
