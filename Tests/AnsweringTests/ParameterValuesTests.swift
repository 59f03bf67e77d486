import Answering
import Documents
import Testing

private func filled(
    _ text: String, _ values: [String: String], form: Parameter.Form = .text, in context: Surrounding
) -> String {
    var filling = ParameterValues(values, for: [Parameter(name: "x", form: form)])
    return filling.fill(text, in: context)
}

@Test(arguments: [
    ("cat {{x}}", "/etc/hosts", "cat /etc/hosts"),
    ("cat {{x}}", "/srv/my files/a", "cat '/srv/my files/a'"),
    ("cat {{x}}", "it's", #"cat 'it'\''s'"#),
    ("cat {{x}}", "a; rm -rf /", "cat 'a; rm -rf /'"),
    ("cat {{x}}", "$(reboot)", "cat '$(reboot)'"),
    ("cat \"{{x}}\"", "plain-1.2", "cat \"plain-1.2\""),
    // Inside quotation marks nothing that would need others is let in.
    ("cat \"{{x}}\"", "$(reboot)", "cat \"{{x}}\""),
    ("cat '{{x}}'", "a b", "cat '{{x}}'"),
    ("cat \\\"{{x}}", "a b", "cat \\\"'a b'"),
    // What begins like an option could become one.
    ("cat {{x}}", "-rf", "cat {{x}}"),
    ("cat {{x}}", "", "cat {{x}}"),
    ("cat {{x}}", "a\nb", "cat {{x}}"),
    ("{{x}} {{x}}", "v", "v v"),
    ("{{ x }}", "v", "v"),
    ("{{x", "v", "{{x"),
    ("{{#x}}", "v", "{{#x}}"),
])
func shellValuesAreQuotedOrRefused(_ text: String, _ value: String, _ expected: String) {
    #expect(filled(text, ["x": value], in: .shell) == expected)
}

@Test(arguments: [
    ("WHERE name = '{{x}}'", "o'brien", "WHERE name = 'o''brien'"),
    ("WHERE name = '{{x}}'", "a'; DROP TABLE t; --", "WHERE name = 'a''; DROP TABLE t; --'"),
    ("WHERE name = '{{x}}' AND b = {{x}}", "a b", "WHERE name = 'a b' AND b = {{x}}"),
    ("ALTER ROLE {{x}}", "shop", "ALTER ROLE shop"),
    ("ALTER ROLE {{x}}", "shop; DROP", "ALTER ROLE {{x}}"),
])
func sqlValuesAreQuotedOrRefused(_ text: String, _ value: String, _ expected: String) {
    #expect(filled(text, ["x": value], in: .sql) == expected)
}

@Test func otherCodeTakesPlainValuesOnly() {
    #expect(filled("listen {{x}};", ["x": "8080"], in: .otherCode) == "listen 8080;")
    #expect(filled("listen {{x}};", ["x": "80; return 200"], in: .otherCode) == "listen {{x}};")
}

@Test func aValueIsNeverFilledAgain() {
    var values = ParameterValues(["x": "{{y}}", "y": "z"], for: [Parameter(name: "x"), Parameter(name: "y")])
    #expect(values.fill("say {{x}}", in: .shell) == "say '{{y}}'")
}

@Test(arguments: [
    (Parameter.Form.host, ["db1.example.org", "192.0.2.7", "2001:db8::1"], ["db1; id", "-h", "a b", "$(id)"]),
    (.port, ["1", "65535"], ["0", "65536", "x", "22 ", "+22"]),
    (.path, ["/var/lib/x", "~/.ssh/id", "./a", "C:\\data", "data/x"], ["-rf", "a\u{0}b"]),
    (.name, ["shop_db", "web-1", "user@host"], ["-x", "a b", "a;b", "`id`"]),
    (.user, ["ann", "svc$", "a.b"], ["root`reboot`", "a b"]),
    (.integer, ["0", "42"], ["-1", "4.2", "1234567890123456789", "1;2"]),
    (.url, ["https://example.org/a?b=c"], ["javascript", "https://a b", "https://a`id`"]),
    (.duration, ["30s", "5min", "1.5h", "10"], ["soon", "5 minutes"]),
    (.size, ["10G", "512MiB", "100"], ["big", "10 G"]),
    (.version, ["15.4", "v1.29", "9.2p1"], ["latest", "15; id"]),
])
func formsAcceptAndRefuse(_ form: Parameter.Form, _ good: [String], _ bad: [String]) {
    #expect(good.filter { !form.accepts($0) } == [])
    #expect(bad.filter { form.accepts($0) } == [])
}

@Test func whatIsMissingOrRefusedIsAskedFor() {
    let parameters = [
        Parameter(name: "host", form: .host, description: "the host name of the database server"),
        Parameter(name: "port", form: .port, description: "the port"),
    ]
    var values = ParameterValues(["host": "db1; reboot"], for: parameters)
    let text = values.fill("psql -h {{host}} -p {{port}} {{host}} {{other}}", in: .shell)
    #expect(text == "psql -h {{host}} -p {{port}} {{host}} {{other}}")
    #expect(values.missing == ["host", "port"])
    #expect(values.questions.count == 2)
    #expect(values.questions[0].contains("“db1; reboot”") && values.questions[0].contains("a host name"))
    #expect(values.questions[1] == "What is the port? ({{port}})")
}

@Test(
    arguments: [
        // Opened on an earlier line, in a here-document, behind a comment's apostrophe.
        ("echo \"a\nb {{x}}\"", "x $(id)", nil),
        ("cat <<EOF\n{{x}}\nEOF", "x $(id)", nil),
        ("# it's here\necho \"it's {{x}}\"", "x $(id)", nil),
        ("# it's here\necho {{x}}", "x $(id)", "# it's here\necho 'x $(id)'"),
        ("echo 'a\\' {{x}}", "a b", "echo 'a\\' 'a b'"),
        ("echo `ls {{x}}`", "a b", nil),
        ("echo $(ls {{x}})", "a b", "echo $(ls 'a b')"),
    ] as [(String, String, String?)])
func aValueCannotBreakOutOfWhatWasOpenedBefore(_ code: String, _ value: String, _ expected: String?) {
    #expect(filled(code, ["x": value], in: .shell) == expected ?? code)
}

@Test(
    arguments: [
        ("SELECT 'a' -- it's\n, {{x}}", "a b", nil),
        ("SELECT 'a' -- it's\n, '{{x}}'", "a b", "SELECT 'a' -- it's\n, 'a b'"),
        ("SELECT E'{{x}}'", "\\'; DROP", nil),
        ("SELECT $$'{{x}}'$$", "$$ a", nil),
    ] as [(String, String, String?)])
func sqlIsReadAcrossLinesAndComments(_ code: String, _ value: String, _ expected: String?) {
    #expect(filled(code, ["x": value], in: .sql) == expected ?? code)
}

/// A name that the page does not declare is part of its text, whatever the ticket gives.
@Test func onlyDeclaredNamesAreFilledAndAskedFor() {
    var values = ParameterValues(["item": "x"], for: [])
    #expect(values.fill("loop {{ item }}", in: .shell) == "loop {{ item }}")
    #expect(values.questions == [])
}

@Test(arguments: [
    ("chmod 600 {{x}}", "~/.ssh/id_work", "chmod 600 ~/.ssh/id_work"),
    ("chmod 600 {{x}}", "~/my keys/id", "chmod 600 ~/'my keys/id'"),
    ("key={{x}}", "~/.ssh/id", "key=~/.ssh/id"),
    ("echo a:{{x}}", "~/b c", "echo a:'~/b c'"),
    ("echo $'a\\'b {{x}}'", "; id", "echo $'a\\'b {{x}}'"),
])
func aHomeFolderStaysOne(_ code: String, _ value: String, _ expected: String) {
    #expect(filled(code, ["x": value], in: .shell) == expected)
}

@Test(arguments: [
    ("CREATE SCHEMA AUTHORIZATION {{x}}", "app-user", "CREATE SCHEMA AUTHORIZATION \"app-user\""),
    ("WHERE id = {{x}} AND tenant = 5", "1--", "WHERE id = \"1--\" AND tenant = 5"),
    ("WHERE id = {{x}}", "1 OR 1=1", "WHERE id = {{x}}"),
    ("WHERE id = {{x}}", "1or1", "WHERE id = \"1or1\""),
    ("GRANT x TO \"{{x}}\"", "a\"b", "GRANT x TO \"a\"\"b\""),
    ("LIMIT {{x}}", "10", "LIMIT 10"),
])
func sqlNamesAreQuotedAsNames(_ code: String, _ value: String, _ expected: String) {
    #expect(filled(code, ["x": value], in: .sql) == expected)
}

@Test(arguments: ["x/../../etc", "../a", "/srv/..", "a\u{202e}b", "a\u{200b}b"])
func noFormTakesWhatClimbsOrHides(_ value: String) {
    #expect(Parameter.Form.allCases.filter { $0.accepts(value) } == [])
}

@Test(arguments: ["[click](https://example.org)", "<img src=x>", "a | b", "`id`", "*bold*"])
func proseTakesNoMarkup(_ value: String) {
    #expect(filled("Say {{x}}.", ["x": value], in: .prose) == "Say {{x}}.")
}
