import Foundation
import Retrieval
import Storage
import TestSupport
import Testing

/// Ingest and search without a model: the fit stands with the generation, and is made anew when much has changed.
@Suite struct LatentIngestTests {
    private static let none = Embedder.latent(.unfitted)
    private static let pageCount = 20

    private static func text(_ number: Int, _ words: String = "some common words") -> String {
        "# Page \(number)\n\n\(words) and subject\(number) alone"
    }

    private func handbook(_ count: Int = pageCount) throws -> Handbook {
        let handbook = try Handbook()
        for number in 0..<count { try handbook.write(Self.text(number), to: "p\(number).md") }
        return handbook
    }

    private func ingestedHandbook(_ count: Int = pageCount) throws -> Handbook {
        let handbook = try handbook(count)
        _ = try ingest(handbook)
        return handbook
    }

    private func ingest(
        _ handbook: Handbook, changingModel: Bool = false, _ report: @escaping (IngestProgress) -> Void = { _ in }
    ) throws -> IngestSummary {
        try handbook.ingest(embedder: Self.none, changingModel: changingModel, report: report)
    }

    @Test func whatIsServedAgainHasTheEmbeddingsOfItsFit() throws {
        let handbook = try ingestedHandbook()
        let before = try fingerprint(handbook)
        for number in 0..<Self.pageCount {
            try handbook.write(Self.text(number, "quite other things"), to: "p\(number).md")
        }
        _ = try ingest(handbook)
        #expect(try fingerprint(handbook) != before, "a new fit")
        try Ingester.rollBack(handbook.store, in: handbook.indexes)
        #expect(try fingerprint(handbook) == before && handbook.verified() == [])
    }

    private func searcher(_ handbook: Handbook) throws -> Searcher {
        try Searcher(store: handbook.store, embedder: Self.none, indexes: handbook.indexes)
    }

    private func fingerprint(_ handbook: Handbook) throws -> String {
        try #require(try handbook.store.servingGeneration()).fingerprint
    }

    private func modelFile(_ handbook: Handbook) throws -> URL {
        let folders = try FileManager.default.contentsOfDirectory(atPath: handbook.indexes.path)
        let name = try #require(folders.filter { $0.contains("-lsa-") }.max { $0.count < $1.count || $0 < $1 })
        return handbook.indexes.appending(path: name + "/lsa.docketindex")
    }

    private func best(_ searcher: Searcher, _ query: String) throws -> Passage? {
        try searcher.search(query, filters: Handbook.everyone, limit: 1).passages.first
    }

    @Test func pagesAreFoundByBothLanes() throws {
        let handbook = try handbook()
        let summary = try ingest(handbook)
        #expect((summary.chunks, summary.embedded, summary.generation) == (20, 20, 1))
        #expect(LatentEmbedder.isFingerprint(try fingerprint(handbook)))
        let passage = try #require(try best(searcher(handbook), "subject7"))
        #expect(passage.document.id == "p7" && passage.scores.dense > 0.5 && passage.scores.lexical > 0)
        #expect(try searcher(handbook).embedder.description.contains("latent semantic analysis of 20 texts"))
    }

