import Foundation

/// What a server says about an error, in any of the shapes that servers use: `{"error": {"message": …}}`,
/// `{"error": …}`, `{"message": …}`, `{"detail": …}`, or text.
struct ServerMessage {
    /// Of the server's words, in a message of ours.
    static let characterCountMax = 300
    /// Of a body that is text: more than can be shown of it.
    private static let byteCountMax = 64 << 10

    /// On one line, without control characters and without `key`.
    let text: String

    init(in body: [UInt8], hiding key: APIKey?) {
        let object = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
        let inner = object?["error"] as? [String: Any]
        let candidates = [inner?["message"], object?["error"], object?["message"], object?["detail"]]
        let words =
            candidates.lazy.compactMap { $0 as? String }.first
            ?? String(decoding: body.prefix(Self.byteCountMax), as: UTF8.self)
        // Hidden before it is cut: half a key is not found.
        text = shown(key?.hidden(in: words) ?? words, countMax: Self.characterCountMax)
    }
}
