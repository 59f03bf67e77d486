import Foundation
import IndexFiles
import LinearAlgebra
import TestSupport
import Testing
import TextEmbedding

/// Latent semantic analysis over terms that the tests make up.
@Suite struct LatentSemanticTests {
    /// Two subjects whose words never meet, and one text that has a word of its own.
    private static let texts: [[String: Int]] = [
        ["disk": 2, "full": 1, "volume": 1], ["volume": 1, "quota": 1, "full": 2], ["quota": 1, "disk": 1],
        ["certificate": 1, "expired": 2, "chain": 1], ["chain": 2, "certificate": 1], ["expired": 1, "renew": 1],
    ]

    private func fit(_ texts: [[String: Int]], order: [Int]? = nil) throws -> LatentSemanticModel {
        var fitter = LatentSemanticFitter(vocabulary: "test 1")
        for index in order ?? Array(texts.indices) { fitter.append(texts[index], key: UInt64(index) * 77) }
        return try fitter.fit()
    }

    /// Texts over a skewed vocabulary: enough for more than one block of rows.
    private func manyTexts(_ count: Int, seed: UInt64 = 1) -> [[String: Int]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            var text: [String: Int] = [:]
            for _ in 0..<20 {
                let word = Int(generator.next() % 60) * Int(generator.next() % 60)
                text["w\(word)", default: 0] += 1
            }
            return text
        }
    }

    private func cosine(_ model: LatentSemanticModel, _ a: [String: Int], _ b: [String: Int]) -> Float {
        let rows = model.embeddings(of: [a, b])
        return zip(rows[row: 0], rows[row: 1]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// 400 words for each of two subjects, ten in a text: more words than dimensions, so that what is common is kept and
    /// half of what differs is not.
    @Test func textsOfOneSubjectAreNearWithoutACommonTerm() throws {
        var generator = SeededGenerator(seed: 3)
        let texts = (0..<4_000).map { index in
            let words = (0..<10).map { _ in "\(index % 2 == 0 ? "disk" : "certificate")\(generator.next() % 400)" }
            return Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +)
        }
        func text(_ subject: String, _ words: Range<Int>) -> [String: Int] {
            Dictionary(uniqueKeysWithValues: words.map { (subject + "\($0)", 1) })
        }
        let model = try fit(texts)
        #expect(model.dimension == LatentSemanticFitter.dimensionMax)
        let near = cosine(model, text("disk", 0..<200), text("disk", 200..<400))
        let far = cosine(model, text("disk", 0..<200), text("certificate", 200..<400))
        #expect(near > 0.2 && abs(far) < 0.1, "\(near), \(far)")
    }

    @Test func twoFitsAreEqualToTheBitInWhateverOrderTheTextsCome() throws {
        let texts = manyTexts(3_000)
        var generator = SeededGenerator(seed: 8)
        let one = try fit(texts)
        let two = try fit(texts, order: texts.indices.shuffled(using: &generator))
        #expect(one.fingerprint == two.fingerprint && one.textKeys == two.textKeys)
        let isEqual = one.embeddings(of: Array(texts.prefix(50))) == two.embeddings(of: Array(texts.prefix(50)))
        #expect(isEqual)
        #expect(try fit(manyTexts(3_000, seed: 2)).fingerprint != one.fingerprint)
    }

    @Test func aTextsVectorDoesNotDependOnTheTextsBesideIt() throws {
        let model = try fit(Self.texts)
        let all = model.embeddings(of: Self.texts)
        for (row, text) in Self.texts.enumerated() {
            #expect(Array(all[row: row]) == model.embeddings(of: [text]).values)
            #expect(abs(all[row: row].reduce(0) { $0 + $1 * $1 } - 1) < 1e-5, "of length 1")
        }
        #expect(model.embeddings(of: []).rowCount == 0)
    }

    @Test func unknownTermsChangeNothingAndAloneGiveTheZeroVector() throws {
        let model = try fit(Self.texts)
        #expect(cosine(model, ["disk": 1], ["disk": 1, "unheard": 5]) > 0.9999)
        #expect(model.embeddings(of: [["unheard": 1], [:]]).values.allSatisfy { $0 == 0 })
    }

    /// The vectors are those of the dense decomposition, where a cosine is that of tf-idf projected to all dimensions.
    @Test func withAllDimensionsOfTheTextsTheirCosinesAreThoseOfTFIDF() throws {
        let model = try fit(Self.texts)
        #expect(model.dimension == 6)
        func weights(_ text: [String: Int]) -> [String: Double] {
            text.reduce(into: [:]) { weights, entry in
                let count = Self.texts.count { $0[entry.key] != nil }
                weights[entry.key] = (1 + log(Double(entry.value))) * log(7 / Double(count))
            }
        }
        func product(_ a: [String: Double], _ b: [String: Double]) -> Double {
            a.reduce(0) { $0 + $1.value * (b[$1.key] ?? 0) }
        }
        for a in Self.texts {
            for b in Self.texts {
                let (x, y) = (weights(a), weights(b))
                let expected = product(x, y) / (product(x, x) * product(y, y)).squareRoot()
                #expect(abs(Double(cosine(model, a, b)) - expected) < 1e-3)
            }
        }
    }

    @Test(arguments: [[], [[:]], [["one": 1]], [["one": 1], ["one": 1]], [["one": 1, "two": 2], ["two": 1]]])
    func aCollectionMayBeOfNothingOrNearlySo(texts: [[String: Int]]) throws {
        let model = try fit(texts)
        #expect(model.textCount == texts.count && (1...2).contains(model.dimension))
        let isKnown = texts.contains { !$0.isEmpty }
        #expect(
            cosine(model, ["one": 1], ["one": 3]) == (isKnown ? 1 : 0)
                || abs(cosine(model, ["one": 1], ["one": 3]) - 1) < 1e-6)
    }

    @Test func theRarestTermsAreLeftOutWhereThereAreTooMany() throws {
        // Each text has a term of its own, and all share one.
        let texts = (0...LatentSemanticFitter.termCountMax).map { ["common": 1, "t\($0)": 1] }
        var fitter = LatentSemanticFitter(vocabulary: "test")
        for (index, text) in texts.prefix(40).enumerated() { fitter.append(text, key: UInt64(index)) }
        fitter.append(Dictionary(uniqueKeysWithValues: texts.dropFirst(40).map { ($0.keys.max()!, 1) }), key: 99)
        let model = try fitter.fit()
        #expect(model.termCount == LatentSemanticFitter.termCountMax)
        #expect(model.embeddings(of: [["common": 1]]).values.contains { $0 != 0 }, "many texts have it")
        #expect(model.embeddings(of: [["t9999": 1]]).values.allSatisfy { $0 == 0 }, "the last by its bytes")
    }

    @Test func aModelReadBackIsTheSame() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "lsa")
        for texts in [manyTexts(500), []] {
            let model = try fit(texts)
            try model.write(to: url)
            let read = try LatentSemanticModel(opening: url, vocabulary: "test 1")
            #expect(read.fingerprint == model.fingerprint && read.textKeys == model.textKeys)
            #expect(read.embeddings(of: manyTexts(20, seed: 9)) == model.embeddings(of: manyTexts(20, seed: 9)))
            let bytes = try Data(contentsOf: url)
            try read.write(to: url)
            #expect(try Data(contentsOf: url) == bytes, "written again it is the same file")
        }
    }

    @Test func theFingerprintNamesItsMethodAndDimension() throws {
        let fingerprint = try fit(Self.texts).fingerprint
        #expect(fingerprint.wholeMatch(of: /lsa, 6 dimensions, scheme 1, sha256 [0-9a-f]{64}/) != nil, "\(fingerprint)")
    }

    @Test func termsOfAnotherMakingAreRefused() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "lsa")
        try fit(Self.texts).write(to: url)
        #expect(throws: IndexFileError.unexpectedContent(path: url.path, block: "facts")) {
            try LatentSemanticModel(opening: url, vocabulary: "test 2")
        }
    }

    @Test func damageIsFoundOnOpeningInEveryBlock() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "lsa")
        try fit(Self.texts).write(to: url)
        let whole = try Data(contentsOf: url)
        // Six blocks; the first bytes of each stand at a multiple of 64.
        for byte in stride(from: 0, to: whole.count - 6 * 48, by: 64) {
            var damaged = whole
            damaged[byte] ^= 1
            try damaged.write(to: url)
            #expect(throws: IndexFileError.self, "byte \(byte)") {
                try LatentSemanticModel(opening: url, vocabulary: "test 1")
            }
        }
        for count in [0, 63, whole.count / 2, whole.count - 1] {
            try whole.prefix(count).write(to: url)
            #expect(throws: IndexFileError.self) { try LatentSemanticModel(opening: url, vocabulary: "test 1") }
        }
    }

    /// Files whose checksums are right and whose contents are not.
    @Test(
        arguments: [
            (
                "facts", #"{"scheme":1,"vocabulary":"v","dimension":0,"termCount":2,"textCount":1,"digest":"d"}"#,
                [0, 1, 2]
            ),
            (
                "facts", #"{"scheme":1,"vocabulary":"v","dimension":1,"termCount":-1,"textCount":1,"digest":"d"}"#,
                [0, 1, 2]
            ),
            (
                "facts", #"{"scheme":2,"vocabulary":"v","dimension":1,"termCount":2,"textCount":1,"digest":"d"}"#,
                [0, 1, 2]
            ),
            (
                "term.starts", #"{"scheme":1,"vocabulary":"v","dimension":1,"termCount":2,"textCount":1,"digest":"d"}"#,
                [0, 2, 1]
            ),
            (
                "term.starts", #"{"scheme":1,"vocabulary":"v","dimension":1,"termCount":2,"textCount":1,"digest":"d"}"#,
                [0, 1, 9]
            ),
        ] as [(String, String, [UInt64])])
    func contradictionsAreFoundOnOpening(block: String, facts: String, starts: [UInt64]) throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "lsa")
        let writer = try IndexFileWriter(creating: url, kind: .latentModel)
        try writer.append(Array(facts.utf8), as: "facts")
        try writer.append(Array("ab".utf8), as: "term.bytes")
        try writer.append(starts, as: "term.starts")
        try writer.append([1, 1] as [Float], as: "weights")
        try writer.append([1, 1] as [Float], as: "vectors")
        try writer.append([7] as [UInt64], as: "texts")
        try writer.finish()
        #expect(throws: IndexFileError.unexpectedContent(path: url.path, block: block)) {
            try LatentSemanticModel(opening: url, vocabulary: "v")
        }
    }
}
