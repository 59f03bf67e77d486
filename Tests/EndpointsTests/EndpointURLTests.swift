import Endpoints
import Testing

@Suite struct EndpointURLTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1"),
        ("HTTPS://API.Example.COM:443/v1//", "https://api.example.com/v1"),
        ("http://localhost:80", "http://localhost"),
        ("https://[::1]:8443/a%20b", "https://[::1]:8443/a%20b"),
        ("https://example.com/V1", "https://example.com/V1"),
    ])
    func addressesOfOneServerAreOne(_ text: String, _ expected: String) throws {
        #expect(try EndpointURL(text).description == expected)
    }

    @Test(arguments: [
        "", "127.0.0.1:8080", "ftp://example.com", "http://", "http:///v1", "http://exa mple.com", "file:///etc/passwd",
        "http://example.com:0", "http://example.com:65536", "http://example.com:x",
        "https://example.com/" + String(repeating: "a", count: 2_048),
    ])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(throws: EndpointError.self) { try EndpointURL(text) }
    }

    @Test(arguments: [
        "https://user:hunter2@example.com/v1", "https://hunter2@example.com", "https://example.com/v1?key=hunter2",
        "https://example.com/v1#hunter2", "https://a@hunter2@example.com", "user:hunter2@example.com",
        "https://user:hun#hunter2@example.com/v1", "https://user:hun?hunter2@example.com/v1",
    ])
    func anAddressWithASecretIsRefusedAndNotShown(_ text: String) throws {
        let error = try #require(throws: EndpointError.self) { try EndpointURL(text) }
        #expect(!"\(error)".contains("hunter2"), "\(error)")
        #expect("\(error)".contains("DOCKET_EMBEDDING_KEY"))
    }

    @Test(arguments: [
        ("http://127.0.0.1:1/v1", true), ("http://127.9.8.7", true), ("http://localhost", true),
        ("http://[::1]:1", true),
        ("https://example.com", true), ("http://example.com", false), ("http://127.0.0.1.example.com", false),
        ("http://localhost.example.com", false), ("http://10.0.0.1", false), ("http://0.0.0.0", false),
        ("http://127.1", false), ("http://[::2]", false),
    ])
    func aKeyGoesInTheClearToThisMachineOnly(_ text: String, _ isAllowed: Bool) throws {
        let (url, key) = (try EndpointURL(text), try APIKey("hunter2"))
        if isAllowed {
            _ = try EmbeddingEndpoint(at: url, model: "m", key: key)
        } else {
            #expect(throws: EndpointError.keyInTheClear(url: url.description)) {
                try EmbeddingEndpoint(at: url, model: "m", key: key)
            }
            _ = try EmbeddingEndpoint(at: url, model: "m")
        }
    }

    @Test(arguments: ["", "a b", "a\r\nHost: x", "ключ", String(repeating: "a", count: 4_097)])
    func whatCannotStandInAHeaderIsNoKey(_ text: String) throws {
        let error = try #require(throws: EndpointError.self) { try APIKey(text) }
        #expect(text.isEmpty || !"\(error)".contains(text))
    }

    @Test func aKeyShowsInNoText() throws {
        let key = try APIKey("hunter2")
        var dumped = ""
        dump([key], to: &dumped)
        #expect(!"\(key) \([key]) \(Optional(key) as Any) \(String(reflecting: key)) \(dumped)".contains("hunter2"))
    }

    @Test(arguments: [("m", true), ("BAAI/bge-m3", true), ("", false), ("a\nb", false), ("a\u{202E}b", false)])
    func aModelHasAName(_ name: String, _ isAllowed: Bool) throws {
        let url = try EndpointURL("http://localhost")
        if isAllowed {
            _ = try EmbeddingEndpoint(at: url, model: name)
        } else {
            #expect(throws: EndpointError.badModel(expectedByteCountMax: 512)) {
                try EmbeddingEndpoint(at: url, model: name)
            }
        }
    }

    @Test func aModelsNameHasALimit() throws {
        let url = try EndpointURL("http://localhost")
        _ = try EmbeddingEndpoint(at: url, model: String(repeating: "m", count: 512))
        #expect(throws: EndpointError.self) {
            try EmbeddingEndpoint(at: url, model: String(repeating: "m", count: 513))
        }
    }
}
