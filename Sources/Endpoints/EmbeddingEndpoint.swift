import Synchronization

/// A model behind an OpenAI-compatible `/embeddings`: texts in, vectors of length 1 out.
///
///     let endpoint = try EmbeddingEndpoint(at: EndpointURL("http://127.0.0.1:8080/v1"), model: "bge-m3")
///     let vectors = try endpoint.embeddings(of: ["How do I reset my password?"])  // [1][1024]
///
/// Calls block until the answers are there. Texts are sent in batches, several at once; a request that fails for a reason
/// that may pass is made again.
package final class EmbeddingEndpoint: Sendable {
    /// Of a model's name.
    static let modelByteCountMax = 512
    /// A text of fewer characters is not too long for any model: where the server does not take it, something else is
    /// wrong.
    static let cutCharacterCountMin = 200
    /// Of a text that the server does not take, in a message.
    static let beginningCharacterCountMax = 60
    /// Reasons that may pass (RFC 9110, 15.5.9, 15.6; RFC 6585, 4).
    static let passingStatuses: Set<Int> = [408, 429, 500, 502, 503, 504]
    /// What a server says to input that it does not take.
    static let inputStatuses: Set<Int> = [400, 413, 422]

    package let url: EndpointURL
    package let model: String
    private let key: APIKey?
    private let options: EndpointOptions
    private let clock: RetryClock
    private let http: OutboundHTTP
    private let target: String
    /// The length of every vector, from the first answer on.
    private let dimension: Mutex<Int?>

    /// Nothing is sent yet.
    ///
    /// - Throws: `EndpointError.keyInTheClear` for a key to another machine over plain HTTP.
    package init(
        at url: EndpointURL, model: String, key: APIKey? = nil, options: EndpointOptions = EndpointOptions(),
        clock: RetryClock = .system
    ) throws(EndpointError) {
        precondition(options.batchTextCountMax > 0 && options.attemptCountMax > 0 && options.requestCountMax > 0)
        guard key == nil || url.isEncrypted || url.isLoopback else { throw .keyInTheClear(url: url.description) }
        guard (1...Self.modelByteCountMax).contains(model.utf8.count), shown(model, countMax: .max / 8) == model else {
            throw .badModel(expectedByteCountMax: Self.modelByteCountMax)
        }
        self.url = url
        self.model = model
        self.key = key
        self.options = options
        self.clock = clock
        target = "\(url)/embeddings"
        http = OutboundHTTP(connectionCountMax: options.requestCountMax)
        dimension = Mutex(options.dimension)
    }

    /// The texts' vectors, in the order of the texts. Where one batch fails, all do.
    package func embeddings(of texts: [String]) throws(EndpointError) -> [[Float]] {
        let batches = batches(
            of: texts, textCountMax: options.batchTextCountMax, byteCountMax: options.batchByteCountMax)
        guard batches.count > 1 else { return try batches.first.map(vectors) ?? [] }
        return try inParallel(batches.count, threadCountMax: options.requestCountMax) {
            [self] index throws(EndpointError) in
            try vectors(of: batches[index])
        }.flatMap(\.self)
    }

    /// Halves a batch that the server does not take, down to the text that is at fault, and then that text.
    private func vectors(of batch: ArraySlice<String>) throws(EndpointError) -> [[Float]] {
        do throws(EndpointError) {
            return try answer(to: batch)
        } catch {
            guard case .refused(_, _, let status, let message) = error, Self.inputStatuses.contains(status),
                let text = batch.first
            else { throw error }
            guard batch.count > 1 else {
                // A model folder's encoder cuts what is too long, too.
                let half = text.prefix(text.count / 2)
                if half.count >= Self.cutCharacterCountMin { return try vectors(of: [String(half)]) }
                throw .textRefused(
                    url: url.description, beginning: shown(text, countMax: Self.beginningCharacterCountMax),
                    byteCount: text.utf8.count,
                    status: status, message: message)
            }
            let middle = batch.startIndex + batch.count / 2
            return try vectors(of: batch[..<middle]) + vectors(of: batch[middle...])
        }
    }

    /// Asks until there is an answer, a reason that does not pass, or no attempt left.
    private func answer(to batch: ArraySlice<String>) throws(EndpointError) -> [[Float]] {
        let request = EmbeddingRequest(model: model, input: Array(batch), dimensions: options.dimension).bytes
        var attempt = 1
        while true {
            switch try ask(request, attempt: attempt) {
            case .answered(let body): return try vectors(in: body, count: batch.count)
            case .passing(let error, let retryAfter):
                guard attempt < options.attemptCountMax else { throw error }
                clock.sleep(Backoff.seconds(afterAttempt: attempt, retryAfter: retryAfter, clock: clock))
                attempt += 1
            }
        }
    }

    private enum Outcome {
        case answered([UInt8])
        /// A failure that may not come again.
        case passing(EndpointError, retryAfter: String?)
    }

    private func ask(_ body: [UInt8], attempt: Int) throws(EndpointError) -> Outcome {
        let url = url.description
        var headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if let key { headers.append(("Authorization", key.authorization)) }
        let answer: OutboundHTTP.Answer
        do throws(OutboundHTTP.Failure) {
            answer = try http.post(body, to: target, headers: headers, seconds: options.requestSeconds)
        } catch {
            switch error {
            case .tooLarge: throw .tooLarge(url: url, expectedByteCountMax: OutboundHTTP.answerByteCountMax)
            case .timedOut:
                let error = EndpointError.timedOut(
                    url: url, attempts: attempt, expectedSeconds: options.requestSeconds)
                return .passing(error, retryAfter: nil)
            case .unreachable(let detail):
                return .passing(.unreachable(url: url, attempts: attempt, detail: detail), retryAfter: nil)
            }
        }
        guard answer.status != 200 else { return .answered(answer.body) }
        let error = EndpointError.refused(
            url: url, attempts: attempt, status: answer.status,
            message: ServerMessage(in: answer.body, hiding: key).text)
        guard Self.passingStatuses.contains(answer.status) else { throw error }
        return .passing(error, retryAfter: answer.retryAfter)
    }

    /// The answer's vectors; the first answer decides the length of all.
    private func vectors(in body: [UInt8], count: Int) throws(EndpointError) -> [[Float]] {
        do throws(EmbeddingAnswer.Fault) {
            let answer = try EmbeddingAnswer(body, textCount: count, dimension: dimension.withLock(\.self))
            let length = answer.vectors.first?.count ?? 0
            let first = dimension.withLock { dimension -> Int in
                if dimension == nil { dimension = length }
                return dimension ?? length
            }
            // Two first answers at once may disagree.
            guard first == length else {
                throw EmbeddingAnswer.Fault(got: "vectors of \(length) numbers", expected: "\(first)")
            }
            return answer.vectors
        } catch {
            throw .badAnswer(url: url.description, got: error.got, expected: error.expected)
        }
    }
}
