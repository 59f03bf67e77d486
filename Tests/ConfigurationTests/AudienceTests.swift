import Configuration
import Foundation
import TestSupport
import Testing

/// Audiences are ordered from the widest to the narrowest: who reads as one sees it and all before it.
@Suite struct AudienceTests {
    private let folder = try! TemporaryFolder()

    @Test(arguments: [
        ("public", ["public"]), ("partners", ["public", "partners"]), ("internal", ["public", "partners", "internal"]),
    ])
    func aReaderSeesItsOwnAudienceAndTheWiderOnes(reader: String, visible: [String]) throws {
        #expect(try configuration("audiences: [public, partners, internal]").visibleAudiences(to: reader) == visible)
    }

    @Test(arguments: ["secret", "", "Public", "public "]) func anUnknownReaderSeesNothing(_ reader: String) throws {
        let configuration = try configuration("")
        #expect(throws: ConfigurationError.unknownAudience(got: reader, expected: ["public", "internal"])) {
            try configuration.visibleAudiences(to: reader)
        }
    }

    @Test func aPageThatNamesNoAudienceGetsTheNarrowest() throws {
        #expect(try configuration("audiences: [everyone, staff, admins]").defaultAudience == "admins")
        #expect(try configuration("audiences: [everyone]").defaultAudience == "everyone")
    }

    @Test func theDefaultAudienceIsOneOfTheList() throws {
        #expect(try configuration("default_audience: public").defaultAudience == "public")
        #expect(throws: ConfigurationError.unknownAudience(got: "internal", expected: ["everyone", "staff"])) {
            try configuration("audiences: [everyone, staff]\ndefault_audience: internal")
        }
    }

    @Test(arguments: [
        (
            ConfigurationError.unknownAudience(got: "x", expected: ["a", "b"]),
            "audience \"x\" is not one of a, b; add it to `audiences` in docket.yaml"
        ),
        (
            .unknownSetting(path: "/d.yaml", setting: "x", known: ["a", "b"]),
            "/d.yaml: unknown setting \"x\"; known are a, b"
        ),
        (
            .badValue(setting: "threads in /d.yaml", got: "x", expected: "a whole number"),
            "setting threads in /d.yaml: got \"x\", expected a whole number"
        ),
        (.unreadable(path: "/d.yaml", errno: EISDIR), "/d.yaml: cannot be read: Is a directory"),
        (.invalidYAML(path: "/d.yaml", line: 3, detail: "x"), "/d.yaml:3: x"),
        (.invalidYAML(path: "/d.yaml", line: nil, detail: "x"), "/d.yaml: x"),
        (.tooLarge(path: "/d.yaml", expectedByteCountMax: 9), "/d.yaml: has more than 9 bytes; it is no settings file"),
    ])
    func anErrorSaysWhatAndWhere(error: ConfigurationError, text: String) {
        #expect(error.description == text)
    }

    private func configuration(_ text: String) throws -> Configuration {
        let url = try folder.write(text, to: "docket.yaml")
        return try Configuration(flags: Configuration.Layer(), environment: [:], file: url, processorCount: 1)
    }
}
