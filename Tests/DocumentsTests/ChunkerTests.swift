import Documents
import Testing

struct ChunkerTests {
    private let small = Chunker(options: ChunkerOptions(target: 12, maximum: 16, minimum: 3))

    /// The chunks' search texts, and the quotes that their ranges give.
    private func cut(_ source: String, _ chunker: Chunker) throws -> (texts: [String], quotes: [String]) {
        let bytes = Array(source.utf8)
        let chunks = chunker.chunks(of: try Document(parsing: bytes, path: "a.md"))
        for chunk in chunks {
            #expect(pieceCountEstimate(of: chunk.searchText.utf8) <= chunker.options.maximum)
        }
        return (chunks.map(\.searchText), chunks.map { String(decoding: bytes[$0.byteRange], as: UTF8.self) })
    }

    @Test(arguments: [
        ("", 0), ("kubectl get pods -n web", 6), ("a.b", 3), ("configuration", 2), ("abcdefghijkl", 1), ("日本語", 3),
        ("größer", 1), ("мир", 1), ("“x”", 3), ("  \n", 0), ("{{host}}", 5), ("é", 1),
    ])
    func piecesAreEstimated(text: String, count: Int) {
        #expect(pieceCountEstimate(of: text.utf8) == count)
    }

    @Test func sectionsShareNoChunkAndBeginAtTheirHeading() throws {
        let (texts, quotes) = try cut("intro\n\n# A\n\n*one*\n\n## B\n\n## C\n\ntwo\n", Chunker())
        #expect(texts == ["intro", "one", "two"])
        #expect(quotes == ["intro", "# A\n\n*one*", "## C\n\ntwo"])
        let chunks = Chunker().chunks(of: try Document(parsing: Array("# A\n\nx\n\n## B\n\ny".utf8), path: "a.md"))
        #expect(chunks.map(\.headingPath) == [["A"], ["A", "B"]])
        #expect(chunks.map(\.anchor) == ["a", "b"])
        #expect(chunks.map(\.ordinal) == [0, 1])
    }

