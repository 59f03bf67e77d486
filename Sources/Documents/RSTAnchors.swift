/// The ids that docutils gives titles (`docutils.nodes.make_id`): ASCII letters and digits in lower case, "-" for the rest,
/// nothing but a letter first; `id1`, `id2` … where nothing is left or the id is taken.
struct RSTAnchors {
    private var taken: Set<String> = []
    private var count = 0

    mutating func anchor(of title: String) -> String {
        var id: [UInt8] = []
        for byte in title.lowercased().utf8 {
            if byte.isSmallLetter || (byte.isDigit && !id.isEmpty) {
                id.append(byte)
            } else if let last = id.last, last != UInt8(ascii: "-") {
                id.append(UInt8(ascii: "-"))
            }
        }
        if id.last == UInt8(ascii: "-") { id.removeLast() }
        var anchor = String(decoding: id, as: UTF8.self)
        while anchor.isEmpty || taken.contains(anchor) {
            count += 1
            anchor = "id\(count)"
        }
        taken.insert(anchor)
        return anchor
    }
}
