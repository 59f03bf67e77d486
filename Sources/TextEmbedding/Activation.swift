/// The function between the two halves of a feed-forward block, by the names that `hidden_act` in `config.json` uses.
enum Activation: String, Sendable, CaseIterable {
    /// x · Φ(x) with the exact error function.
    case gelu
    /// x · Φ(x) with Φ by its tanh form; transformers calls it `gelu_new`, PyTorch `gelu_pytorch_tanh`.
    case geluTanh = "gelu_new"
    case geluPyTorchTanh = "gelu_pytorch_tanh"
    case relu
}
