import Foundation

/// The instruction sets that decide how fast products and scans can be, as Linux reports them.
package struct ProcessorFeatures: Sendable, Equatable {
    package let modelName: String
    /// Linux's names, such as `avx512_vnni`.
    package let flags: Set<String>

    /// What this machine has; nothing where `/proc/cpuinfo` cannot be read.
    package static let current = ProcessorFeatures(
        information: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")

    /// Reads the first processor of a `/proc/cpuinfo`: `flags` on x86-64, `Features` on Arm.
    package init(information: String) {
        var fields: [String: Substring] = [:]
        for line in information.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            let key = parts[0].trimmingCharacters(in: .whitespaces)
            if fields[key] == nil { fields[key] = parts[1] }
        }
        modelName = fields["model name"]?.trimmingCharacters(in: .whitespaces) ?? ""
        flags = Set(
            (fields["flags"] ?? fields["Features"] ?? "").split(whereSeparator: \.isWhitespace).map(String.init))
    }

    /// The sets that Docket and BLAS can use, best first.
    package var vectorSets: [String] {
        Self.known.filter { flags.contains($0.flag) }.map(\.name)
    }

    private static let known: [(flag: String, name: String)] = [
        ("avx512_bf16", "AVX-512 BF16"), ("avx512_vnni", "AVX-512 VNNI"), ("avx512f", "AVX-512"),
        ("avx_vnni", "AVX VNNI"), ("avx2", "AVX2"), ("asimddp", "NEON dot product"), ("asimd", "NEON"),
    ]
}
