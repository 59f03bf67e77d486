import Documents
import Storage
import Tickets

/// Turns the sections of a plan into statements: a step with its command, a sentence, a table, each with its words.
struct Composer {
    let plan: AnswerPlan
    let appliesTo: String?
    var values: ParameterValues
    /// What the sections say besides the statements.
    private(set) var omitted: [Omission] = []
    private let checker = StatementChecker()

    /// Statements of one page's draft; the list that reaches it goes on to its end.
    private static let statementCountMax = 24
    /// Items of a list that is quoted; a longer one is left out whole.
    private static let listItemCountMax = 200

    init(plan: AnswerPlan, appliesTo: String?, values: ParameterValues) {
        self.plan = plan
        self.appliesTo = appliesTo
        self.values = values
    }

    mutating func statements() -> [Statement] {
        let reader = UnitReader(page: plan.page, bytes: plan.bytes)
        let units = plan.sections.map(reader.units)
        let counts = quotedCounts(of: units)
        var statements: [Statement] = []
        for (section, (units, count)) in zip(plan.sections, zip(units, counts)) {
            for unit in units.prefix(count) {
                let statement = statement(unit, in: section)
                let verdict = checker.judge(statement, values: values.accepted)
                if verdict.isSupported {
                    statements.append(statement)
                } else {
                    omitted.append(omission([unit], of: section, unsupported: verdict.reasons.map(\.description)))
                }
            }
            if count < units.count { omitted.append(omission(units.dropFirst(count), of: section)) }
        }
        return statements
    }

    /// How many units of each section are quoted. The best sections come first, and no list is cut.
    private func quotedCounts(of units: [[Unit]]) -> [Int] {
        var counts = units.map { _ in 0 }
        var left = Self.statementCountMax
        for index in plan.ranking {
            for run in runs(of: units[index]) {
                guard left > 0, run.count <= Self.listItemCountMax else { break }
                counts[index] += run.count
                left -= run.count
            }
        }
        return counts
    }

    private func omission(
        _ units: ArraySlice<Unit>, of section: Section, unsupported: [String]? = nil
    ) -> Omission {
        let numbers = units.compactMap(\.number)
        var steps: ClosedRange<Int>?
        if numbers.count == units.count, let first = numbers.min(), let last = numbers.max() { steps = first...last }
        return Omission(
            document: plan.document.id, path: plan.document.path, headingPath: section.headingPath, steps: steps,
            statementCount: units.count, unsupported: unsupported)
    }

    private mutating func statement(_ unit: Unit, in section: Section) -> Statement {
        let citation = Citation(
            document: plan.document.id, revision: plan.document.revision, headingPath: section.headingPath,
            byteRange: unit.byteRange, page: plan.page.pageNumber(at: unit.byteRange.lowerBound),
            quote: String(decoding: plan.bytes[unit.byteRange], as: UTF8.self),
            path: plan.document.path, audience: plan.document.audience)
        return Statement(text: unit.text(filling: &values), appliesTo: appliesTo, citations: [citation])
    }
}
