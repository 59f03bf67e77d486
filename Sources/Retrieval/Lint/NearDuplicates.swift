import Documents

/// Sections that say nearly the same: of two that share most of their runs of words, one is found where the other is meant,
/// and one is changed where both should be.
///
/// The share is Jaccard's of the sets of all runs of five words (Broder, On the resemblance and containment of documents,
/// 1997).
struct NearDuplicates {
    private let options: LintOptions
    private var sections: [(page: LintedPage, section: Section, runs: Set<Int>)] = []

    private static let runLength = 5
    /// A run that more sections have is of a phrase, and says nothing of any two of them.
    private static let commonRunCountMax = 40

    init(_ pages: [LintedPage], _ options: LintOptions) {
        self.options = options
        for page in pages {
            for section in page.document.sections {
                let words = page.document.blocks[section.blocks].dropFirst(section.level > 0 ? 1 : 0)
                    .flatMap { $0.text.lowercased().split { !$0.isLetter && !$0.isNumber } }
                guard words.count >= max(options.duplicateWordCountMin, Self.runLength) else { continue }
                let runs = (0...words.count - Self.runLength).map { words[$0..<$0 + Self.runLength].hashValue }
                sections.append((page, section, Set(runs)))
            }
        }
    }

    /// Each pair at its later section.
    func findings() -> [LintFinding] {
        var sectionsOfRun: [Int: [Int]] = [:]
        var findings: [LintFinding] = []
        for (place, section) in sections.enumerated() {
            var shared: [Int: Int] = [:]
            for run in section.runs {
                let earlier = sectionsOfRun[run, default: []]
                if earlier.count <= Self.commonRunCountMax { for other in earlier { shared[other, default: 0] += 1 } }
                sectionsOfRun[run, default: []].append(place)
            }
            for (other, count) in shared.sorted(by: { $0.key < $1.key }) {
                let union = section.runs.count + sections[other].runs.count - count
                guard Double(count) >= options.duplicateShareMin * Double(union) else { continue }
                findings.append(finding(place, other, percent: 100 * count / union))
            }
        }
        return findings
    }

    private func finding(_ place: Int, _ other: Int, percent: Int) -> LintFinding {
        let (here, there) = (sections[place], sections[other])
        let title = there.section.headingPath.last ?? there.page.document.title
        return LintFinding(
            .nearDuplicate, at: here.page.place(of: here.section),
            "says \(percent)% the same as \"\(title)\"; say it once, and link to it",
            other: there.page.place(of: there.section))
    }
}
