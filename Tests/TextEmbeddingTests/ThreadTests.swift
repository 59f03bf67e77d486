import Dispatch
import LinearAlgebra
import Synchronization
import TestSupport
import Testing
import TextEmbedding

/// Several threads at work on one encoder, and who wants to stop them.
@Suite struct ThreadTests {
    private let texts = (0..<400).map { "server error \($0) login timeout port database connection" }

    private func encoder(_ precision: Precision = .int8, threadCount: Int = 2) throws -> TextEncoder {
        try TextEncoder(
            contentsOf: Fixtures.folder("tiny-bert-mean"), precision: precision,
            turns: EncoderTurns(threadCount: threadCount))
    }

    @Test(arguments: [1, 2, 5]) func everyPartIsDoneOnce(_ threadCount: Int) {
        Team.with(threadCount) { team in
            for count in [0, 1, 2, 3, 7, 64, 1000] {
                let done = (0..<count).map { _ in Counter() }
                team.share(count) { (part: Int) in done[part].count.add(1, ordering: .relaxed) }
                #expect(done.allSatisfy { $0.count.load(ordering: .relaxed) == 1 })
                for unit in [1, 16, 64] {
                    team.share(count, unit: unit) { (range: Range<Int>) in
                        #expect(range.lowerBound.isMultiple(of: unit) && range.upperBound <= count)
                        for index in range { done[index].count.add(1, ordering: .relaxed) }
                    }
                }
                #expect(done.allSatisfy { $0.count.load(ordering: .relaxed) == 4 })
            }
        }
    }

    private final class Counter: Sendable { let count = Atomic(0) }

    /// Sums of bytes are exact, so it shows in the last bit where a part is done twice, or read too early.
    @Test func aTeamsEmbeddingIsTheSameAsOneThreads() throws {
        let (alone, team) = (try encoder(threadCount: 1), try encoder(threadCount: 4))
        for text in texts {
            #expect(
                try team.embeddings(of: [text], as: .query) == alone.embeddings(of: [text], as: .query), "\(text)")
        }
    }

    @Test(arguments: Precision.allCases) func manyCallersGetTheirOwnEmbeddings(_ precision: Precision) throws {
        let encoder = try encoder(precision)
        let expected = try encoder.embeddings(of: texts, as: .document)
        DispatchQueue.concurrentPerform(iterations: 8) { caller in
            do {
                if caller.isMultiple(of: 2) {
                    let got = try encoder.embeddings(of: texts, as: .document)
                    #expect(zip(got.values, expected.values).allSatisfy { abs($0 - $1) < 1e-5 })
                } else {
                    for index in stride(from: caller, to: texts.count, by: 16) {
                        let got = try encoder.embeddings(of: [texts[index]], as: .query)
                        #expect(zip(got.values, expected[row: index]).allSatisfy { abs($0 - $1) < 1e-5 })
                    }
                }
            } catch {
                Issue.record(error)
            }
        }
    }

    @Test func whatIsCancelledStops() throws {
        let encoder = try encoder()
        let cancellation = Cancellation()
        let endless = Array(repeating: texts, count: 100).flatMap(\.self)
        DispatchQueue.global().async { cancellation.cancel() }
        #expect(throws: EncodingError.cancelled) {
            try encoder.embeddings(of: endless, as: .document, cancellation: cancellation)
        }
        #expect(throws: EncodingError.cancelled) {
            try encoder.embeddings(of: ["login"], as: .query, cancellation: cancellation)
        }
        #expect(try encoder.embeddings(of: ["login"], as: .query).rowCount == 1, "others go on")
    }

    @Test func queriesAreAnsweredWhileDocumentsAreEncoded() throws {
        let encoder = try encoder(threadCount: 1)
        let cancellation = Cancellation()
        let endless = Array(repeating: texts, count: 100).flatMap(\.self)
        let group = DispatchGroup()
        let wasCancelled = Mutex(false)
        DispatchQueue.global().async(group: group) {
            do {
                _ = try encoder.embeddings(of: endless, as: .document, cancellation: cancellation)
            } catch {
                wasCancelled.withLock { $0 = true }
            }
        }
        for _ in 0..<20 { _ = try encoder.embeddings(of: ["login"], as: .query) }
        cancellation.cancel()
        group.wait()
        #expect(wasCancelled.withLock { $0 }, "the documents were not done when twenty queries were")
    }
}
