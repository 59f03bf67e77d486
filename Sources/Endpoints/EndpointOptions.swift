/// How a server is asked.
package struct EndpointOptions: Sendable {
    /// Texts of one request. text-embeddings-inference takes no more than 32 where it is not told otherwise.
    package var batchTextCountMax = 32
    /// Bytes of text of one request, unless one text alone has more.
    package var batchByteCountMax = 128 << 10
    /// What one request may take, from the connection to the last byte of the answer.
    package var requestSeconds = 60.0
    /// How often one request is made, the first time included.
    package var attemptCountMax = 5
    /// Requests under way at once.
    package var requestCountMax = 4
    /// The length of vectors to ask for, of servers that can shorten them; `nil` to take what the model gives.
    package var dimension: Int?

    package init() {}
}
