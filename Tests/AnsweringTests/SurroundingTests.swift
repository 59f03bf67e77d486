import Answering
import Documents
import Foundation
import TestSupport
import Testing

private func filled(_ text: String, _ value: String, in context: Surrounding) -> String {
    var filling = ParameterValues(["x": value], for: [Parameter(name: "x", form: .text)])
    return filling.fill(text, in: context)
}

/// Quotation marks with something that combines with them are one character to a reader, and a quotation mark to a shell.
private let accent = "\u{301}"

@Test(
    arguments: [
        (.shell, "echo {{x}}", "x'\(accent); id; echo '\(accent)", #"echo 'x'\''\#(accent); id; echo '\''\#(accent)'"#),
        (.shell, "echo {{x}}", "-\(accent)rf", "echo {{x}}"),
        (.shell, "echo '\(accent){{x}}'", "a; id", "echo '\(accent){{x}}'"),
        (.shell, "echo \"\(accent){{x}}\"", "a; id", "echo \"\(accent){{x}}\""),
        (.shell, "rm ~/{{x}}", "~/\(accent)a b", "rm ~/'~/\(accent)a b'"),
        (.shell, "echo {{x}}", "a\u{212A}\u{37E}", "echo 'a\u{212A}\u{37E}'"),
        (.sql, "WHERE a = '{{x}}'", "'\(accent); DROP --'\(accent)", "WHERE a = '''\(accent); DROP --''\(accent)'"),
        (.sql, "GRANT a TO \"{{x}}\"", "b\"\(accent); DROP", "GRANT a TO \"b\"\"\(accent); DROP\""),
        (.sql, "SELECT '\(accent)', {{x}}", "a; DROP", "SELECT '\(accent)', {{x}}"),
        (.sql, "WHERE a = '{{x}}'", "\\\(accent)'; DROP", "WHERE a = '{{x}}'"),
        (.otherCode, "listen {{x}};", "80;\(accent)", "listen {{x}};"),
        (.prose, "Say {{x}}.", "<\(accent)b>", "Say {{x}}."),
    ] as [(Surrounding, String, String, String)])
func marksThatCombineHideNoQuotationMark(_ context: Surrounding, _ code: String, _ value: String, _ expected: String) {
    #expect(Array(filled(code, value, in: context).utf8) == Array(expected.utf8))
}

@Test(arguments: ["a/\(accent)../b", "../\(accent)a", "..", "a/../\(accent)b"])
func noFormTakesAClimbBehindACombiningMark(_ value: String) {
    let climbs = value.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    #expect(climbs == !Parameter.Form.text.accepts(value))
}

/// Where it is not certain what a shell or a database will read, only a value that means itself everywhere is let in.
@Test(
    arguments: [
        ("console", "# psql -c 'SELECT {{x}}'"), ("console", "$ rm {{x}}"), ("zsh", "# it's\nrm {{x}}"),
        ("bash", "(true)#it's done\necho '{{x}}'"), ("bash", "echo ${#a[@]}\necho {{x}}"),
        ("bash", "# rm '{{x}}'"), ("bash", "echo a\\\n# it's\necho '{{x}}'"),
        ("bash", "$ cat notes\nit's here\n$ psql -c 'SELECT {{x}}'"),
        ("bash", "root@db1:~# cat notes\nit's here\nroot@db1:~# rm '{{x}}'"),
        ("bash", "ssh web1 rm -- {{x}}"), ("bash", "ssh {{x}} id"), ("bash", "echo {{x}} | ssh web1 cat"),
        ("bash", "scp a web1:{{x}}"), ("bash", "eval rm {{x}}"), ("bash", "sh -c rm {{x}}"),
        ("bash", "/bin/bash -c rm {{x}}"), ("bash", "echo {{x}} | sh"), ("bash", "su - web -c rm {{x}}"),
        ("bash", "sudo -i rm {{x}}"), ("bash", "sudo -u web -s rm {{x}}"), ("bash", "sudo --login rm {{x}}"),
        ("bash", "watch ls {{x}}"), ("bash", "echo {{x}} | xargs rm"), ("bash", "docker exec web sh -c rm {{x}}"),
        ("bash", "kubectl exec web -- sh -c rm {{x}}"), ("bash", "find . -exec sh -c rm {{x}} ';'"),
        ("bash", "[[ {{x}} -eq 1 ]]"), ("bash", "echo $(( {{x}} ))"), ("bash", "alias a={{x}}"),
        ("bash", "echo \"$(dirname \"{{x}}\")\""), ("bash", "echo \"${a:-\"{{x}}\"}\""),
        ("bash", "echo `ls \"a\"` {{x}}"), ("bash", "cat <<< a {{x}}"), ("bash", "echo $'a\\'' {{x}}"),
        ("bash", "perl -e print {{x}}"), ("bash", "echo ${{x}}"), ("bash", "grep \\{{x}} f"),
        ("bash", "sed -i s/a/{{x}}/ f"),
        ("sql", "/* don't panic */ SELECT {{x}};"), ("sql", "/* don't panic */ SELECT '{{x}}';"),
        ("sql", "SELECT E'it\\'s', '{{x}}'"), ("sql", "SELECT $q$it's$q$, '{{x}}'"),
        ("sql", "\\echo it's\nSELECT '{{x}}'"),
        ("sql", "SELECT 5--3 'a\n, '{{x}}'"), ("sql", "# it's\nSELECT '{{x}}'"), ("sql", "-- by {{x}}"),
        ("sql", "SELECT q'[it's]', '{{x}}'"), ("sql", "mysql> SELECT 'a\n    '> b';\nmysql> SELECT '{{x}}'"),
        ("sql", "COPY t FROM stdin;\nit's\n\\.\nSELECT '{{x}}'"),
    ])
func whereTheReadingIsUncertainOnlyPlainValuesAreLetIn(_ language: String, _ code: String) {
    let context = Surrounding(language: language)
    for hostile in ["a; id", "a' b", "$(id)", "a b", "'; id; '", "1; DROP TABLE t; --"] {
        #expect(filled(code, hostile, in: context) == code)
    }
    #expect(filled(code, "web_1", in: context) == code.replacing("{{x}}", with: "web_1"))
}

/// A name that begins before the parameter would end where a quoted one begins.
@Test func aPartOfANameIsNotQuoted() {
    #expect(filled("DROP TABLE t_{{x}};", "a-b", in: .sql) == "DROP TABLE t_{{x}};")
    #expect(filled("DROP TABLE t_{{x}};", "a_b", in: .sql) == "DROP TABLE t_a_b;")
}

/// What is certain goes on being quoted: nobody is asked for a value that the ticket gives.
@Test(arguments: [
    ("bash", "# don't forget\ncp '/a' {{x}}", "# don't forget\ncp '/a' 'a b'"),
    ("bash", "  # don't forget\ncp {{x}} b", "  # don't forget\ncp 'a b' b"),
    ("bash", "sudo -u web ls -i {{x}}", "sudo -u web ls -i 'a b'"),
    ("bash", "ssh-keygen -f {{x}}", "ssh-keygen -f 'a b'"),
    ("bash", "./deploy.sh {{x}}", "./deploy.sh 'a b'"),
    ("bash", "echo \"${HOME}\" $(ls {{x}})", "echo \"${HOME}\" $(ls 'a b')"),
    ("bash", "echo \\\n  {{x}}", "echo \\\n  'a b'"),
    ("bash", "cp {{x}} {{node}}", "cp 'a b' {{node}}"),
    ("sql", "SELECT 1 -- don't\n, '{{x}}'", "SELECT 1 -- don't\n, 'a b'"),
])
func whereTheReadingIsCertainValuesAreQuoted(_ language: String, _ code: String, _ expected: String) {
    #expect(filled(code, "a b", in: Surrounding(language: language)) == expected)
}

/// Whatever the value: a shell that reads the command sees the value's bytes as one word, and runs nothing else.
@Test(arguments: 0..<60) func aShellReadsEveryValueAsItself(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let pieces = [
        "'", "\"", "`", "\\", "$(echo no)", ";", " ", accent, "\u{20D2}", "a", "é", "~/", "#", "!", "&", "{a,b}", "*",
    ]
    let value = (0..<8).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    let command = filled("printf %s {{x}}", value, in: .shell)
    guard Parameter.Form.text.accepts(value) else { return }
    if value.utf8.starts(with: "~/".utf8) { return }
    let shell = Process()
    let output = Pipe()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", command]
    shell.standardOutput = output
    try shell.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(Array(bytes) == Array(value.utf8), "\(command)")
}