    @Test func longParagraphsAreCutBetweenSentences() throws {
        let (texts, quotes) = try cut(
            "One two three four five six seven. **Nine** ten e.g. Linux\neleven `a. B` twelve! (See [foo.](x \"y. Z\") Thirteen fourteen.)",
            small)
        #expect(
            texts == [
                "One two three four five six seven.", "Nine ten e.g. Linux eleven a. B twelve!",
                "(See foo. Thirteen fourteen.)",
            ])
        #expect(
            quotes == [
                "One two three four five six seven.", "**Nine** ten e.g. Linux\neleven `a. B` twelve!",
                "(See [foo.](x \"y. Z\") Thirteen fourteen.)",
            ])
    }

    @Test func codeStaysWithTheSentenceThatIntroducesIt() throws {
        let (texts, _) = try cut(
            "One two three four five six seven eight. Then run\n\n```\nls -l now\n```\n\nNine ten.", small)
        #expect(texts == ["One two three four five six seven eight.", "Then run\nls -l now\nNine ten."])
    }

    @Test func stepsAreKeptWhole() throws {
        let source =
            "Do this:\n\n1. One two three.\n\n   ```\n   ls -l\n   ```\n2. Four five six. Seven eight.\n   - nine\n3. Ten"
        let (texts, quotes) = try cut(source, small)
        #expect(texts == ["Do this:\nOne two three.\nls -l", "Four five six. Seven eight.\nnine\nTen"])
        #expect(quotes[1] == "Four five six. Seven eight.\n   - nine\n3. Ten")
    }

    @Test func tablesAreCutBetweenRowsAndRepeatTheirHeader() throws {
        let source = "Codes:\n\n> | code | m |\n> |---|---|\n> | a1 | b c d |\n> | a2 | e f g |\n> | a3 | `h` |"
        let (texts, quotes) = try cut(source, small)
        #expect(texts == ["Codes:\ncode | m\na1 | b c d", "code | m\na2 | e f g\na3 | h"])
        #expect(
            quotes == ["Codes:\n\n> | code | m |\n> |---|---|\n> | a1 | b c d |", "> | a2 | e f g |\n> | a3 | `h` |"])
    }

    @Test func emptyRowsAreNoChunks() throws {
        let source = "| a |\n|---|\n|  |\n||\n| b |\n|  |\n"
        let (texts, quotes) = try cut(source, small)
        #expect(texts == ["a\nb"])
        #expect(quotes == [String(source.dropLast())])
    }

    @Test func codeAboveTheMaximumIsCutAtLines() throws {
        let source = "Run:\n\n```\n" + (1...6).map { "  step \($0) now and then" }.joined(separator: "\n") + "\n```"
        let (texts, quotes) = try cut(source, small)
        #expect(
            texts == [
                "Run:\n  step 1 now and then\n  step 2 now and then",
                "  step 3 now and then\n  step 4 now and then\n  step 5 now and then",
                "  step 6 now and then",
            ])
        #expect(quotes.last == "  step 6 now and then\n```")
    }

    @Test func longLinesAndWordsAreCutAtLast() throws {
        let words = (1...40).map { "w\($0)" }.joined(separator: " ")
        #expect(try cut(words, small).texts.joined(separator: " ") == words)
        #expect(try cut(words, small).quotes.joined(separator: " ") == words)
        let word = String(repeating: "aé", count: 300)
        #expect(try cut(word, small).quotes.joined() == word)
        #expect(try cut("```\n\(word)\n```", small).texts.joined() == word)
        #expect(try cut(String(repeating: "。", count: 40), small).texts.joined() == String(repeating: "。", count: 40))
    }

    @Test func ofAWideHeaderTheBeginningIsRepeated() throws {
        let source = "| a b c d e f | g h |\n|---|---|\n| 1 2 3 | 4 5 |\n| 6 7 8 9 10 | 11 |\n"
        let (texts, quotes) = try cut(source, small)
        #expect(texts == ["a b c d e f | g h\n1 2 3 | 4 5", "a b c d e\n6 7 8 9 10 | 11"])
        #expect(quotes.dropFirst() == ["| 6 7 8 9 10 | 11 |"])
    }

    @Test func aRowIsNotCutForItsHeadersSake() throws {
        let source = "| a b c | d |\n|---|---|\n| 1 2 3 4 5 6 7 8 9 10 | 11 12 13 |\n"
        #expect(try cut(source, small).texts.last == "a b\n1 2 3 4 5 6 7 8 9 10 | 11 12 13")
    }

    /// Each part of a row that no chunk holds has the header cells of its own columns.
    @Test func aRowOfManyColumnsIsCutBetweenCellsUnderTheirHeaders() throws {
        let columns = (1...150).map { "column\($0)" }.joined(separator: " | ")
        let row = (1...150).map { "value\($0)" }.joined(separator: " | ")
        let source = "| \(columns) |\n|\(String(repeating: "---|", count: 150))\n| \(row) |\n| \(row) |\n"
        let (texts, _) = try cut(source, Chunker())
        let parts = texts.filter { $0.contains("value") }
        #expect(parts.count > 2)
        for part in parts {
            let lines = part.split(separator: "\n").map { $0.split(separator: " | ") }
            #expect(lines.count == 2 && lines[0].count == lines[1].count)
            for (header, cell) in zip(lines[0], lines[1]) {
                #expect(header.dropFirst("column".count) == cell.dropFirst("value".count))
            }
        }
        let cells = parts.flatMap { $0.split(separator: "\n")[1].split(separator: " | ") }
        #expect(cells == row.split(separator: " | ") + row.split(separator: " | "), "nothing is lost")
    }

    /// Where a cell has the mark between cells itself, it is not known which header is whose: none is better than a wrong one.
    @Test func aRowOfOtherThanTheHeadersCountOfCellsHasNoHeaderCells() throws {
        let columns = (1...150).map { "column\($0)" }.joined(separator: " | ")
        let row = "x \\| y | " + (2...150).map { "value\($0)" }.joined(separator: " | ")
        let source = "| \(columns) |\n|\(String(repeating: "---|", count: 150))\n| \(row) |\n"
        let parts = try cut(source, Chunker()).texts.filter { $0.contains("value") }
        #expect(parts.count > 2 && parts.allSatisfy { !$0.contains("column") })
    }

    @Test func aHeaderOfSixHundredWordsIsRepeatedInPart() throws {
        let header = (1...600).map { "h\($0)" }.joined(separator: " ")
        let cell = (1...300).map { "w\($0)" }.joined(separator: " ")
        let source = "| \(header) | b |\n|---|---|\n| one | two |\n| \(cell) | x |\n"
        let (texts, _) = try cut(source, Chunker())
        let rows = texts.filter { $0.contains("one | two") || $0.contains("w150") || $0.contains("w300") }
        #expect(rows.count == 3)
        #expect(rows[0].contains("h600 | b\none | two"), "the first row stands below its header")
        for row in rows.dropFirst() { #expect(row.hasPrefix("h1 h2 h3 ")) }
        #expect(texts.joined(separator: " ").contains("w299 w300"))
    }

    @Test func smallRestsAreTakenIn() throws {
        #expect(try cut("One two three four five six seven eight nine ten. Yes.", small).texts.count == 1)
        #expect(try cut("One two three four five six seven eight nine ten. Yes and no, too.", small).texts.count == 2)
    }

    /// A page of many kinds at the default sizes: the golden text to review when the rules change.
    @Test func aHandbookPageIsCutAsReviewed() throws {
        let source = """
            ---
            id: pg/failover
            ---
            # Fail over

            The standby takes over. Read all first.

            ## Check

            1. Show the lag:

               ```sql
               SELECT now();
               ```
            2. Note it.

            ## Codes

            | code | meaning |
            |------|---------|
            | 57P03 | starting up |
            """
        let page = try Document(parsing: Array(source.utf8), path: "x.md")
        let golden = Chunker().chunks(of: page).map {
            "\($0.ordinal) \($0.headingPath.joined(separator: " > ")) #\($0.anchor) \($0.byteRange)\n\($0.searchText)"
        }
        #expect(
            golden.joined(separator: "\n\n") == """
                0 Fail over #fail-over 24..<76
                The standby takes over. Read all first.

                1 Fail over > Check #check 78..<151
                Show the lag:
                SELECT now();
                Note it.

                2 Fail over > Codes #codes 153..<224
                code | meaning
                57P03 | starting up
                """)
    }
}
