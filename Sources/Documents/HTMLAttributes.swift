/// The attributes of a tag that the reader asks for, as ranges of the source; references in them are not resolved.
struct HTMLAttributes {
    private(set) var id: Range<Int>?
    private(set) var name: Range<Int>?
    private(set) var classes: Range<Int>?
    private(set) var role: Range<Int>?
    private(set) var href: Range<Int>?
    private(set) var src: Range<Int>?
    private(set) var alt: Range<Int>?
    private(set) var start: Range<Int>?
    private(set) var value: Range<Int>?
    private(set) var isHidden = false
    private(set) var isSelfClosing = false

    private enum Known {
        case id, name, classes, role, href, src, alt, start, value, hidden, ariaHidden
    }

    private static let known: [HTMLName: Known] = [
        HTMLName("id"): .id, HTMLName("name"): .name, HTMLName("class"): .classes, HTMLName("role"): .role,
        HTMLName("href"): .href, HTMLName("src"): .src, HTMLName("alt"): .alt, HTMLName("start"): .start,
        HTMLName("value"): .value, HTMLName("hidden"): .hidden, HTMLName("aria-hidden"): .ariaHidden,
    ]

    init(of tag: HTMLTag, in bytes: [UInt8]) {
        let end = tag.attributes.upperBound
        var index = tag.attributes.lowerBound
        while index < end {
            if bytes[index].isHTMLBlank || bytes[index] == UInt8(ascii: "/") {
                isSelfClosing = bytes[index] == UInt8(ascii: "/") && index + 1 == end
                index += 1
                continue
            }
            let start = index
            index += 1
            while index < end, !bytes[index].isHTMLBlank, !"=/".utf8.contains(bytes[index]) { index += 1 }
            let name = HTMLName(bytes[start..<index])
            set(name, to: Self.value(in: bytes, at: &index, end: end), bytes)
        }
    }

    /// The value behind a name; an empty one where there is no "=".
    private static func value(in bytes: [UInt8], at index: inout Int, end: Int) -> Range<Int> {
        var behind = index
        while behind < end, bytes[behind].isHTMLBlank { behind += 1 }
        guard behind < end, bytes[behind] == UInt8(ascii: "=") else { return index..<index }
        index = behind + 1
        while index < end, bytes[index].isHTMLBlank { index += 1 }
        guard index < end else { return end..<end }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let start = index
            while index < end, !bytes[index].isHTMLBlank { index += 1 }
            return start..<index
        }
        let start = index + 1
        index = start
        while index < end, bytes[index] != quote { index += 1 }
        defer { index = min(index + 1, end) }
        return start..<index
    }

    /// The first of two attributes with one name counts.
    private mutating func set(_ name: HTMLName, to value: Range<Int>, _ bytes: [UInt8]) {
        guard let known = Self.known[name] else { return }
        switch known {
        case .id: id = id ?? value
        case .name: self.name = self.name ?? value
        case .classes: classes = classes ?? value
        case .role: role = role ?? value
        case .href: href = href ?? value
        case .src: src = src ?? value
        case .alt: alt = alt ?? value
        case .start: start = start ?? value
        case .value: self.value = self.value ?? value
        case .hidden: isHidden = true
        case .ariaHidden: isHidden = isHidden || bytes[value].elementsEqual("true".utf8)
        }
    }
}
