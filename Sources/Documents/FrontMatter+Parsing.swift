import Yams

/// More than any page needs, and little enough to read at once.
let frontMatterByteCountMax = 64 * 1024

extension FrontMatter {
    /// The keys that a page may use.
    enum Key: String, CaseIterable {
        case id, title, product, versions, platforms, audience, tags, owner, reviewed, parameters
    }

    /// Reads the YAML between the `---` lines, whose first line is line `line` of the file.
    init(parsing yaml: String, path: String, line: Int) throws(DocumentError) {
        self.init()
        let place = YAMLPlace(path: path, firstLine: line)
        try place.refuseAliases(in: yaml)
        guard let root = try place.root(of: yaml), !isNull(root) else { return }
        guard let mapping = root.mapping else {
            throw place.wrongType(root, key: "front matter", expected: "keys and values, such as \"title: Failover\"")
        }
        for (keyNode, value) in mapping {
            let key: Key = try place.known(keyNode)
            if !isNull(value) { try set(key, to: value, at: place) }
        }
    }

    private mutating func set(_ key: Key, to value: Node, at place: YAMLPlace) throws(DocumentError) {
        let name = key.rawValue
        switch key {
        case .id: id = try place.identifier(value, key: name)
        case .title: title = try place.text(value, key: name)
        case .product: product = try place.text(value, key: name)
        case .versions: versions = try place.versions(value, key: name)
        case .platforms: platforms = try place.texts(value, key: name)
        case .audience: audience = try place.text(value, key: name)
        case .tags: tags = try place.texts(value, key: name)
        case .owner: owner = try place.text(value, key: name)
        case .reviewed: reviewed = try place.date(value, key: name)
        case .parameters: parameters = try place.parameters(value, key: name)
        }
    }
}

extension YAMLPlace {
    /// An id is one word, since links, logs and command lines carry it.
    func identifier(_ node: Node, key: String) throws(DocumentError) -> String {
        let id = try text(node, key: key)
        guard id.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw invalidValue(node, key: key, got: id, expected: "an id without spaces, such as postgresql/failover")
        }
        return id
    }

    func versions(_ node: Node, key: String) throws(DocumentError) -> VersionRange {
        let text = try text(node, key: key)
        do {
            return try VersionRange(parsing: text)
        } catch {
            throw invalidValue(node, key: key, got: text, expected: error.expected)
        }
    }

    /// A day of the Gregorian calendar written as ISO 8601 does, `2026-02-28`.
    func date(_ node: Node, key: String) throws(DocumentError) -> String {
        let text = try text(node, key: key)
        guard isDate(text) else {
            throw invalidValue(node, key: key, got: text, expected: "a day that exists, as YYYY-MM-DD")
        }
        return text
    }

    private func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2D || ($0 >= 0x30 && $0 <= 0x39) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
        else { return false }
        return day >= 1 && day <= dayCount(ofMonth: month, in: year)
    }

    /// A list of names, or a mapping of names to a description or to `{form, description}`.
    func parameters(_ node: Node, key: String) throws(DocumentError) -> [Parameter] {
        var parameters: [Parameter] = []
        if let sequence = node.sequence {
            for item in sequence { parameters.append(Parameter(name: try parameterName(item))) }
        } else if let mapping = node.mapping {
            for (name, value) in mapping { parameters.append(try parameter(named: parameterName(name), value)) }
        } else {
            throw wrongType(node, key: key, expected: "a list of names, or names with descriptions")
        }
        var seen: Set<String> = []
        for parameter in parameters where !seen.insert(parameter.name).inserted {
            throw .duplicateKey(path: path, line: line(of: node), key: parameter.name)
        }
        return parameters
    }

    private func parameterName(_ node: Node) throws(DocumentError) -> String {
        let name = try text(node, key: "parameters")
        let isWord = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || isLetterOrDigit($0) }
        guard isWord else {
            throw invalidValue(
                node, key: "parameters", got: name, expected: "a name of letters, digits, \"_\" and \"-\"")
        }
        return name
    }

    private enum ParameterKey: String, CaseIterable {
        case form, description
    }

    private func parameter(named name: String, _ node: Node) throws(DocumentError) -> Parameter {
        guard let mapping = node.mapping else {
            return Parameter(name: name, description: isNull(node) ? nil : try text(node, key: name))
        }
        var form = Parameter.Form.text
        var description: String?
        for (keyNode, value) in mapping {
            let key: ParameterKey = try known(keyNode)
            switch key {
            case .form: form = try self.form(value)
            case .description: description = try text(value, key: key.rawValue)
            }
        }
        return Parameter(name: name, form: form, description: description)
    }

    private func form(_ node: Node) throws(DocumentError) -> Parameter.Form {
        let text = try text(node, key: "form")
        guard let form = Parameter.Form(rawValue: text) else {
            let known = Parameter.Form.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalidValue(node, key: "form", got: text, expected: "one of \(known)")
        }
        return form
    }
}
