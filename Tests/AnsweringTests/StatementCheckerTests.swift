import Answering
import Testing

private func verdict(_ statement: String, _ quote: String, _ values: [String: String] = [:]) -> Verdict {
    StatementChecker().judge(statement, citing: [quote], values: values)
}

/// A statement that the span supports, and the same made false, with what has to be found.
struct CheckerPair: CustomStringConvertible, Sendable {
    let quote: String
    let supported: String
    let unsupported: String
    let kind: Verdict.Kind

    init(_ kind: Verdict.Kind, _ quote: String, _ supported: String, not unsupported: String) {
        self.quote = quote
        self.supported = supported
        self.unsupported = unsupported
        self.kind = kind
    }

    var description: String { "\(kind.rawValue): \(unsupported)" }
}

@Test(arguments: [
    CheckerPair(.number, "Wait for 30 s.", "Wait 30 seconds.", not: "Wait 30 minutes."),
    CheckerPair(.number, "Wait for 60 s.", "Wait a minute: 1 min.", not: "Wait 6 s."),
    CheckerPair(
        .number, "The pool has 1,000 slots.", "There are 1000 slots in the pool.", not: "The pool has 100 slots."),
    CheckerPair(.number, "Give it 1 GiB of memory.", "It gets 1024 MiB of memory.", not: "Give it 1 GB of memory."),
    CheckerPair(
        .number, "Up to 80% of the disk is used.", "Up to 80 percent of the disk is used.",
        not: "Up to 85% of the disk is used."),
    CheckerPair(.number, "Use 5–10 workers.", "Use 5 to 10 workers.", not: "Use 5–12 workers."),
    CheckerPair(.number, "It takes three minutes.", "It takes 3 minutes.", not: "It takes four minutes."),
    CheckerPair(.number, "The limit is 0.", "No limit: it is zero.", not: "The limit is 1."),
    CheckerPair(.number, "It holds since 8.0.", "It holds from 8.0 on.", not: "It holds since 8."),
    CheckerPair(.identifier, "It changed in 1.25.1.", "In 1.25.1 it was changed.", not: "It changed in 1.25.2."),
    CheckerPair(
        .identifier, "The client prints E4304.", "E4304 is printed by the client.", not: "The client prints E4305."),
    CheckerPair(.code, "Use `tar -v` for names.", "For names use `tar -v`.", not: "Use `tar -V` for names."),
    CheckerPair(.code, "Run `nginx -t` first.", "First run `nginx -t`.", not: "Run `nginx -T` first."),
    CheckerPair(.code, "Read `/etc/nginx/nginx.conf`.", "Read `/etc/nginx/nginx.conf`.", not: "Read `/etc/nginx`."),
    CheckerPair(
        .identifier, "Look at web1.example.org.", "Look at web1.example.org.", not: "Look at web2.example.org."),
    CheckerPair(
        .quotation, "It says “no space left”.", "“no space left” is what it says.", not: "The message is “disk full”."),
    CheckerPair(.name, "Debian ships it.", "It comes with Debian.", not: "It comes with Fedora."),
])
func factsMustOccurInTheSpan(_ pair: CheckerPair) { check(pair) }

@Test(arguments: [
    CheckerPair(
        .negation, "The change needs no restart of the server.", "No restart of the server is needed for the change.",
        not: "The change needs a restart of the server."),
    CheckerPair(
        .negation, "Do not delete the old files.", "Never delete the old files.", not: "Delete the old files."),
    CheckerPair(
        .negation, "The replica cannot be written to.", "The replica can not be written to.",
        not: "The replica can be written to."),
    CheckerPair(
        .negation, "The command runs without root.", "The command runs without root.",
        not: "The command runs with root."),
    CheckerPair(
        .modality, "You must restart the server after the change.", "You have to restart the server after the change.",
        not: "You may restart the server after the change."),
    CheckerPair(
        .modality, "Customers should open a ticket for that.", "Customers should open a ticket for that.",
        not: "Customers must open a ticket for that."),
    CheckerPair(
        .contrary, "Take the backup before the upgrade begins.", "Take the backup before the upgrade starts.",
        not: "Take the backup after the upgrade begins."),
    CheckerPair(
        .contrary, "Enable the module in the configuration.", "Activate the module in the configuration.",
        not: "Disable the module in the configuration."),
    CheckerPair(
        .contrary, "The file needs at least the mode of the group.", "The file needs at least the mode of the group.",
        not: "The file needs at most the mode of the group."),
    CheckerPair(
        .relation, "Copy the file from the primary.", "Copy the file from the primary.",
        not: "Copy the file into the primary."),
    CheckerPair(
        .restriction, "Only the owner may read the file.", "The file may be read by the owner only.",
        not: "The owner may read the file."),
    CheckerPair(
        .exchange, "The client sends a request to the server.", "A request is sent to the server by the client.",
        not: "The server sends a request to the client."),
    CheckerPair(
        .uncovered, "Restart the worker after the change.", "After the change, restart the worker.",
        not: "Restart the router after the change."),
])
func aCopyMayNotSaySomethingElse(_ pair: CheckerPair) { check(pair) }

