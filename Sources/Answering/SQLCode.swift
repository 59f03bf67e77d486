/// SQL, read far enough to know what stands at its end, and no further than all databases agree.
struct SQLCode {
    /// What a database would be reading.
    enum Place: Equatable {
        /// Outside quotation marks.
        case word
        /// A string, `'…'`.
        case string
        /// A name, `"…"`.
        case name
        /// Not certain, or a comment.
        case unknown
    }

    private let bytes: [UInt8]

    init(_ code: String) { bytes = Array(code.utf8) }

    /// What is being read at the end of the code.
    var end: Place {
        guard !isDialect else { return .unknown }
        var place = Place.word
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if place == .word, byte == UInt8(ascii: "-"), byteAfter(index) == UInt8(ascii: "-") {
                guard let end = endOfComment(at: index) else { return .unknown }
                index = end
                continue
            }
            switch (place, byte) {
            case (.word, UInt8(ascii: "'")): place = .string
            case (.word, UInt8(ascii: "\"")): place = .name
            case (.string, UInt8(ascii: "'")), (.name, UInt8(ascii: "\"")): place = .word
            case (.word, _) where isUncertain(at: index): return .unknown
            default: break
            }
            index += 1
        }
        return place
    }

    /// Whether there is anything that some databases and their clients read otherwise: block comments, which nest here and
    /// not there, backslashes, dollar quotes, `q'[…]'`, data behind `COPY … FROM stdin`, prompts.
    private var isDialect: Bool {
        let lowered = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        return bytes.contains(UInt8(ascii: "\\")) || bytes.contains(UInt8(ascii: "$"))
            || ["/*", "q'", "stdin"].contains { mark in
                lowered.indices.contains { lowered[$0...].starts(with: mark.utf8) }
            } || ShellCode(String(decoding: bytes, as: UTF8.self)).isSession
    }

    /// `#` begins a comment in MySQL and is an operator in PostgreSQL; `` ` `` quotes in one of them.
    private func isUncertain(at index: Int) -> Bool {
        bytes[index] == UInt8(ascii: "#") || bytes[index] == UInt8(ascii: "`")
    }

    /// The end of the comment's line; `nil` where the code ends in it, or where it is two minus signs to MySQL, which wants
    /// a space behind them.
    private func endOfComment(at index: Int) -> Int? {
        guard index + 2 < bytes.count, isShellSpace(bytes[index + 2]) else { return nil }
        return bytes[index...].firstIndex(of: UInt8(ascii: "\n"))
    }

    private func byteAfter(_ index: Int) -> UInt8? { index + 1 < bytes.count ? bytes[index + 1] : nil }
}
