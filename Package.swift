// swift-tools-version: 6.3
import PackageDescription

/// Settings shared by every Swift target, declared once.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
/// For the rooms where unsafe pointers live: each use is marked `unsafe`.
let pointerSettings = settings + [.strictMemorySafety()]

/// One of its own dependencies has a module of the name of our room.
let asyncHTTPClient: Target.Dependency = .product(
    name: "AsyncHTTPClient", package: "async-http-client", moduleAliases: ["Configuration": "SwiftConfiguration"])
let nio: [Target.Dependency] = ["NIOCore", "NIOHTTP1", "NIOPosix"].map { .product(name: $0, package: "swift-nio") }
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// The rooms, from the ground up. `docs/ARCHITECTURE.md` says what each is for; TidyTests hold the imports to this table.
let rooms: [Target] = [
    .systemLibrary(name: "CBLAS", providers: [.apt(["libblas-dev", "libopenblas0-pthread"])]),
    .systemLibrary(name: "CLAPACKE", providers: [.apt(["liblapacke-dev"])]),
    .systemLibrary(name: "CMarkGFM", providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .systemLibrary(name: "CStemmer", providers: [.apt(["libstemmer-dev"])]),
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "LinearAlgebra", dependencies: ["CBLAS", "CLAPACKE"], swiftSettings: pointerSettings),
    .target(name: "IndexFiles", dependencies: [crypto], swiftSettings: pointerSettings),
    .target(
        name: "VectorSearch", dependencies: ["LinearAlgebra", "CKernels", "IndexFiles"], swiftSettings: pointerSettings),
    .target(name: "LexicalSearch", dependencies: ["CStemmer", "IndexFiles"], swiftSettings: pointerSettings),
    .target(
        name: "TextEmbedding", dependencies: ["LinearAlgebra", "CKernels", "IndexFiles"],
        swiftSettings: pointerSettings),
    .target(name: "Endpoints", dependencies: [asyncHTTPClient] + nio, swiftSettings: settings),
    .target(name: "Documents", dependencies: ["CMarkGFM", crypto, yams], swiftSettings: pointerSettings),
    .target(name: "Tickets", swiftSettings: settings),
    .target(name: "Storage", dependencies: ["Documents", "Tickets", crypto, grdb], swiftSettings: settings),
    .target(
        name: "Retrieval",
        dependencies: [
            "Documents", "Storage", "VectorSearch", "LexicalSearch", "TextEmbedding", "LinearAlgebra", "IndexFiles",
            "Endpoints",
        ],
        swiftSettings: settings),
    .target(
        name: "Answering",
        dependencies: ["Tickets", "Storage", "Retrieval", "Documents", "LexicalSearch", "LinearAlgebra"],
        swiftSettings: settings),
    .target(name: "Configuration", dependencies: [yams], swiftSettings: settings),
    .executableTarget(
        name: "docket",
        dependencies: [
            "LinearAlgebra", "IndexFiles", "VectorSearch", "TextEmbedding", "Documents", "Tickets", "Storage",
            "Retrieval", "Answering", "Configuration", "Endpoints",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: settings),
]

/// One test target a room, and two for the whole: the house's own rules, and the binary end to end.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "docket",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "docket", targets: ["docket"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
    ],
    targets: rooms + [
        .target(
            name: "TestSupport", dependencies: ["LinearAlgebra"], path: "Tests/TestSupport", swiftSettings: settings),
        tests("CKernelsTests", ["CKernels", "TestSupport"]),
        tests("LinearAlgebraTests", ["LinearAlgebra", "TestSupport"]),
        tests("IndexFilesTests", ["IndexFiles", "TestSupport"]),
        tests("LexicalSearchTests", ["LexicalSearch", "IndexFiles", "TestSupport"]),
        tests(
            "TextEmbeddingTests", ["TextEmbedding", "IndexFiles", "LinearAlgebra", "TestSupport"],
            resources: [.copy("Fixtures")]),
        tests("EndpointsTests", ["Endpoints", "TestSupport"], resources: [.copy("Fixtures")]),
        tests("VectorSearchTests", ["VectorSearch", "IndexFiles", "LinearAlgebra", "TestSupport"]),
        tests(
            "AnsweringTests",
            ["Answering", "Documents", "Retrieval", "Storage", "TextEmbedding", "Tickets", "TestSupport"],
            resources: [.copy("Fixtures")]),
        tests("DocumentsTests", ["Documents", "TestSupport"]),
        tests("StorageTests", ["Storage", "Documents", "Tickets", "TestSupport", grdb]),
        tests("TicketsTests", ["Tickets", "TestSupport"]),
        tests("ConfigurationTests", ["Configuration", "TestSupport"]),
        tests(
            "RetrievalTests",
            [
                "Retrieval", "Storage", "Documents", "TextEmbedding", "VectorSearch", "LexicalSearch", "IndexFiles",
                "LinearAlgebra", "Endpoints", "TestSupport",
            ]),
        tests("EndToEndTests", ["docket", "Retrieval", "Storage", "TextEmbedding", "TestSupport"]),
        tests("TidyTests", ["TestSupport"]),
    ]
)
