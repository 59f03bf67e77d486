extension HTMLReader {
    mutating func openInline(_ tag: HTMLTag, _ kind: HTMLElement?) {
        guard unseenDepth == nil else { return }
        let attributes = HTMLAttributes(of: tag, in: bytes)
        let classes = HTMLClasses(attributes.classes, in: bytes)
        note(attributes, isLink: kind == .link)
        if case .unseen(let isInline) = kind {
            if !attributes.isSelfClosing { unseen = Unseen(name: tag.name, count: 1, isInline: isInline) }
            return
        }
        guard kind == .lineBreak || kind == .rule || kind == .image || !isUnseen(attributes, classes) else {
            unseen = Unseen(name: tag.name, count: 1, isInline: true)
            return
        }
        switch kind {
        case .lineBreak: breakLine(tag)
        case .rule: flushUnlessInert()
        case .image: appendImage(tag, attributes)
        case .code: openCode(tag, classes)
        default:
            if kind == .link { addLink(attributes.href, of: tag, isImage: false) }
            if !attributes.isSelfClosing { change { $0.openInline(tag) } }
        }
    }

    private mutating func breakLine(_ tag: HTMLTag) {
        if preformattedDepth > 0 {
            text.appendLineEnd(at: tag.range.lowerBound, next: tag.range.upperBound)
        } else if table != nil || headingDepth > 0 {
            change { $0.separate() }
        } else {
            text.breakLine()
        }
    }

    private mutating func flushUnlessInert() {
        if table == nil, headingDepth == 0, preformattedDepth == 0 { flush() }
    }

    /// An image says what its `alt` says.
    private mutating func appendImage(_ tag: HTMLTag, _ attributes: HTMLAttributes) {
        addLink(attributes.src, of: tag, isImage: true)
        guard let alt = attributes.alt, preformattedDepth == 0 else { return }
        let words = Array(
            references.resolved(alt, of: bytes).split(whereSeparator: \.isHTMLBlank).joined(separator: [0x20]))
        guard !words.isEmpty else { return }
        if table != nil, !isInCaption {
            table?.append(made: words, for: tag.range)
        } else {
            text.append(made: words, for: tag.range)
        }
    }

    /// In preformatted text the element only tells the language, and is no part of what is quoted.
    private mutating func openCode(_ tag: HTMLTag, _ classes: HTMLClasses) {
        if preformattedDepth > 0 {
            if text.isEmpty { codeLanguage = codeLanguage ?? classes.language }
            return
        }
        change { text in
            text.openInline(tag)
            text.openCode()
        }
    }

    /// Remembers the id that links name the next heading by.
    private mutating func note(_ attributes: HTMLAttributes, isLink: Bool) {
        guard let id = attributes.id ?? (isLink ? attributes.name : nil), !id.isEmpty else { return }
        let anchor = String(decoding: references.resolved(id, of: bytes), as: UTF8.self)
        if headingDepth > 0 { headingAnchor = headingAnchor ?? anchor } else { sectionAnchor = anchor }
    }

    private func isUnseen(_ attributes: HTMLAttributes, _ classes: HTMLClasses) -> Bool {
        attributes.isHidden || classes.isUnseen
            || attributes.role.map { HTMLClasses.unseenRoles.contains(String(decoding: bytes[$0], as: UTF8.self)) }
                == true
    }
}

extension HTMLReader {
    mutating func openBlock(_ tag: HTMLTag, _ kind: HTMLElement) throws(DocumentError) {
        closeImplied(by: kind)
        let isTablePart = table != nil && kind.isTablePart && kind != .table
        let isInert = preformattedDepth > 0 || headingDepth > 0 || (table != nil && !isTablePart)
        if isInert { change { $0.separate() } } else if !isTablePart { flush() }
        let attributes = HTMLAttributes(of: tag, in: bytes)
        let classes = HTMLClasses(attributes.classes, in: bytes)
        if unseenDepth == nil {
            note(attributes, isLink: false)
            if isUnseen(attributes, classes) || isUnseen(kind, classes) { unseenDepth = elements.count }
        }
        let language = classes.language ?? (kind == .box || kind == .preformatted ? elements.last?.language : nil)
        let role = attributes.role.map { String(decoding: bytes[$0], as: UTF8.self) }
        let isMain = !isInert && unseenDepth == nil && (kind == .main || role == "main")
        if isMain { mainDepth += 1 }
        elements.append(
            Element(
                kind: kind, name: tag.name, depth: page.depth, isInert: isInert, isMain: isMain, language: language))
        guard elements.count <= elementDepthMax else {
            throw .nestedTooDeeply(
                path: path, line: lines.line(of: tag.range.lowerBound) + 1, expectedDepthMax: elementDepthMax)
        }
        if !isInert, unseenDepth == nil { enter(kind, tag, attributes, classes, role: role) }
    }

