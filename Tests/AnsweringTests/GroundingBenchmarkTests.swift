import Answering
import Foundation
import Testing

private let evaluationData = ProcessInfo.processInfo.environment["DOCKET_EVAL_DATA"] ?? ""

/// Claims about whole documents, which nobody wrote for the checker.
struct GroundingBenchmarkTests {
    @Test(.enabled(if: !evaluationData.isEmpty, "DOCKET_EVAL_DATA names no folder of evaluation sets"))
    func claimsOfASetAreJudgedByTheWeightsOfTheOthers() throws {
        let file = URL(filePath: evaluationData).appending(path: "grounding/summedits-dev.jsonl")
        let claims = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            .map { try JSONDecoder().decode(GroundingClaim.self, from: Data($0.utf8)) }
        let rows = try GroundingBenchmark().rows(claims)
        #expect(rows.map(\.set) == ["news", "podcast", "qmsumm", "samsum"])
        #expect(rows.map(\.count).reduce(0, +) == claims.count)
        #expect(rows.map(\.balancedAccuracy).reduce(0, +) / Double(rows.count) >= 0.62)
    }

    @Test func factsAndDenialsTellClaimsApart() throws {
        let documents = [
            "Anna opened the shop in 1998. The shop never closed. It sells bread.",
            "Otto wrote 12 letters to his aunt. She did not answer. He went to Rome.",
        ]
        let claims = [
            (0, "Anna opened the shop in 1998.", 1), (0, "Maria opened the shop in 1998.", 0),
            (0, "The shop never closed.", 1), (0, "Anna opened the shop in 1989.", 0),
            (1, "Otto wrote 12 letters.", 1), (1, "Otto wrote 13 letters.", 0), (1, "He went to Rome.", 1),
            (1, "He went to Paris.", 0),
        ].map { GroundingClaim(set: "\($0)", context: documents[$0], claim: $1, label: $2) }
        let rows = try GroundingBenchmark().rows(claims)
        #expect(rows.map(\.balancedAccuracy) == [1, 1])
    }

    @Test func noClaimsGiveNoRows() throws {
        #expect(try GroundingBenchmark().rows([]).isEmpty)
    }
}
