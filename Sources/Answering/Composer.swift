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
        /// What the sentence says that is the first block's part in it; `nil` where all of the block is said.
        var words: String?

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
            if block.isParagraph && !block.quoted {
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
        let units =
            plan.page.format == .markdown
            ? sentenceRanges(in: plan.bytes, of: block.byteRange).map {
                Unit(byteRange: $0, blocks: [block], words: written($0))
            }
            : block.sentences.map { Unit(byteRange: $0.byteRange, blocks: [block], words: $0.text) }
        return units.filter { !isAboutThePage($0.byteRange) }
    }

    /// Markdown is said as it is written.
    private func written(_ range: Range<Int>) -> String {
        String(decoding: plan.bytes[range], as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
    }

    /// What a page says about itself ("This page shows …") answers nobody.
    private func isAboutThePage(_ range: Range<Int>) -> Bool {
        plan.bytes[range].starts(with: Array("This page ".utf8))
    }

    private mutating func statement(_ unit: Unit, in section: Section) -> Statement {
        let quote = String(decoding: plan.bytes[unit.byteRange], as: UTF8.self)
        let citation = Citation(
            document: plan.document.id, revision: plan.document.revision, headingPath: section.headingPath,
            byteRange: unit.byteRange, page: plan.page.pageNumber(at: unit.byteRange.lowerBound), quote: quote)
        return Statement(text: text(of: unit), appliesTo: appliesTo, citations: [citation])
    }

    /// The unit's blocks with parameters filled in, each by what it is; a list item begins with its number or bullet.
    private mutating func text(of unit: Unit) -> String {
        let words = unit.words.map { fillProse($0) }
        let texts = (words.map { [$0] } ?? []) + unit.blocks.dropFirst(words == nil ? 0 : 1).map { filled($0) }
        let marker = unit.blocks[0].step == nil ? "" : unit.number.map { "\($0). " } ?? "- "
        return marker + texts.joined(separator: "\n\n")
    }

    private mutating func filled(_ block: Block) -> String {
        switch block.kind {
        case .code(let language):
            let code = values.fill(block.text, in: Surrounding(language: language))
            let fence = String(repeating: "`", count: max(3, longestBacktickRun(in: code) + 1))
            return "\(fence)\(language ?? "")\n\(code)\n\(fence)"
        case .paragraph, .heading, .footnote: return fillProse(block.markup)
        case .table, .html: return values.fill(block.markup, in: .otherCode)
        }
    }

    /// A code span in a sentence is a command or a setting, and markup may be one: nothing is let in there that would
    /// need quoting.
    private mutating func fillProse(_ text: String) -> String {
        values.fill(text, in: text.contains { $0 == "`" || $0 == "<" } ? .otherCode : .prose)
    }

    private func longestBacktickRun(in text: String) -> Int {
        text.split { $0 != "`" }.map(\.count).max() ?? 0
    }
}

extension Block {
    fileprivate var isParagraph: Bool { kind == .paragraph }
}
