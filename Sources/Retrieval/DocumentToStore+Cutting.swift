import Documents
import Storage

extension DocumentToStore {
    /// A page with its chunks, and for each the text that is embedded.
    init(cutting document: Document, _ bytes: [UInt8], source: String, audience: String) {
        let chunks = Chunker().chunks(of: document)
        let texts = chunks.map {
            embeddingText(title: document.title, headingPath: $0.headingPath, searchText: $0.searchText)
        }
        self.init(
            document: document, bytes: bytes, source: source, audience: audience, chunks: chunks, embeddingTexts: texts)
    }
}
