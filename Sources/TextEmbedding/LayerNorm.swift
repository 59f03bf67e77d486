/// A layer's scale and shift after normalisation, `[hidden]` each
/// (Ba, Kiros and Hinton, Layer Normalization, <https://arxiv.org/abs/1607.06450>).
struct LayerNorm: Sendable {
    let scale: [Float]
    let shift: [Float]
    let epsilon: Float
}
