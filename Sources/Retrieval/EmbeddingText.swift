/// What is embedded for a chunk: its title and heading path give the words their subject, so they stand before them.
package func embeddingText(title: String, headingPath: [String], searchText: String) -> String {
    let headings = headingPath.first == title ? headingPath : [title] + headingPath
    return headings.joined(separator: " > ") + "\n" + searchText
}
