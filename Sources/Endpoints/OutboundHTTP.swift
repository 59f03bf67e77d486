import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// The way out to servers: requests that block their thread until the whole answer is there, within limits.
///
/// It follows no redirects, asks no proxy, keeps no cookies and repeats nothing by itself.
final class OutboundHTTP: Sendable {
    /// 32 vectors of 16,384 numbers as text are some 12 MB.
    static let answerByteCountMax = 32 << 20
    /// What a connection may take of a request's time.
    static let connectSecondsMax = 10.0

    struct Answer: Sendable {
        let status: Int
        let retryAfter: String?
        let body: [UInt8]
    }

    enum Failure: Error {
        case unreachable(detail: String)
        case timedOut
        case tooLarge
    }

    private let client: HTTPClient

    /// - Parameter connectionCountMax: connections kept to one server.
    init(connectionCountMax: Int) {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(Int64(Self.connectSecondsMax * 1e9))),
            proxy: nil, decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connectionCountMax
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    deinit { try? client.syncShutdown() }

    /// - Parameter seconds: until the last byte of the answer.
    func post(
        _ body: [UInt8], to url: String, headers: [(String, String)], seconds: Double
    ) throws(Failure) -> Answer {
        do {
            let request = try HTTPClient.Request(
                url: url, method: .POST, headers: HTTPHeaders(headers), body: .bytes(body))
            let accumulator = ResponseAccumulator(request: request, maxBodySize: Self.answerByteCountMax)
            let response = try client.execute(
                request: request, delegate: accumulator, deadline: .now() + .nanoseconds(Int64(seconds * 1e9))
            ).wait()
            return Answer(
                status: Int(response.status.code), retryAfter: response.headers.first(name: "Retry-After"),
                body: response.body.map { Array($0.readableBytesView) } ?? [])
        } catch {
            throw Failure(error)
        }
    }
}

extension OutboundHTTP.Failure {
    private static let timeouts: [HTTPClientError] = [
        .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout,
    ]
    private static let connectionTimeouts: [HTTPClientError] = [.connectTimeout, .tlsHandshakeTimeout]

    fileprivate init(_ error: any Error) {
        switch error {
        case is ResponseAccumulator.ResponseTooBigError: self = .tooLarge
        case let error as HTTPClientError where Self.timeouts.contains(error): self = .timedOut
        case let error as HTTPClientError where Self.connectionTimeouts.contains(error):
            self = .unreachable(detail: "no connection within \(Int(OutboundHTTP.connectSecondsMax)) seconds")
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            self = .unreachable(detail: "the server closed the connection")
        case let error as NIOConnectionError: self = .unreachable(detail: Self.detail(of: error))
        case let error as IOError: self = .unreachable(detail: String(cString: strerror(error.errnoCode)))
        default: self = .unreachable(detail: shown("\(error)", countMax: 200))
        }
    }

    /// What the system said to the last of the host's addresses.
    private static func detail(of error: NIOConnectionError) -> String {
        guard let last = error.connectionErrors.last?.error else { return "the host's name cannot be resolved" }
        guard let system = last as? IOError else { return shown("\(last)", countMax: 200) }
        return String(cString: strerror(system.errnoCode))
    }
}
