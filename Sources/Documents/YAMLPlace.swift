import Yams

/// Reads values out of YAML nodes and knows where they stand, so that every complaint has a path and a line.
struct YAMLPlace {
    let path: String
    /// The file's line that is the YAML's first, 1-based.
    let firstLine: Int

    /// The document's root, or `nil` where the YAML is empty.
    func root(of yaml: String) throws(DocumentError) -> Node? {
        do {
            return try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw documentError(for: error)
        } catch {
            throw .invalidYAML(path: path, line: firstLine, problem: "\(error)")
        }
    }

    private func documentError(for error: YamlError) -> DocumentError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .invalidYAML(path: path, line: fileLine(mark), problem: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            .duplicateKey(path: path, line: fileLine(context.mark), key: duplicates.first ?? "")
        case .reader(let problem, _, _, _): .invalidYAML(path: path, line: firstLine, problem: problem)
        default: .invalidYAML(path: path, line: firstLine, problem: "\(error)")
        }
    }

    /// Refuses text in which YAML could read both an anchor `&name` and an alias `*name`: aliases of aliases grow without
    /// bound before anything can be counted, and no page needs one.
    func refuseAliases(in yaml: String) throws(DocumentError) {
        var line = firstLine
        var anchorLine: Int?
        var aliasLine: Int?
        var previous: (UInt8, UInt8) = (0x0A, 0x0A)
        for byte in yaml.utf8 {
            let isToken = byte > 0x20 && (previous.0 <= 0x20 || "[,{".utf8.contains(previous.0))
            if isToken, previous.1 == UInt8(ascii: "&") { anchorLine = anchorLine ?? line }
            if isToken, previous.1 == UInt8(ascii: "*") { aliasLine = aliasLine ?? line }
            if byte == 0x0A { line += 1 }
            previous = (previous.1, byte)
        }
        if anchorLine != nil, let aliasLine { throw .aliasInFrontMatter(path: path, line: aliasLine) }
    }

    /// The known key that a node names, of a closed set.
    func known<Key: RawRepresentable & CaseIterable>(_ node: Node) throws(DocumentError) -> Key
    where Key.RawValue == String {
        let got = node.scalar?.string ?? "a \(typeName(node))"
        if let key = Key(rawValue: got) { return key }
        let expected = Key.allCases.map(\.rawValue)
        throw .unknownKey(
            path: path, line: line(of: node), got: got, expected: expected, nearest: nearest(to: got, among: expected))
    }

    /// A scalar as the text that was written: `502` is "502".
    func text(_ node: Node, key: String) throws(DocumentError) -> String {
        guard let scalar = node.scalar, !isNull(node) else { throw wrongType(node, key: key, expected: "a text") }
        guard scalar.string.contains(where: { !$0.isWhitespace }) else {
            throw invalidValue(node, key: key, got: scalar.string, expected: "a text, or leave the key out")
        }
        return scalar.string
    }

    func texts(_ node: Node, key: String) throws(DocumentError) -> [String] {
        guard let sequence = node.sequence else { throw wrongType(node, key: key, expected: "a list, such as [linux]") }
        var texts: [String] = []
        for item in sequence { texts.append(try text(item, key: key)) }
        return texts
    }

    func line(of node: Node) -> Int { node.mark.map(fileLine) ?? firstLine }

    private func fileLine(_ mark: Mark) -> Int { firstLine + max(mark.line, 1) - 1 }

    func wrongType(_ node: Node, key: String, expected: String) -> DocumentError {
        .wrongType(path: path, line: line(of: node), key: key, got: "a \(typeName(node))", expected: expected)
    }

    func invalidValue(_ node: Node, key: String, got: String, expected: String) -> DocumentError {
        .invalidValue(path: path, line: line(of: node), key: key, got: got, expected: expected)
    }
}

func isNull(_ node: Node) -> Bool { node.scalar != nil && node.null != nil }

private func typeName(_ node: Node) -> String {
    if isNull(node) { return "null" }
    if node.sequence != nil { return "list" }
    return node.mapping != nil ? "mapping" : "scalar"
}
