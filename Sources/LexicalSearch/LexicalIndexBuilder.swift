package import Foundation
import IndexFiles

/// The parts of a row's text, which count differently.
package struct LexicalFields: Sendable, Equatable {
    package var title: String
    package var headings: String
    package var body: String

    package init(title: String = "", headings: String = "", body: String) {
        self.title = title
        self.headings = headings
        self.body = body
    }
}

/// What the index keeps beside its arrays.
struct LexicalMeta: Codable {
    let analyserVersion: Int
    let rowCount: Int
    let termCount: Int
    let options: LexicalOptions
}

/// Collects rows and writes them as an index file. The same rows in the same order give the same bytes.
package struct LexicalIndexBuilder: ~Copyable {
    /// Row numbers are stored as UInt32.
    package static let rowCountMax = Int(UInt32.max)
    /// Occurrences are stored as a byte; saturation makes more of them worth nothing.
    static let occurrenceCountMax: UInt32 = 255

    private let analyser: Analyser
    private let options: LexicalOptions
    private var stemmer = Stemmer()
    private var terms = TermTable()
    /// Words as they came in, and the term that each stems to: a word is stemmed once a build.
    private var words = TermTable()
    private var termOfWord: [UInt32] = []

    /// Occurrences in the row being read, by term number, and which of them are not 0.
    private var occurrences: [UInt32] = []
    private var touched: [UInt32] = []
    private var rowLength: UInt32 = 0

    /// The postings in the order of the rows: term, row, occurrences.
    private var postingTerms: [UInt32] = []
    private var postingRows: [UInt32] = []
    private var postingCounts: [UInt8] = []
    private var rowLengths: [UInt32] = []

    package var rowCount: Int { rowLengths.count }

    package init(analyser: Analyser, options: LexicalOptions = LexicalOptions()) {
        precondition(options.isValid, "BM25 needs factors between 0.001 and 1000 and a length normalisation of 0 to 1")
        self.analyser = analyser
        self.options = options
    }

    /// Adds the next row.
    ///
    /// - Precondition: fewer than `rowCountMax` rows so far.
    package mutating func append(_ fields: LexicalFields) {
        precondition(rowCount < Self.rowCountMax, "a lexical index holds at most \(Self.rowCountMax) rows")
        count(fields.title, weight: options.titleWeight)
        count(fields.headings, weight: options.headingWeight)
        count(fields.body, weight: options.bodyWeight)
        closeRow()
    }

    private mutating func count(_ text: String, weight: UInt8) {
        guard weight > 0 else { return }
        let weight = UInt32(weight)
        analyser.scan(text) { term, lane in
            switch lane {
            case .word:
                rowLength = rowLength.addingReportingOverflow(weight).overflow ? .max : rowLength + weight
                count(Int(termOfWord(term)), weight: weight)
            case .identifier: count(terms.intern(term).number, weight: weight)
            }
        }
    }

    private mutating func termOfWord(_ word: Span<UInt8>) -> UInt32 {
        let (number, isNew) = words.intern(word)
        if isNew { termOfWord.append(stemmer.stem(word) { stem in UInt32(terms.intern(stem).number) }) }
        return termOfWord[number]
    }

    private mutating func count(_ term: Int, weight: UInt32) {
        while occurrences.count <= term { occurrences.append(0) }
        if occurrences[term] == 0 { touched.append(UInt32(term)) }
        occurrences[term] = min(occurrences[term] + weight, Self.occurrenceCountMax)
    }

    private mutating func closeRow() {
        for term in touched {
            postingTerms.append(term)
            postingRows.append(UInt32(rowLengths.count))
            postingCounts.append(UInt8(occurrences[Int(term)]))
            occurrences[Int(term)] = 0
        }
        touched.removeAll(keepingCapacity: true)
        rowLengths.append(rowLength)
        rowLength = 0
    }

    /// Writes the index, replacing the file at `url` whole.
    package consuming func write(to url: URL) throws(LexicalSearchError) {
        let order = terms.sortedNumbers()
        let (starts, rows, counts) = postings(inOrder: order)
        let (termBytes, termStarts) = dictionary(inOrder: order)
        let meta = LexicalMeta(
            analyserVersion: Analyser.version, rowCount: rowCount, termCount: order.count, options: options)
        do {
            let writer = try IndexFileWriter(creating: url, kind: .postings)
            try writer.append(json: meta, as: LexicalBlock.meta.rawValue)
            try writer.append(termBytes, as: LexicalBlock.termBytes.rawValue)
            try writer.append(termStarts, as: LexicalBlock.termStarts.rawValue)
            try writer.append(starts, as: LexicalBlock.postingStarts.rawValue)
            try writer.append(rows, as: LexicalBlock.postingRows.rawValue)
            try writer.append(counts, as: LexicalBlock.postingCounts.rawValue)
            try writer.append(rowLengths, as: LexicalBlock.rowLengths.rawValue)
            try writer.finish()
        } catch {
            throw .file(error)
        }
    }

    private func dictionary(inOrder order: [Int]) -> (bytes: [UInt8], starts: [UInt64]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(terms.byteCount)
        var starts: [UInt64] = [0]
        for number in order {
            terms.withBytes(of: number) { term in
                for position in term.indices { bytes.append(term[position]) }
            }
            starts.append(UInt64(bytes.count))
        }
        return (bytes, starts)
    }

    /// The postings sorted by term, and within a term by row: a counting sort that keeps the order of the rows.
    private func postings(inOrder order: [Int]) -> (starts: [UInt64], rows: [UInt32], counts: [UInt8]) {
        var next = [Int](repeating: 0, count: terms.count)
        for term in postingTerms { next[Int(term)] += 1 }
        var starts: [UInt64] = [0]
        var total = 0
        for number in order {
            (next[number], total) = (total, total + next[number])
            starts.append(UInt64(total))
        }
        var rows = [UInt32](repeating: 0, count: total)
        var counts = [UInt8](repeating: 0, count: total)
        for posting in postingTerms.indices {
            let place = next[Int(postingTerms[posting])]
            next[Int(postingTerms[posting])] = place + 1
            rows[place] = postingRows[posting]
            counts[place] = postingCounts[posting]
        }
        return (starts, rows, counts)
    }
}
