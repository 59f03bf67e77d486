import Dispatch
import Foundation
import Retrieval
import Storage

/// `docket ingest --watch`: one ingest after another, as the pages change, until the process is told to end.
struct WatchRun {
    let store: Store
    let ingester: Ingester
    let roots: [URL]
    let stop: StopSignals
    /// Prints what an ingest did.
    let show: (IngestSummary) -> Void

    /// Between two looks for another ingest's end.
    private static let lockMilliseconds = 200
    /// After an ingest that failed as a whole, as on a full disk.
    private static let retryMilliseconds = 5_000

    /// The first ingest's error ends it, as it would end an ingest by itself; later ones are reported, and the ingest is
    /// tried again.
    func run(changingModel: Bool, rereading: Bool) throws {
        // What is gone already is reported by the ingest, and watched for; what is not known is its error.
        let watch = try FolderWatch(of: roots.isEmpty ? try knownStarts() : roots)
        guard try ingest(roots, changingModel: changingModel, rereading: rereading) else { return }
        Console.complain("docket: watching \(watch.folderCount) folders; Ctrl-C or SIGTERM ends it")
        var hasFailed = false
        while try watch.wait(stop: stop.descriptor, atMost: hasFailed ? Self.retryMilliseconds : nil) == .changed {
            do {
                let roots = try laterRoots()
                guard try roots.map({ try ingest($0) }) ?? true else { return }
                hasFailed = false
            } catch {
                _ = ExitStatus.report(error)
                hasFailed = true
            }
        }
    }

    private func knownStarts() throws -> [URL] {
        try store.namedParts().map { part in
            let root = URL(filePath: part.source)
            return part.scope.isEmpty ? root : root.appending(path: part.scope)
        }
    }

    /// What the runs behind the first read; `nil` where all that was named was removed since. A page or a folder that is named
    /// comes back where it was removed by name: that is for whoever starts this to say, once. And a folder that is gone would
    /// be an error by its name; as one that is known, it is reported, and its pages stay.
    private func laterRoots() throws -> [URL]? {
        let named = try Ingester.stillNamed(roots, in: store)
        guard !named.isEmpty || roots.isEmpty else { return nil }
        let arePresentFolders = named.allSatisfy { root in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) && isFolder.boolValue
        }
        return arePresentFolders ? named : []
    }

    /// Ingests as soon as no other ingest runs.
    ///
    /// - Returns: whether to go on.
    private func ingest(_ roots: [URL], changingModel: Bool = false, rereading: Bool = false) throws -> Bool {
        var hasSaid = false
        while true {
            do {
                show(try ingester.ingest(roots, changingModel: changingModel, readsAll: rereading))
                return true
            } catch RetrievalError.ingestRunning(let lock) {
                if !hasSaid { Console.complain("docket: \(lock): another ingest is running; waiting for its end") }
                hasSaid = true
                if stop.wait(milliseconds: Self.lockMilliseconds) { return false }
            }
        }
    }
}

/// SIGINT and SIGTERM as something that can be waited for.
final class StopSignals {
    /// Can be read once a signal has come.
    let descriptor: Int32
    private let sources: [any DispatchSourceSignal]

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        descriptor = ends[0]
        let input = ends[1]
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { _ = write(input, "x", 1) }
            source.resume()
            return source
        }
    }

    /// Whether the process was told to end.
    var haveCome: Bool { wait(milliseconds: 0) }

    /// Waits for so long at most; whether the process was told to end.
    func wait(milliseconds: Int) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, Int32(milliseconds)) > 0
    }
}
