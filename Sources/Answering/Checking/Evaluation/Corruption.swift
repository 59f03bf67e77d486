/// A true statement made false in one place: what a checker has to catch.
package struct Corruption: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case number, version, unit, flag, path, code, negationAdded, negationRemoved, modality, comparison, restriction
        /// Two things of the sentence in each other's place.
        case exchanged
        /// A thing replaced by another one of the page.
        case foreign
    }

    package let kind: Kind
    package let text: String
    /// What was replaced, and by what.
    package let change: String
}

/// Makes corruptions of statements, the same for the same seed.
struct Corruptor {
    /// Things that the page names, to put in the place of others.
    let pageThings: [StatementWord]

    init(page: String) {
        let words = StatementWord.words(of: page)
        let common = Set(words.filter { !$0.isCode }.map(\.text))
        // A name is never written without its capital letter.
        pageThings = words.filter { $0.isThing && !($0.isName && common.contains($0.text.lowercased())) }
    }

    /// One corruption of each kind that the text has a place for.
    func corruptions(of text: String, using random: inout some RandomNumberGenerator) -> [Corruption] {
        let words = StatementWord.words(of: text)
        return Corruption.Kind.allCases.compactMap { kind in
            let edits = edits(kind, words, using: &random).filter { $0.isChange }
            return edits.randomElement(using: &random).map { edit in
                Corruption(kind: kind, text: edit.applied(to: text), change: edit.description)
            }
        }
    }

    /// Words of a text replaced by others.
    private struct Edit {
        var replacements: [(word: StatementWord, text: String)]

        init(_ word: StatementWord, _ text: String) { replacements = [(word, text)] }

        init(exchanging left: StatementWord, _ right: StatementWord) {
            replacements = [(left, right.text), (right, left.text)]
        }

        var isChange: Bool { replacements.contains { $0.word.text != $0.text } }

        var description: String { replacements.map { "\($0.word.text) → \($0.text)" }.joined(separator: ", ") }

        func applied(to text: String) -> String {
            var bytes = Array(text.utf8)
            for (word, text) in replacements.sorted(by: { $0.word.range.lowerBound > $1.word.range.lowerBound }) {
                bytes.replaceSubrange(word.range, with: text.utf8)
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func edits(
        _ kind: Corruption.Kind, _ words: [StatementWord], using random: inout some RandomNumberGenerator
    ) -> [Edit] {
        switch kind {
        case .number: numbers(words, using: &random)
        case .version: versions(words, using: &random)
        case .unit: units(words)
        case .flag: flags(words)
        case .path: words.filter(\.isPath).flatMap { others(for: $0, words) { $0.isPath } }
        case .code: words.filter(\.isCodeSpan).flatMap { others(for: $0, words) { $0.isCodeSpan } }
        case .negationAdded: addedNegations(words)
        case .negationRemoved: replaced(words, by: CorruptionWords.negations)
        case .modality: replaced(words, by: CorruptionWords.modalities)
        case .comparison: replaced(words, by: CorruptionWords.contraries)
        case .restriction: replaced(words, by: CorruptionWords.restrictions)
        case .exchanged: exchanges(words)
        case .foreign:
            words.filter { $0.isNoun || $0.isName }.flatMap { word in
                others(for: word, words) { word.isNoun ? $0.isNoun : $0.isName }
            }
        }
    }

    private func numbers(_ words: [StatementWord], using random: inout some RandomNumberGenerator) -> [Edit] {
        words.filter { !$0.isListMark }.compactMap { word in
            guard let value = word.number else { return nil }
            let other = [value + 1, value * 2, value * 10, max(value / 2, 1) + 3].randomElement(using: &random)
            return other.map { Edit(word, String($0) + word.text.drop { $0.isNumber || $0 == "," }) }
        }
    }

    private func versions(_ words: [StatementWord], using random: inout some RandomNumberGenerator) -> [Edit] {
        words.compactMap { word in
            guard var parts = word.version, let index = parts.indices.randomElement(using: &random) else { return nil }
            parts[index] += 1
            return Edit(word, parts.map(String.init).joined(separator: "."))
        }
    }

    private func units(_ words: [StatementWord]) -> [Edit] {
        zip(words, words.dropFirst()).compactMap { number, unit in
            guard number.number != nil, let other = CorruptionWords.units[unit.text] else { return nil }
            return Edit(unit, other)
        }
            + words.compactMap { word in
                let unit = String(word.text.drop { $0.isNumber })
                guard word.number != nil, !unit.isEmpty, let other = CorruptionWords.units[unit] else { return nil }
                return Edit(word, word.text.prefix { $0.isNumber } + other)
            }
    }

    private func flags(_ words: [StatementWord]) -> [Edit] {
        words.filter(\.isFlag).flatMap { word -> [Edit] in
            if word.text.hasPrefix("--") {
                return others(for: word, words) { $0.isFlag } + [Edit(word, "--no-" + word.text.dropFirst(2))]
            }
            guard let letter = word.text.last, letter.isLetter else { return [] }
            return [Edit(word, word.text.dropLast() + (letter.isUppercase ? letter.lowercased() : letter.uppercased()))]
        }
    }

    /// Things of the page of the same kind that the statement does not name.
    private func others(
        for word: StatementWord, _ words: [StatementWord], where isAlike: (StatementWord) -> Bool
    ) -> [Edit] {
        let own = Set(words.map { $0.text.lowercased() })
        var seen: Set<String> = []
        return pageThings.compactMap { thing in
            guard isAlike(thing), !own.contains(thing.text.lowercased()), !thing.isPlural(of: word),
                !word.isPlural(of: thing), seen.insert(thing.text).inserted
            else { return nil }
            return Edit(word, thing.text)
        }
    }

    private func addedNegations(_ words: [StatementWord]) -> [Edit] {
        words.enumerated().compactMap { index, word in
            guard !word.isCode else { return nil }
            if word.beginsSentence, CorruptionWords.imperatives.contains(word.text) {
                return Edit(word, "Do not " + word.text.lowercased())
            }
            let isDenied = words.dropFirst(index + 1).first?.text == "not"
            return CorruptionWords.auxiliaries.contains(word.text) && !isDenied ? Edit(word, word.text + " not") : nil
        }
    }

    private func replaced(_ words: [StatementWord], by table: [String: [String]]) -> [Edit] {
        words.filter { !$0.isCode }.flatMap { word in
            (table[word.text.lowercased()] ?? []).map { other in
                Edit(
                    word,
                    word.text.first?.isUppercase == true ? other.prefix(1).uppercased() + other.dropFirst() : other)
            }
        }
    }

    /// Two things of a kind in one sentence that no list holds together: what is said of them is not said of both.
    private func exchanges(_ words: [StatementWord]) -> [Edit] {
        var edits: [Edit] = []
        for (index, left) in words.enumerated() where left.isThing {
            for other in index + 2..<max(words.count, index + 2) where other - index < 12 {
                let right = words[other]
                guard right.sentence == left.sentence else { break }
                let isAlike = left.isCodeSpan && right.isCodeSpan || left.isNoun && right.isNoun
                let between = words[index + 1..<other]
                let isJoined = between.contains {
                    CorruptionWords.joints.contains($0.text.lowercased()) || $0.endsWithComma
                }
                guard isAlike, left.text.lowercased() != right.text.lowercased(), !left.isPlural(of: right),
                    !right.isPlural(of: left), !left.endsWithComma, !isJoined,
                    between.contains(where: { CorruptionWords.directions.contains($0.text.lowercased()) })
                else { continue }
                edits.append(Edit(exchanging: left, right))
            }
        }
        return edits
    }
}
