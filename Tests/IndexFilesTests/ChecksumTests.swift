import Foundation
import IndexFiles
import TestSupport
import Testing

@Suite struct ChecksumTests {
    /// Values of the reference implementation over the buffer of its own sanity check
    /// (<https://github.com/Cyan4973/xxHash>, `tests/sanity_test.c`), around every boundary of the algorithm's steps.
    @Test(
        arguments: [
            (0, 0xEF46_DB37_51D8_E999), (1, 0xE934_A84A_DB05_2768), (3, 0xFF7E_1959_CB50_794A),
            (4, 0x9136_A0DC_A574_57EE), (7, 0x6C83_909A_9F01_ED25), (8, 0xCDBC_F538_E71D_1348),
            (14, 0x8282_DCC4_994E_35C8), (31, 0x299B_39A2_90E6_D783), (32, 0x18B2_1649_2BB4_4B70),
            (33, 0x55C8_DC3E_578F_5B59), (63, 0xA9EF_BE0F_A0F3_F4E7), (64, 0xEF55_8F8A_CAC2_B5CD),
            (100, 0x4BFE_019C_D91D_9EA4), (222, 0xB641_AE8C_B691_C174),
        ] as [(Int, UInt64)])
    func xxh64GivesTheReferenceValue(byteCount: Int, expected: UInt64) {
        let bytes = sanityBuffer(byteCount: byteCount)
        #expect(bytes.withUnsafeBytes { xxh64($0) } == expected)
    }

    @Test func xxh64DoesNotDependOnAlignment() {
        let bytes = sanityBuffer(byteCount: 100)
        let shifted = [0] + bytes
        let sum = shifted.withUnsafeBytes { xxh64(UnsafeRawBufferPointer(rebasing: $0[1...])) }
        #expect(sum == 0x4BFE_019C_D91D_9EA4)
    }

    /// The empty message and the two messages of FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func sha256GivesThePublishedDigest(text: String, expected: String) throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "message")
        try Data(text.utf8).write(to: url)
        #expect(try sha256(ofFileAt: url) == expected)
    }

    @Test func aDigestOfSeveralArraysTellsWhereOneEnds() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("2:ab1:c", to: "parts")
        #expect(try sha256(of: [Array("ab".utf8), Array("c".utf8)]) == sha256(ofFileAt: url))
        #expect(sha256(of: [Array("a".utf8), Array("bc".utf8)]) != sha256(of: [Array("ab".utf8), Array("c".utf8)]))
    }
}

private func sanityBuffer(byteCount: Int) -> [UInt8] {
    var generator: UInt64 = 2_654_435_761
    return (0..<byteCount).map { _ in
        defer { generator = generator &* 11_400_714_785_074_694_797 }
        return UInt8(generator >> 56)
    }
}
