import Foundation
import TestSupport
import Testing

/// What only a model with meaning can do, on a few pages of the handbook.
@Suite(.enabled(if: Repository.hasModel, "needs models/all-MiniLM-L6-v2: scripts/fetch-model"))
struct MeaningTests {
    private static let pages = [
        "postgresql/too-many-connections.md", "linux-storage/no-space-left-on-device.md", "tls/certificate-expired.md",
        "git/detached-head.md",
    ]

    private func desk() throws -> Desk {
        let desk = try Desk()
        for path in Self.pages {
            let text = try String(contentsOf: Repository.root.appending(path: "corpus/docs/" + path), encoding: .utf8)
            try desk.folder.write(text, to: "docs/" + path)
        }
        #expect(try desk.docket("ingest", "docs", model: Repository.model).status == 0)
        return desk
    }

    @Test func aQuestionInOtherWordsFindsItsPage() throws {
        let desk = try desk()
        for (question, path) in [
            ("the browser warns that the site is no longer valid since this morning", "certificate-expired"),
            ("the volume is full and no file can be written", "no-space-left"),
            ("all database sessions are taken", "too-many-connections"),
            ("I am not on any branch any more", "detached-head"),
        ] {
            let passages = try desk.docket("search", "--json", question, model: Repository.model).json().objects(
                "passages")
            #expect(try passages[0].string("document").contains(path), "\(question)")
        }
    }

    @Test func aTicketOfTheHandbookIsAnsweredFromItsPageAndAStrangeOneIsRefused() throws {
        let desk = try desk()
        let file = Repository.root.appending(path: "corpus/tickets/dev/001.json").path
        let answer = try desk.docket("resolve", "--json", "--file", file, model: Repository.model)
        #expect(answer.status == 0)
        let object = try answer.json()
        #expect(try object.string("status") == "answered")
        for statement in try object.objects("statements") {
            for citation in try statement.objects("citations") {
                #expect(try citation.string("document") == "postgresql-too-many-connections")
                let source = try Data(contentsOf: desk.url.appending(path: "docs/" + Self.pages[0]))
                #expect(try Data(citation.string("quote").utf8) == source[citation.range("byte_range")])
            }
        }
        try desk.folder.write(
            Desk.ticket(subject: "Coffee machine", body: "The coffee machine on the third floor leaks milk again."),
            to: "t.json")
        let refusal = try desk.docket("resolve", "--json", "--file", "t.json", model: Repository.model)
        #expect(refusal.status == 1)
        #expect(try refusal.json().string("reason") == "nothing_found")
    }
}