private func check(_ pair: CheckerPair) {
    #expect(verdict(pair.supported, pair.quote).isSupported, "\(verdict(pair.supported, pair.quote))")
    let wrong = verdict(pair.unsupported, pair.quote)
    #expect(!wrong.isSupported)
    #expect(wrong.reasons.contains { $0.kind == pair.kind && $0.isVeto }, "\(wrong)")
}

@Test(arguments: [
    "Restart nginx with `systemctl restart nginx`; do **not** kill it.",
    "| `a` | 1 | not set |\n|---|---|---|\n| `b` | 2 | never |",
    "```bash\nsudo tail -n 5 /var/log/syslog | sort\n```",
    "See [the *other* page](a.md#b), not [this](b.md).",
    "„Ünicode“ — and 1,5 of it…",
])
func aCopyIsSupported(_ text: String) {
    #expect(verdict(text, text).isSupported)
    #expect(verdict(text, "Before.\n\n" + text + "\n\nBehind.").isSupported)
}

@Test func marksOfOtherFormatsAreNoDifference() {
    #expect(verdict("Run `uptime`, then wait.", "Run ``uptime``, then wait.").isSupported)
    #expect(verdict("Run `uptime`, then wait.", "<p>Run <code>uptime</code>, then\nwait.</p>").isSupported)
    #expect(verdict("The steps are in Extend a volume.", "The steps are in `Extend a volume <a.rst>`__.").isSupported)
    #expect(verdict("```\nls | sort\n```", "    ls | sort").isSupported)
    #expect(
        verdict("Wait 30 seconds — now & here.", "<p>Wait &#51;0&nbsp;seconds &mdash; now &amp; here.</p>").isSupported)
    #expect(
        !verdict("Wait 40 seconds — now & here.", "<p>Wait &#51;0&nbsp;seconds &mdash; now &amp; here.</p>").isSupported
    )
}

@Test func aParameterMayStandForItsName() {
    let quote = "Run `ping {{host}}`."
    #expect(verdict("Run `ping db1.example.org`.", quote, ["host": "db1.example.org"]).isSupported)
    #expect(verdict("Run `ping {{host}}`.", quote, ["host": "db1.example.org"]).isSupported)
    #expect(!verdict("Run `ping db2.example.org`.", quote, ["host": "db1.example.org"]).isSupported)
    #expect(!verdict("Run `ping db1.example.org`.", quote).isSupported)
}

@Test(arguments: [
    ("It needs 2048-bit keys.", "Keys need 2048 bits, as 2048-bit keys do.", true),
    ("Wait for a 30-minute window.", "The window lasts 30 minutes: wait for it.", true),
    ("Wait for a 30-minute window.", "The window lasts 40 minutes: wait for it.", false),
    ("There are twenty-five seats.", "There are 25 seats.", true),
    ("There are twenty-five seats.", "There are 26 seats.", false),
    ("All three roles are bound.", "The roles reader, writer and owner are all bound.", true),
])
func numbersAreReadInWordsToo(_ statement: String, _ quote: String, _ isSupported: Bool) {
    #expect(!verdict(statement, quote).reasons.contains { $0.kind == .number } == isSupported)
}

@Test func whatIsTooLongToCompareIsNotSupported() {
    let words = (0..<3_000).map { "word\($0)" }.joined(separator: " ")
    #expect(verdict(words, words).isSupported)
    #expect(verdict(words + " and more", words).reasons.map(\.kind) == [.tooLong])
    #expect(verdict("word1 " + words.prefix(9_000), words + "!").reasons.map(\.kind) == [.tooLong])
    let long = String(repeating: "a ", count: 1 << 21) + "end"
    #expect(verdict(long, long).reasons.map(\.kind) == [.tooLong])
}

/// A value that looks like another parameter stands for itself.
@Test func aValueIsNotReadAgain() {
    let values = ["a": "{{b}}", "b": "two"]
    #expect(verdict("Say `{{b}}`.", "Say `{{ a }}`.", values).isSupported)
    #expect(!verdict("Say `two`.", "Say `{{a}}`.", values).isSupported)
}

@Test func nothingSupportsAStatementThatCitesNothing() {
    #expect(StatementChecker().judge("Wait.", citing: []).reasons.map(\.kind) == [.uncited])
    #expect(!verdict("Wait.", " \n").isSupported)
}

@Test func fluentSentencesAboutSomethingElseAreNotSupported() {
    let quote = "The pool is exhausted when every connection is in use; raise the limit or close idle sessions."
    for statement in [
        "Our engineers recommend to contact the vendor for a firmware update.",
        "The database migrates automatically to a newer region during the night.",
        "Clearing the browser cache usually resolves the login problem for most people.",
    ] {
        #expect(!verdict(statement, quote).isSupported, "\(statement)")
    }
}

@Test func aReasonNamesTheWords() throws {
    let reasons = verdict("Wait 31 seconds.", "Wait 30 seconds.").reasons
    let reason = try #require(reasons.first { $0.kind == .number })
    #expect(reason.words == "31 seconds")
}
