import LexicalSearch
import TestSupport
import Testing

@Suite struct AnalyserTests {
    private let analyser = Analyser()

    @Test(arguments: [
        ("", []),
        ("Connections are failing", ["connect", "are", "fail"]),
        ("Café RÉSUMÉ naïve Ångström", ["cafe", "resum", "naiv", "angstrom"]),
        ("cafe\u{301}", ["cafe"]),
        ("Straße ŒUVRE Øre Łódź", ["strass", "oeuvr", "ore", "lodz"]),
        ("con\u{FB01}gured ﬁle", ["configur", "file"]),
        ("ＡＢＣ　１２３", ["abc", "123"]),
        ("ΟΔΟΣ οδός", ["οδοσ", "οδοσ"]),
        ("Ёлка елка", ["елка", "елка"]),
        ("data\u{AD}base zero\u{200B}width", ["databas", "zero", "width"]),
        ("don't don\u{2019}t dog's 'quoted'", ["don't", "don't", "dog", "quot"]),
        ("well-known and/or", ["well", "known", "and", "or"]),
        ("数据库错误", ["数据", "据库", "库错", "错误"]),
        ("猫", ["猫"]),
        ("重启nginx服务", ["重启", "nginx", "服务"]),
        ("서버 오류", ["서버", "오류"]),
        ("हिन्दी", ["हिन्दी"]),
        ("🚀 launch…done", ["launch", "done"]),
        ("\u{0}\u{FFFD}—“quoted”", ["quot"]),
    ])
    func wordsAreFoldedAndStemmed(text: String, words: [String]) {
        #expect(analyser.terms(of: text).words == words)
    }

    @Test(arguments: [
        ("error (E4304).", ["e4304"]), ("e4304", ["e4304"]), ("`ORA-00933`:", ["ora-00933"]),
        ("0x80070005", ["0x80070005"]), ("SQLSTATE 53300, 40P01;28P01", ["53300", "40p01", "28p01"]),
        ("HTTP 503!", ["503"]), ("status=203/EXEC", ["203/exec", "203"]),
        ("java.lang.NullPointerException", ["java.lang.nullpointerexception"]),
        ("--no-verify", ["--no-verify"]), ("[--output=json]", ["--output"]), ("-v -V", ["-v", "-V"]),
        ("-Xmx512m", ["-Xmx512m"]), ("/etc/nginx/nginx.conf,", ["/etc/nginx/nginx.conf", "nginx.conf"]),
        ("see /var/log/.", ["/var/log"]), ("~/.bashrc", ["~/.bashrc", ".bashrc"]),
        ("../conf/a.yaml", ["/conf/a.yaml", "a.yaml"]), (#"C:\x"#, [#"c:\x"#]), (#"\\host\share"#, [#"\\host\share"#]),
        ("db1.example.com", ["db1.example.com"]),
        ("db1.example.com:5432", ["db1.example.com:5432", "db1.example.com", "5432"]),
        ("https://example.com/a?b=1", ["https://example.com/a", "example.com"]),
        ("root@db-7.internal", ["root@db-7.internal", "db-7.internal"]), ("10.0.0.1", ["10.0.0.1"]),
        ("15.4", ["15.4"]), ("v1.29 1.29", ["1.29", "1.29"]), ("main.c .env", ["main.c", ".env"]),
        ("snake_case", ["snake_case"]), ("_id", ["_id"]),
        ("std::vector", ["std::vector"]), ("camelCase", ["camelcase"]), ("CrashLoopBackOff", ["crashloopbackoff"]),
        ("HTTPServer", ["httpserver"]), ("错误E4304。", ["e4304"]),
    ])
    func identifiersAreKeptWhole(text: String, identifiers: [String]) {
        #expect(analyser.terms(of: text).identifiers == identifiers)
    }

    @Test(arguments: [
        "The end. Next", "...and", "---x", "U.S.A", "well-known", "e.g. this, i.e. that", "OOM", "PDFs", "12 of 40",
        "a - b -- c --- d", "...",
        "/",
        "key:value", "Really?!", "it's", "-", "@", "~", "50%", "note:", "(see above)",
    ])
    func proseHoldsNoIdentifiers(text: String) {
        #expect(analyser.terms(of: text).identifiers == [])
    }

    @Test(arguments: [
        ("CrashLoopBackOff", ["crashloopbackoff", "crash", "loop", "back", "off"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("max_connections", ["max", "connect"]),
        ("/etc/nginx/nginx.conf", ["etc", "nginx", "nginx", "conf"]),
        ("--no-verify", ["no", "verifi"]),
        ("mRNA", ["mrna", "rna"]),
        ("E4304", ["e4304"]),
    ])
    func identifiersGiveTheirPartsAsWords(text: String, words: [String]) {
        #expect(analyser.terms(of: text).words == words)
    }

    @Test func longWordsAreCutOnAScalarBoundary() {
        let long = String(repeating: "x", count: 63) + "é" + String(repeating: "ж", count: 40)
        #expect(analyser.terms(of: long).words == [String(repeating: "x", count: 63) + "e"])
        let odd = String(repeating: "x", count: 63) + "жa"
        #expect(analyser.terms(of: odd).words == [String(repeating: "x", count: 63)])
    }

    @Test func longIdentifiersAreCut() {
        let path = "/" + String(repeating: "a", count: 500)
        #expect(analyser.terms(of: path).identifiers == [String(path.prefix(128))])
    }

    /// However the megabyte is made up, what comes out is bounded by what went in.
    @Test(arguments: [
        "a", "aA", "/a", "a.", "A1-", "_", "'", "a'", "é", "\u{301}", "数", "-", "x\u{301}", "\\a:", "v1.", "🚀",
    ])
    func aMegabyteWithoutASpaceGivesTermsInProportion(unit: String) {
        let analysed = analyser.terms(of: String(repeating: unit, count: 1_000_000 / unit.utf8.count))
        let byteCount = (analysed.words + analysed.identifiers).reduce(0) { $0 + $1.utf8.count }
        #expect(byteCount <= 4_000_000)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func anyTextGivesWellFormedTerms(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array("aZ09 _-./:\\@~'’\"\n\tÉßﬁ数カ서ไ\u{301}\u{200D}🚀\u{10FFFF}𝐀").map(String.init)
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0..<60, using: &generator))
                .map { _ in alphabet.randomElement(using: &generator) ?? "" }.joined()
            let analysed = analyser.terms(of: text)
            #expect(analysed == analyser.terms(of: text))
            for word in analysed.words {
                #expect(
                    !word.isEmpty && word.utf8.count <= 64 && !word.contains { " _-./:\\@~AZ".contains($0) }, "\(text)")
            }
            for identifier in analysed.identifiers {
                #expect((1...128).contains(identifier.utf8.count), "\(text)")
                #expect(identifier.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(text)")
            }
        }
    }

    /// Samples of Snowball's own vocabulary (<https://snowballstem.org/algorithms/english/stemmer.html>).
    @Test(arguments: [
        ("consistency", "consist"), ("knightly", "knight"), ("kneeling", "kneel"), ("consolatory", "consolatori"),
        ("generously", "generous"), ("skies", "sky"),
    ])
    func stemsAreSnowballs(word: String, stem: String) {
        #expect(analyser.terms(of: word).words == [stem])
    }
}
