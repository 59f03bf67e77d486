/// How the encoder's large products are computed.
package enum Precision: String, Sendable, CaseIterable, Codable {
    /// As the reference does, by BLAS.
    case fp32
    /// Weights and activations as bytes with a scale for each row, summed exactly: several times as fast, and nearly as
    /// good for retrieval (`docs/decisions/0013-int8-products.md`).
    case int8
}
