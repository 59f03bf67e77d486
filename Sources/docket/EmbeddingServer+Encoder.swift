import Configuration
import Endpoints
import Retrieval

extension EmbeddingServer {
    /// Asks the server once, so that one that cannot be used is known before any work is done.
    ///
    /// - Parameter known: the fingerprints of the models of a database.
    func encoder(
        known: [String], attemptCountMax: Int = EndpointOptions().attemptCountMax
    ) throws(EndpointError) -> RemoteEncoder {
        var options = EndpointOptions()
        options.dimension = dimension
        options.attemptCountMax = attemptCountMax
        var key: APIKey?
        if let secret = self.key { key = try APIKey(secret.value) }
        let endpoint = try EmbeddingEndpoint(at: EndpointURL(url), model: model, key: key, options: options)
        return try RemoteEncoder(endpoint, queryPrefix: queryPrefix, documentPrefix: documentPrefix, known: known)
    }
}
