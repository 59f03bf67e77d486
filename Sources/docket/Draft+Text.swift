import Foundation
import Storage
import Tickets

extension Draft {
    /// Below it, the evidence speaks against the page rather than for it, and the text says so.
    private static let weakConfidence = 0.5

    /// The draft as a resolver reads it: what to say, what to ask, and where it stands written.
    ///
    /// - Parameter customers: the widest audience; pages for others are marked.
    func text(ticket: Ticket, customers: String?) -> String {
        var sources = SourceList(customers: customers)
        let body = reason == nil ? statementLines(&sources) : refusalLines(customers)
        var lines = ["Ticket \(ticket.id.text) · \(ticket.subject)", headline, ""]
        if let warning = sources.warning { lines += [warning, ""] }
        if !relaxed.isEmpty {
            lines += ["Nothing fitted with the ticket's \(relaxed.joined(separator: " and ")); searched without.", ""]
        }
        lines += body
        let (long, unsupported) = (omitted.filter { $0.unsupported == nil }, omitted.filter { $0.unsupported != nil })
        if !long.isEmpty { lines += ["Left out for its length:"] + long.map(\.line) + [""] }
        if !unsupported.isEmpty {
            lines += ["Left out, since the page does not say it so:"] + unsupported.map(\.line) + [""]
        }
        if !questions.isEmpty { lines += ["To ask:"] + questions.map { "- \($0)" } + [""] }
        if !sources.lines.isEmpty { lines += ["Sources:"] + sources.lines }
        return lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
    }

    private var headline: String {
        let confidence = String(format: "confidence %.2f", confidence)
        if let reason { return "Refused: \(reason.rawValue) (\(confidence)). \(explanation(of: reason))" }
        var parts = ["Answered, " + confidence + (self.confidence < Self.weakConfidence ? ", weak evidence" : "")]
        if !questions.isEmpty { parts.append("\(questions.count) question\(questions.count == 1 ? "" : "s") to ask") }
        if !omitted.isEmpty { parts.append("not complete") }
        return parts.joined(separator: " · ")
    }

    private func statementLines(_ sources: inout SourceList) -> [String] {
        var lines: [String] = []
        var place: [String] = []
        for statement in statements {
            let headings = statement.citations.first?.headingPath ?? []
            if headings != place, let heading = headings.last {
                place = headings
                lines += ["## \(heading)\(statement.appliesTo.map { " (\($0))" } ?? "")", ""]
            }
            let marks = statement.citations.map { "[\(sources.number(of: $0))]" }.joined()
            lines += [statement.text(marked: marks), ""]
        }
        return lines
    }

    private func refusalLines(_ customers: String?) -> [String] {
        nearest.isEmpty ? [] : ["Nearest pages:"] + nearest.map { $0.line(customers) } + [""]
    }

    private func explanation(of reason: RefusalReason) -> String {
        switch reason {
        case .nothingFound: "No page says enough about this."
        case .wrongVersion:
            "The pages that fit are for other versions of the product"
                + (nearest.first?.appliesTo.map { ": the nearest is for \($0)." } ?? ".")
        case .notVisible: "A page that fits may not be shown to this reader."
        case .unclear: "The ticket says too little to search for."
        }
    }
}

extension Statement {
    /// The words with their mark: behind the first paragraph where they begin with one, else on a line of its own, so that
    /// code blocks and tables stay as they are.
    fileprivate func text(marked marks: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let end = lines.firstIndex { $0.isEmpty || isBlockStart($0) } ?? lines.count
        let isTable = lines.prefix(end + 1).contains { $0.contains(/^[ |:\-]*-[ |:\-]*$/) && $0.contains("|") }
        guard end > 0, !isTable, !isMarker(lines[0]) else {
            // Directly below a table it would be a row.
            return text + (text.hasSuffix("```") ? "\n" : "\n\n") + marks
        }
        lines[end - 1] += " " + marks
        return lines.joined(separator: "\n")
    }

    private func isMarker(_ line: String) -> Bool { line.wholeMatch(of: #/ *([0-9]+\.|-) */#) != nil }

    private func isBlockStart(_ line: String) -> Bool {
        let line = line.drop { $0 == " " }
        return line.hasPrefix("```") || line.hasPrefix("|") || line.hasPrefix("<")
    }
}

extension Omission {
    /// `- Rollback, steps 24–40 (pg/upgrade.md)`, and the reasons where the page does not say it so.
    fileprivate var line: String {
        let count = statementCount == 1 ? "1 more statement" : "\(statementCount) more statements"
        let what = steps.map { $0.count == 1 ? "step \($0.lowerBound)" : "steps \($0.lowerBound)–\($0.upperBound)" }
        let reasons = unsupported.map { ": " + $0.joined(separator: "; ") } ?? ""
        return "- \(headingPath.last ?? document), \(what ?? count) (\(path))\(reasons)"
    }
}

extension NearestPage {
    /// `- Failover (pg/failover.md), for postgresql >=15 [internal]`
    fileprivate func line(_ customers: String?) -> String {
        "- \(title) (\(path))\(appliesTo.map { ", for \($0)" } ?? "")\(audience == customers ? "" : " [\(audience)]")"
    }
}
