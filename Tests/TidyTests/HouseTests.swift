import Foundation
import TestSupport
import Testing

@Test func theArchitecturePageNamesEveryRoom() throws {
    let page = try String(contentsOf: Repository.root.appending(path: "docs/ARCHITECTURE.md"), encoding: .utf8)
    let rooms = try FileManager.default.contentsOfDirectory(atPath: Repository.root.appending(path: "Sources").path)
    #expect(rooms.filter { !page.contains("`\($0)`") } == [])
}

@Test(arguments: SourceFile.all) func aFileIsOneNoun(_ file: SourceFile) {
    let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
    #expect(lines <= 300, "split it by noun")
}

@Test(arguments: SourceFile.all) func nothingIsLeftUnfinished(_ file: SourceFile) {
    let marks = ["TO" + "DO", "FIX" + "ME", "fatal" + "Error(", "tr" + "y! ", " as" + "! ", "unsafe" + "Flags"]
    #expect(marks.filter(file.text.contains) == [])
}

@Test(arguments: SourceFile.all) func filesHaveTheNamesOfNouns(_ file: SourceFile) {
    let name = file.url.deletingPathExtension().lastPathComponent
    let banned = ["Utils", "Utilities", "Helpers", "Helper", "Extensions", "Common", "Manager", "Service", "Misc"]
    #expect(banned.filter { name.hasSuffix($0) } == [])
}

@Test func decisionRecordsAreNumberedWithoutGaps() throws {
    let names = try FileManager.default.contentsOfDirectory(
        atPath: Repository.root.appending(path: "docs/decisions").path
    ).filter { $0.hasSuffix(".md") }.sorted()
    let numbers = names.compactMap { Int($0.prefix(4)) }
    #expect(numbers == Array(1...max(numbers.count, 1)))
    #expect(numbers.count == names.count)
}
