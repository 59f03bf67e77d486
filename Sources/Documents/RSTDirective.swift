/// `.. name:: argument` and what the reader does with it.
struct RSTDirective {
    enum Kind {
        /// The body is code in the argument's language.
        case code
        /// The body is quoted: a note, a warning.
        case admonition
        /// The argument is a version, said in words.
        case version(String)
        /// The argument is a signature or an option, the body describes it.
        case object
        /// The argument is a place; a figure's body is its caption.
        case image
        /// Rows of lists, rows of comma-separated values.
        case listTable, valueTable
        /// The argument steers the output only; the body is text.
        case wrapper
        /// Nothing of it is text of the page.
        case skipped
        /// Of another extension: argument and body are kept as text.
        case other
    }

    private static let nameByteCountMax = 64

    let name: String
    /// On the directive's line, without white space around it.
    let argument: Range<Int>

    /// The directive that begins at `start`, behind ".. ".
    init?(at start: Int, to end: Int, in bytes: [UInt8]) {
        var index = start
        while index < end, isLetterOrDigit(bytes[index]) || "-_+.:".utf8.contains(bytes[index]) {
            if bytes[index] == UInt8(ascii: ":"), index + 1 < end, bytes[index + 1] == UInt8(ascii: ":"), index > start
            {
                break
            }
            index += 1
        }
        guard index + 1 < end, bytes[index] == UInt8(ascii: ":"), index - start <= Self.nameByteCountMax,
            index + 2 == end || bytes[index + 2].isBlank
        else { return nil }
        name = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
        argument = (index + 2..<end).trimmingStart(in: bytes)
    }

    var kind: Kind {
        if let kind = Self.kinds[name] { return kind }
        // A domain's object: py:function, c:macro.
        if let colon = name.firstIndex(of: ":") {
            return ["module", "currentmodule", "namespace"].contains(String(name[name.index(after: colon)...]))
                ? .skipped : .object
        }
        return name.hasPrefix("auto") || name.hasSuffix("graph") ? .skipped : .other
    }

    private static let kinds: [String: Kind] = {
        var kinds: [String: Kind] = [
            "versionadded": .version("New in version "), "versionchanged": .version("Changed in version "),
            "deprecated": .version("Deprecated since version "), "versionremoved": .version("Removed in version "),
            "deprecated-removed": .version("Deprecated since version "), "image": .image, "figure": .image,
            "list-table": .listTable, "flat-table": .listTable, "csv-table": .valueTable,
        ]
        let groups: [(Kind, String)] = [
            (
                .code,
                "code code-block sourcecode parsed-literal literal prompt console ipython doctest testcode testoutput math productionlist"
            ),
            (
                .admonition,
                "note warning tip hint important caution danger error attention seealso admonition impl-detail"
            ),
            (
                .object,
                "function method classmethod staticmethod attribute data exception decorator option cmdoption envvar confval describe object opcode pdbcommand type macro var member setting"
            ),
            (
                .wrapper,
                "container class rst-class cssclass only ifconfig compound highlights epigraph pull-quote tab-set tabs table grid glossary hlist centered"
            ),
            (
                .skipped,
                "toctree contents include literalinclude index raw meta highlight module currentmodule currentmodule sectnum section-numbering default-role default-domain role program title todo todolist sectionauthor moduleauthor codeauthor tabularcolumns graphviz kernel-doc kernel-render kernel-include kernel-figure bibliography target-notes header footer plot unicode replace date availability-list"
            ),
        ]
        for (kind, names) in groups {
            for name in names.split(separator: " ") { kinds[String(name)] = kind }
        }
        return kinds
    }()
}