    @Test func runningAgainChangesNothing() throws {
        let handbook = try ingestedHandbook()
        let before = try fingerprint(handbook)
        let summary = try ingest(handbook) { #expect($0 != .fitting) }
        #expect(!summary.hasBuilt && summary.unchanged == 20)
        #expect(try fingerprint(handbook) == before)
    }

    @Test func aFewChangesKeepTheFit() throws {
        let handbook = try ingestedHandbook()
        let before = try fingerprint(handbook)
        // One text gone and one new: two of twenty.
        try handbook.write(Self.text(3, "other words"), to: "p3.md")
        let summary = try ingest(handbook) { #expect($0 != .fitting) }
        #expect((summary.embedded, summary.reused, summary.generation) == (1, 19, 2))
        #expect(try fingerprint(handbook) == before)
        #expect(try best(searcher(handbook), "subject3")?.document.id == "p3")
    }

    @Test func manyChangesFitAnewAndEmbedEverything() throws {
        let handbook = try ingestedHandbook()
        let before = try fingerprint(handbook)
        for number in 20..<25 { try handbook.write(Self.text(number), to: "p\(number).md") }
        var isFitted = false
        let summary = try ingest(handbook) { if $0 == .fitting { isFitted = true } }
        #expect(isFitted && summary.embedded == 25 && summary.reused == 0)
        #expect(try fingerprint(handbook) != before)
        let kept = try Set(handbook.store.embeddedFingerprints())
        #expect(try kept == [before, fingerprint(handbook)], "the fit before can be served again")
        try handbook.write(Self.text(3, "other words"), to: "p3.md")
        _ = try ingest(handbook)
        #expect(try handbook.store.embeddedFingerprints() == [fingerprint(handbook)], "an old fit's vectors are gone")
    }

    /// Changes add up over ingests until they are a fifth: each counts from the fit, not from the last ingest.
    @Test func slowChangeIsChangeToo() throws {
        let handbook = try ingestedHandbook()
        let before = try fingerprint(handbook)
        for number in 20..<24 {
            try handbook.write(Self.text(number), to: "p\(number).md")
            _ = try ingest(handbook)
            #expect(try fingerprint(handbook) == before)
        }
        try handbook.write(Self.text(24), to: "p24.md")
        _ = try ingest(handbook)
        #expect(try fingerprint(handbook) != before)
    }

    @Test func theSamePagesGiveTheSameFitWhateverTheirHistory() throws {
        let (one, other) = (try handbook(), try handbook(10))
        _ = try ingest(one)
        _ = try ingest(other)
        for number in (10..<20).reversed() { try other.write(Self.text(number), to: "p\(number).md") }
        _ = try ingest(other)
        #expect(try fingerprint(one) == fingerprint(other))
    }

    @Test func anOpenSearchFollowsARefit() throws {
        let handbook = try ingestedHandbook()
        let opened = try searcher(handbook)
        let query = try opened.query("subject30 words")
        for number in 20..<40 { try handbook.write(Self.text(number), to: "p\(number).md") }
        _ = try ingest(handbook)
        let result = try opened.search(query, filters: Handbook.everyone, limit: 3)
        #expect(result.generation == 2 && result.passages.first?.document.id == "p30")
        let fresh = try searcher(handbook).search("subject30 words", filters: Handbook.everyone, limit: 3)
        #expect(result.passages == fresh.passages, "the query was embedded by the fit that it was compared with")
    }

    @Test func aModelsIndexNeverFallsBackAndGoesBackOnlyWhenAsked() throws {
        let handbook = try handbook()
        try handbook.ingest()
        let model = try fingerprint(handbook)
        let error = RetrievalError.otherModel(got: LatentEmbedder.unfitted.fingerprint, expected: model)
        #expect(throws: error) { try ingest(handbook) }
        #expect(throws: error) { try searcher(handbook) }
        #expect(error.description.contains("--model lsa") && error.description.contains("--change-model"))
        #expect(try ingest(handbook, changingModel: true).embedded == 20)
        #expect(try best(searcher(handbook), "subject7")?.document.id == "p7")
        let back = #expect(throws: RetrievalError.self) { try handbook.ingest() }
        #expect(back?.description.contains("built without a model") ?? false)
        #expect(throws: RetrievalError.self) { try handbook.searcher() }
        #expect(try handbook.ingest(changingModel: true).reused == 20, "the model's embeddings were kept")
    }

    @Test func anOpenSearchWithoutAModelNeverMeetsAModelsVectors() throws {
        let handbook = try ingestedHandbook()
        let opened = try searcher(handbook)
        try handbook.ingest(changingModel: true)
        #expect(throws: RetrievalError.self) { try best(opened, "subject7") }
    }

    @Test func anEmptyCollectionAndOneOfOneChunkAreServed() throws {
        let handbook = try handbook(0)
        _ = try ingest(handbook)
        try handbook.write("# Only\n\none page", to: "only.md")
        _ = try ingest(handbook)
        #expect(try best(searcher(handbook), "page")?.document.id == "only")
        try handbook.remove("only.md")
        _ = try ingest(handbook)
        #expect(try best(searcher(handbook), "page") == nil)
    }

    @Test func aQueryWithoutAKnownTermFindsNothing() throws {
        let handbook = try ingestedHandbook()
        #expect(try best(searcher(handbook), "zymurgy") == nil)
    }

    @Test(arguments: ["missing", "damaged", "halved", "of another fit"])
    func aLostModelFileIsNeverSearchedWithAndMadeAgain(damage: String) throws {
        let (handbook, other) = (try handbook(), try handbook(5))
        _ = try ingest(handbook)
        _ = try ingest(other)
        let before = try fingerprint(handbook)
        let file = try modelFile(handbook)
        var bytes = try Data(contentsOf: file)
        switch damage {
        case "missing": try FileManager.default.removeItem(at: file)
        case "damaged":
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
        case "halved": try bytes.prefix(bytes.count / 2).write(to: file)
        default: try Data(contentsOf: modelFile(other)).write(to: file)
        }
        let error = #expect(throws: RetrievalError.self) { try searcher(handbook) }
        guard case .unusableIndex = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        var reasons = 0
        let summary = try ingest(handbook) { if case .rebuilding = $0 { reasons += 1 } }
        #expect(reasons > 0 && summary.hasBuilt && summary.embedded == 0, "nothing changed, so the fit is the same")
        #expect(try fingerprint(handbook) == before)
        #expect(try best(searcher(handbook), "subject7")?.document.id == "p7")
    }

    @Test func aLostFileOfAnOldFitLeadsToANewOne() throws {
        let handbook = try ingestedHandbook()
        let before = try fingerprint(handbook)
        try handbook.write(Self.text(3, "other words"), to: "p3.md")
        _ = try ingest(handbook)
        try FileManager.default.removeItem(at: handbook.indexes)
        let summary = try ingest(handbook)
        #expect(summary.embedded == 20)
        #expect(try fingerprint(handbook) != before)
        #expect(try best(searcher(handbook), "subject3")?.document.id == "p3")
    }

    @Test func anIngestKilledAfterARefitIsTakenUp() throws {
        struct Killed: Error {}
        let handbook = try ingestedHandbook()
        for number in 20..<40 { try handbook.write(Self.text(number), to: "p\(number).md") }
        let indexes = handbook.indexes
        #expect(throws: (any Error).self) {
            try ingest(handbook) { progress in
                if progress == .embedding(done: 40, of: 40) { obstructSecondGeneration(in: indexes) }
            }
        }
        #expect(try best(searcher(handbook), "subject7")?.document.id == "p7", "the old generation serves")
        try FileManager.default.removeItem(at: #require(obstructSecondGeneration(in: indexes)))
        let summary = try ingest(handbook)
        #expect(summary.embedded == 0 && summary.reused == 40, "the same texts give the same fit")
    }
}
