import Foundation

/// A folder for what a command needs only while it runs: gone when it ends, and when it is interrupted.
final class WorkFolder {
    let url: URL
    private let interruptions: [any DispatchSourceSignal]

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "docket-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        self.url = url
        interruptions = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                try? FileManager.default.removeItem(at: url)
                // The program ends as it would have.
                signal(number, SIG_DFL)
                kill(getpid(), number)
            }
            source.activate()
            return source
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
