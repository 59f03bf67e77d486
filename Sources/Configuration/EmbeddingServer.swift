/// The server that embeds in the model folder's place.
package struct EmbeddingServer: Sendable, Equatable {
    /// As it was given: nothing is checked here.
    package let url: String
    /// The name that the server has for its model.
    package let model: String
    /// From the environment only.
    package let key: Secret?
    /// What goes before a query and before a text that is to be found.
    package let queryPrefix: String
    package let documentPrefix: String
    /// The length of vectors to ask for.
    package let dimension: Int?

    /// What is not to be printed; no text that is made of it shows it.
    package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
    {
        package let value: String

        package var description: String { "(secret)" }
        package var debugDescription: String { description }
        package var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// The first layer that names an encoder decides whether it is a server or a folder; where one names both, it is the
    /// server.
    ///
    /// Returns `nil` where it is a folder.
    init?(layers: [Configuration.Layer], key: String?) throws(ConfigurationError) {
        func first<Value>(_ setting: KeyPath<Configuration.Layer, Value?>) -> Value? {
            layers.lazy.compactMap { $0[keyPath: setting] }.first
        }
        guard first(\.embeddingURL) != nil || first(\.embeddingModel) == nil else {
            throw .badValue(
                setting: "embedding_url", got: "nothing", expected: "a server's address, since embedding_model is set")
        }
        guard let url = layers.first(where: { $0.embeddingURL != nil || $0.model != nil })?.embeddingURL else {
            return nil
        }
        guard let model = first(\.embeddingModel) else {
            throw .badValue(
                setting: "embedding_model", got: "nothing",
                expected: "the name that the server has for its model (--embedding-model)")
        }
        self.url = url
        self.model = model
        self.key = key.map(Secret.init)
        queryPrefix = first(\.embeddingQueryPrefix) ?? ""
        documentPrefix = first(\.embeddingDocumentPrefix) ?? ""
        dimension = first(\.embeddingDimension)
        guard (1...Self.dimensionMax).contains(dimension ?? 1) else {
            throw .badValue(
                setting: "embedding_dimension", got: "\(dimension ?? 0)",
                expected: "a number from 1 to \(Self.dimensionMax)")
        }
    }

    /// Of the vectors that can be asked for.
    package static let dimensionMax = 16_384
}
