import Crypto
package import Foundation

/// XXH64, seed 0: a fast checksum against damage, not against forgery.
///
/// Specification: <https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md>.
package func xxh64(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var offset = 0
    var hash: UInt64
    if bytes.count >= 32 {
        var lanes = (prime1 &+ prime2, prime2, 0 as UInt64, 0 &- prime1)
        while offset + 32 <= bytes.count {
            lanes.0 = unsafe round(lanes.0, bytes.word64(at: offset))
            lanes.1 = unsafe round(lanes.1, bytes.word64(at: offset + 8))
            lanes.2 = unsafe round(lanes.2, bytes.word64(at: offset + 16))
            lanes.3 = unsafe round(lanes.3, bytes.word64(at: offset + 24))
            offset += 32
        }
        hash =
            rotate(lanes.0, 1) &+ rotate(lanes.1, 7) &+ rotate(lanes.2, 12) &+ rotate(lanes.3, 18)
        for lane in [lanes.0, lanes.1, lanes.2, lanes.3] {
            hash = (hash ^ round(0, lane)) &* prime1 &+ prime4
        }
    } else {
        hash = prime5
    }
    hash &+= UInt64(bytes.count)
    while offset + 8 <= bytes.count {
        hash = unsafe rotate(hash ^ round(0, bytes.word64(at: offset)), 27) &* prime1 &+ prime4
        offset += 8
    }
    if offset + 4 <= bytes.count {
        let word = unsafe UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        hash = rotate(hash ^ (word &* prime1), 23) &* prime2 &+ prime3
        offset += 4
    }
    while offset < bytes.count {
        hash = unsafe rotate(hash ^ (UInt64(bytes[offset]) &* prime5), 11) &* prime1
        offset += 1
    }
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
}

/// XXH64 of the memory of plain elements.
package func checksum<Element: BitwiseCopyable>(of elements: [Element]) -> UInt64 {
    unsafe elements.withUnsafeBytes { bytes in unsafe xxh64(bytes) }
}

private let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
private let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
private let prime3: UInt64 = 0x1656_67B1_9E37_79F9
private let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
private let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
}

private func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    rotate(lane &+ word &* prime2, 31) &* prime1
}

extension UnsafeRawBufferPointer {
    fileprivate func word64(at offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}

/// The SHA-256 of a file's bytes in lower-case hexadecimal (FIPS 180-4).
package func sha256(ofFileAt url: URL) throws(IndexFileError) -> String {
    let file = try MappedFile(at: url)
    let digest = unsafe file.withBytes { bytes in
        var hasher = SHA256()
        unsafe hasher.update(bufferPointer: bytes)
        return hasher.finalize()
    }
    return hexadecimal(digest)
}

/// The SHA-256 of arrays one after the other, each behind the count of its bytes, in lower-case hexadecimal.
package func sha256(of parts: [[UInt8]]) -> String {
    var hasher = SHA256()
    for part in parts {
        hasher.update(data: Array("\(part.count):".utf8))
        hasher.update(data: part)
    }
    return hexadecimal(hasher.finalize())
}

private func hexadecimal(_ digest: SHA256Digest) -> String {
    digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
