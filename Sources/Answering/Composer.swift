import Documents
import Foundation
import Storage
import Tickets

/// Turns the sections of a plan into statements: a step with its command, a sentence, a table, each with its words.
struct Composer {
    let plan: AnswerPlan
    let appliesTo: String?
    var values: ParameterValues

    /// Statements of one draft; a longer section ends with the last whole one.
    private static let statementCountMax = 24

    mutating func statements() -> [Statement] {
        var statements: [Statement] = []
        for section in plan.sections {
            for unit in units(of: section) where statements.count < Self.statementCountMax {
                statements.append(statement(unit, in: section))
            }
        }
        return statements
    }

    /// What is said as one: the blocks of a list item, an introduction with the code or table it announces, a sentence.
    private struct Unit {
        var byteRange: Range<Int>
        var blocks: [Block]
        var number: Int?

        mutating func append(_ block: Block) {
            blocks.append(block)
            byteRange = byteRange.lowerBound..<block.byteRange.upperBound
        }
    }

    private struct ListItem: Equatable {
        let list: Int
        let item: Int
    }

    private func units(of section: Section) -> [Unit] {
        var units: [Unit] = []
        var openItem: ListItem?
        for block in plan.page.blocks[section.blocks] {
            if case .heading = block.kind { continue }
            if let step = block.step {
                let item = ListItem(list: step.outermostList, item: step.outermostItem)
                if openItem == item, let last = units.indices.last {
                    units[last].append(block)
                } else {
                    units.append(Unit(byteRange: block.byteRange, blocks: [block], number: step.number))
                }
                openItem = item
                continue
            }
            openItem = nil
            if block.isParagraph {
                units += sentences(of: block)
            } else if let last = units.indices.last, announces(units[last], block) {
                units[last].append(block)
            } else {
                units.append(Unit(byteRange: block.byteRange, blocks: [block], number: nil))
            }
        }
        return units
    }

    /// A sentence that ends in a colon and stands directly before code, a table or a list says what they are.
    private func announces(_ unit: Unit, _ block: Block) -> Bool {
        unit.number == nil && unit.blocks.count == 1 && unit.blocks[0].isParagraph
            && plan.bytes[unit.byteRange].last == UInt8(ascii: ":")
    }

    private func sentences(of block: Block) -> [Unit] {
        sentenceRanges(in: plan.bytes, of: block.byteRange)
            .filter { !isAboutThePage($0) }
            .map { Unit(byteRange: $0, blocks: [block], number: nil) }
    }

    /// What a page says about itself ("This page shows …") answers nobody.
    private func isAboutThePage(_ range: Range<Int>) -> Bool {
        plan.bytes[range].starts(with: Array("This page ".utf8))
    }

    private mutating func statement(_ unit: Unit, in section: Section) -> Statement {
        let quote = String(decoding: plan.bytes[unit.byteRange], as: UTF8.self)
        let text = fill(quote)
        let citation = Citation(
            document: plan.document.id, revision: plan.document.revision, headingPath: section.headingPath,
            byteRange: unit.byteRange, quote: quote)
        return Statement(
            text: unit.number.map { "\($0). \(text)" } ?? text, appliesTo: appliesTo, citations: [citation])
    }

    /// The words without the indentation of their list, parameters filled in: a code block as a whole, since what is
    /// quoted on one line may have been opened on another, and prose line by line.
    private mutating func fill(_ quote: String) -> String {
        var filled: [String] = []
        var fence: (surrounding: Surrounding, lines: [String])?
        for line in dedented(quote) {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") {
                if let code = fence {
                    filled.append(values.fill(code.lines.joined(separator: "\n"), in: code.surrounding))
                }
                let language = trimmed.drop { $0 == "`" || $0 == "~" }.split(separator: " ").first.map(String.init)
                fence = fence == nil ? (Surrounding(language: language), []) : nil
                filled.append(line)
            } else if fence != nil {
                fence?.lines.append(line)
            } else {
                filled.append(fillProse(line))
            }
        }
        if let code = fence { filled.append(values.fill(code.lines.joined(separator: "\n"), in: code.surrounding)) }
        return filled.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The lines, all but the first without the indentation that they share.
    private func dedented(_ quote: String) -> [String] {
        let lines = quote.split(separator: "\n", omittingEmptySubsequences: false)
        let indented = lines.dropFirst().filter { !$0.allSatisfy(\.isWhitespace) }
        let indentation = indented.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.enumerated().map { index, line in
            index == 0 ? String(line) : String(line.dropFirst(min(indentation, line.prefix { $0 == " " }.count)))
        }
    }

    /// A code span in a sentence is a command or a setting: nothing is let in that would need quoting.
    private mutating func fillProse(_ line: String) -> String {
        line.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            values.fill(String(part), in: index.isMultiple(of: 2) ? .prose : .otherCode)
        }.joined(separator: "`")
    }
}

extension Block {
    fileprivate var isParagraph: Bool { kind == .paragraph }
}
