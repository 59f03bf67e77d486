import Configuration
import Endpoints
import Retrieval

extension EmbeddingServer {
    /// Asks the server once, so that one that cannot be used is known before any work is done.
    ///
    /// - Parameter known: the fingerprints of the models of a database.
    func encoder(
        known: [String], patience: Patience = .ofAnIngest
    ) throws(EndpointError) -> RemoteEncoder {
        var options = EndpointOptions()
        options.dimension = dimension
        options.attemptCountMax = patience.attemptCountMax
        options.requestSeconds = patience.requestSeconds
        var key: APIKey?
        if let secret = self.key { key = try APIKey(secret.value) }
        let endpoint = try EmbeddingEndpoint(at: EndpointURL(url), model: model, key: key, options: options)
        return try RemoteEncoder(endpoint, queryPrefix: queryPrefix, documentPrefix: documentPrefix, known: known)
    }

    /// How long a server that does not answer is asked.
    struct Patience {
        let attemptCountMax: Int
        let requestSeconds: Double

        static let ofAnIngest = Patience(
            attemptCountMax: EndpointOptions().attemptCountMax, requestSeconds: EndpointOptions().requestSeconds)
        /// Somebody waits for the answer.
        static let ofAPerson = Patience(attemptCountMax: 2, requestSeconds: 10)
        static let ofACheck = Patience(attemptCountMax: 1, requestSeconds: 10)
    }
}