    private func isUnseen(_ kind: HTMLElement, _ classes: HTMLClasses) -> Bool {
        switch kind {
        case .navigation: true
        case .aside: !classes.isNote
        case .banner:
            !elements.contains { $0.kind == .article || $0.kind == .main || $0.kind == .section || $0.isMain }
        default: false
        }
    }

    private mutating func enter(
        _ kind: HTMLElement, _ tag: HTMLTag, _ attributes: HTMLAttributes, _ classes: HTMLClasses, role: String?
    ) {
        if classes.isAdmonition { page.openQuote() }
        switch kind {
        case .article: articleDepth += 1
        case .heading:
            headingDepth += 1
            headingAnchor = attributes.id.map { String(decoding: references.resolved($0, of: bytes), as: UTF8.self) }
        case .preformatted:
            preformattedDepth += 1
            codeLanguage = elements.last?.language
        case .quote: page.openQuote()
        case .list(let isOrdered): page.openList(start: isOrdered ? number(attributes.start) ?? 1 : nil)
        case .item: if page.isInList { page.openItem(value: number(attributes.value)) }
        case .caption: isInCaption = table?.isEmpty == true
        case .row: table?.openRow(at: tag.range.lowerBound)
        case .cell: table?.openCell(at: tag.range.lowerBound)
        case .table:
            let isLayout = role == "presentation" || role == "none" || classes.isLayoutTable
            if !isLayout, !tokenizer.isInLayoutTable() { table = HTMLTable(source: bytes) }
        default: break
        }
    }

    private func number(_ value: Range<Int>?) -> Int? {
        let byteCountMax = 9
        guard let value, value.count <= byteCountMax else { return nil }
        return Int(String(decoding: bytes[value], as: UTF8.self))
    }

    /// Closes what HTML lets a page leave open before an element of `kind`.
    private mutating func closeImplied(by kind: HTMLElement) {
        if elements.last?.kind == .paragraph || (kind.isHeading && elements.last?.kind.isHeading == true) {
            pop(to: elements.count - 1, at: nil)
        }
        if let place = impliedEnd(by: kind) { pop(to: place, at: nil) }
    }

    private func impliedEnd(by kind: HTMLElement) -> Int? {
        let rowStart = (elements.lastIndex { $0.kind == .table } ?? -1) + 1
        switch kind {
        case .item:
            let place = elements.lastIndex { $0.kind == .item || $0.kind.partsLists }
            return place.flatMap { elements[$0].kind == .item ? $0 : nil }
        case .term, .definition:
            let list = HTMLName("dl")
            let place = elements.lastIndex {
                $0.kind == .term || $0.kind == .definition || $0.name == list || $0.kind.partsLists
            }
            return place.flatMap { elements[$0].kind == .term || elements[$0].kind == .definition ? $0 : nil }
        case .cell: return elements[rowStart...].firstIndex { $0.kind == .cell || $0.kind == .caption }
        case .row: return elements[rowStart...].firstIndex { [.row, .cell, .caption].contains($0.kind) }
        case .rowGroup:
            return elements[rowStart...].firstIndex { [.rowGroup, .row, .cell, .caption].contains($0.kind) }
        default: return nil
        }
    }

    mutating func closeBlock(_ tag: HTMLTag, _ kind: HTMLElement) {
        for place in elements.indices.reversed() {
            let open = elements[place]
            if open.name == tag.name || (kind.isHeading && open.kind.isHeading) { return pop(to: place, at: tag) }
            if open.kind == .cell || open.kind == .table, !kind.isTablePart { return }
        }
    }

    /// Closes the elements from `place` on; `tag` is the end tag of the outermost of them, if it has one.
    mutating func pop(to place: Int, at tag: HTMLTag?) {
        while elements.count > place {
            let isLast = elements.count == place + 1
            leave(at: isLast ? tag?.range.upperBound : nil)
        }
    }

    /// Closes the innermost element, which ends at `end` where its end tag stands in the page.
    private mutating func leave(at end: Int?) {
        guard let element = elements.last else { return }
        defer {
            elements.removeLast()
            if let depth = unseenDepth, elements.count <= depth { unseenDepth = nil }
        }
        guard unseenDepth == nil else { return }
        guard !element.isInert else { return change { $0.separate() } }
        switch element.kind {
        case .row where table != nil: table?.closeRow(at: end)
        case .cell where table != nil: table?.closeCell(at: end)
        case .rowGroup where table != nil: table?.closeRow(at: nil)
        case .table where table != nil: closeTable()
        default: flush()
        }
        if element.isMain { mainDepth -= 1 }
        switch element.kind {
        case .caption: isInCaption = false
        case .article: articleDepth -= 1
        case .heading: headingDepth -= 1
        case .preformatted: preformattedDepth -= 1
        default: break
        }
        page.close(toDepth: element.depth)
    }

    private mutating func closeTable() {
        isInCaption = false
        table?.closeRow(at: nil)
        let content = table?.leaf
        table = nil
        text = HTMLText(source: bytes)
        append(.table, content)
    }
}
