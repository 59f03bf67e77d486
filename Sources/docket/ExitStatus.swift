import ArgumentParser
import Configuration
import Documents
import Endpoints
import Foundation
import IndexFiles
import Retrieval
import Storage
import TextEmbedding
import Tickets
import VectorSearch

/// The exit codes that scripts rely on.
enum ExitStatus: Int32, Error {
    case done = 0
    case nothingFound = 1
    case usage = 2
    case badInput = 3
    case environment = 4
    case checkFailed = 5
    case someInputsFailed = 6

    /// Says on standard error what happened, or prints the help that was asked for; returns the code to exit with.
    static func report(_ error: any Error) -> ExitStatus {
        if let status = error as? ExitStatus { return status }
        if let status = Self(of: error) {
            Console.complain("docket: \(error)")
            return status
        }
        let message = Docket.fullMessage(for: error)
        if Docket.exitCode(for: error) == .success {
            print(message)
            return Console.flush() ? .done : report(InputError.unwritable(path: "standard output", errno: errno))
        }
        let isUsage = Docket.exitCode(for: error) == .validationFailure
        Console.complain(isUsage ? message : "docket: \(plain(error))")
        return isUsage ? .usage : .environment
    }

    /// What the system says, with the file where it names one and what to do, without Foundation's wrapping.
    private static func plain(_ error: any Error) -> String {
        guard error is CocoaError || error is POSIXError else { return "\(error)" }
        let error = error as NSError
        let reason = error.systemCode.map { String(cString: strerror($0)) } ?? error.localizedDescription
        let path = error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path
        return [path, reason].compactMap(\.self).joined(separator: ": ")
            + "; look at permissions and free space there, or name another folder (--data, --indexes)"
    }

    private init?(of error: any Error) {
        switch error {
        case let error as StorageError:
            switch error {
            case .noTicket: self = .nothingFound
            case .ambiguousTicket: self = .usage
            case .duplicateDocument, .removedPage, .noPlaceForBackup: self = .badInput
            case .noDatabase, .notADatabase, .newerVersion, .unusable, .damaged, .busy, .noRevision, .corruptRecord:
                self = .environment
            }
        case let error as RetrievalError:
            switch error {
            case .noFolder, .badSet: self = .badInput
            case .noPage, .noGeneration: self = .nothingFound
            case .badVersion, .coversIngestedFolders: self = .usage
            case .cannotWatch, .nothingIngested, .otherModel, .unusableIndex, .ingestRunning, .noLock:
                self = .environment
            }
        case let error as PDFError:
            if case .noProgram = error { self = .environment } else { self = .badInput }
        case let error as EndpointError:
            switch error {
            case .badURL, .badKey, .badModel, .keyInTheClear: self = .usage
            case .unreachable, .timedOut, .refused, .textRefused, .tooLarge, .badAnswer:
                self = error.isAboutInput ? .badInput : .environment
            }
        case is TicketError, is DocumentError, is InputError, is VectorError: self = .badInput
        case is ConfigurationError: self = .usage
        case is ModelError, is RerankerError, is IndexFileError: self = .environment
        default: return nil
        }
    }
}

/// An input file that a command cannot use.
enum InputError: Error, CustomStringConvertible {
    case unreadable(path: String, errno: Int32 = ENOENT)
    case unwritable(path: String, errno: Int32)
    /// `got` is unknown of a pipe, which is read no further.
    case tooLarge(path: String, got: Int?, expected: Int)
    case longLine(path: String, line: Int, expected: Int)
    case notUTF8(path: String, line: Int)
    case badLine(path: String, line: Int, detail: String)
    case badNumpy(path: String, detail: String)
    /// `row`: from 0.
    case notFinite(path: String, row: Int)
    case otherDimension(path: String, got: Int, expected: Int)
    case badTicket(path: String, line: Int?, error: TicketError)
    case empty(path: String)
    case changed(path: String)

    var description: String {
        switch self {
        case .unreadable(let path, ENOENT): "\(path): there is no such file"
        case .unreadable(let path, let errno): "\(path): cannot be read: \(String(cString: strerror(errno)))"
        case .tooLarge(let path, let got, let expected):
            "\(path): has \(got.map { "\($0)" } ?? "too many") bytes, at most \(expected) are read; split it"
        case .unwritable(let path, ENOENT): "\(path): cannot be written: its folder does not exist; make it first"
        case .unwritable(let path, EWOULDBLOCK):
            "\(path): is being written by another process; wait for it to end, or name another file"
        case .unwritable(let path, let errno):
            "\(path): cannot be written: \(String(cString: strerror(errno))); look at permissions and free space there"
        case .longLine(let path, let line, let expected):
            "\(path):\(line): has more than \(expected) bytes; write one text a line"
        case .notUTF8(let path, let line): "\(path):\(line): is not UTF-8; convert the file first (iconv -t UTF-8)"
        case .badLine(let path, let line, let detail): "\(path):\(line): \(detail)"
        case .badNumpy(let path, let detail): "\(path): \(detail); write it with docket embed or numpy.save"
        case .notFinite(let path, let row):
            "\(path): row \(row) (from 0) has a component that is not a finite number; embed its text again"
        case .otherDimension(let path, let got, let expected):
            "\(path): has \(got) components a query, the vectors have \(expected); embed both with the same model"
        case .badTicket(let path, let line, let error): "\(path)\(line.map { ":\($0)" } ?? ""): \(error)"
        case .empty(let path): "\(path): holds nothing to work on"
        case .changed(let path): "\(path): was changed while it was read; run again"
        }
    }
}

/// Why a folder cannot order passages anew.
struct RerankerError: Error, CustomStringConvertible {
    let folder: URL
    let cause: ModelError

    var description: String {
        // What an embedding model's error advises is no remedy here.
        let reason = if case .unreadable(let error) = cause { "\(error)" } else { "\(cause)" }
        return
            "--reranker \(folder.path): no cross-encoder can be read there: \(reason); name the folder of a BERT model "
            + "for sequence classification with one label, or leave the re-ranker out"
    }
}
