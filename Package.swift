// swift-tools-version: 6.3
import PackageDescription

/// The settings of every Swift target: Swift 6, warnings as errors, and explicit imports.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library below `Shared/`, at `Shared/NAME` unless `path` is given.
func shared(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(path ?? name)", swiftSettings: settings)
}

/// The library of a service, at `Services/NAME`. Its executable is in `Main/`, and its C module, if it has one, in the directory `cModule`.
func service(_ name: String, cModule: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Services/\(name)", exclude: ["Main"] + (cModule.map { [$0] } ?? []),
        swiftSettings: settings)
}

/// Links Swift's libraries statically into the executables if the environment has UNLADEN_STATIC_STDLIB=1, as the scripts in `deploy` do
/// for a release: calls into shared libraries are slower, and a service makes many. Adapters keep the shared libraries, so host and
/// adapter share nothing but `unladen_adapter.h`.
let staticLibraries: [LinkerSetting] =
    Context.environment["UNLADEN_STATIC_STDLIB"] != "1"
    ? []
    : [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]
        // Foundation's parts. The compiler adds them by itself only when it also compiles with -static-stdlib.
        + ["CoreFoundation", "_FoundationICU", "_FoundationCollections", "_FoundationCShims"].map {
            .linkedLibrary($0, .when(configuration: .release))
        }

/// The executable of a service.
func executable(_ name: String, of service: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: [.target(name: service), "ServiceKit", argumentParser] + dependencies,
        path: "Services/\(service)/Main", swiftSettings: settings, linkerSettings: staticLibraries)
}

/// The tests of a target, at `Tests/NAMETests`.
func tests(_ subject: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(subject)Tests", dependencies: [.target(name: subject)] + dependencies, path: "Tests/\(subject)Tests",
        exclude: exclude, swiftSettings: settings)
}

/// The library of a provider's adapter, `NAMEAdapter`, and its plugin. The plugin's entry point is in a separate target, so that tests
/// can link several adapters into one program.
func adapter(_ name: String) -> [Target] {
    // Bedrock's requests are signed.
    let kit: [Target.Dependency] = ["AdapterKit", "JSON", "Primitives"] + (name == "Bedrock" ? ["SignatureV4"] : [])
    let exports = "--version-script=\(Context.packageDirectory)/Shared/PluginABI/adapter.map"
    return [
        .target(
            name: "\(name)Adapter", dependencies: kit, path: "Services/Adapters/\(name)", exclude: ["Entry"],
            swiftSettings: settings),
        .target(
            name: "\(name)AdapterEntry", dependencies: [.target(name: "\(name)Adapter"), "AdapterKit", "PluginABI"],
            path: "Services/Adapters/\(name)/Entry", swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-Xlinker", exports])]),
    ]
}

/// The dynamic library of a provider's adapter.
func adapterPlugin(_ name: String) -> Product {
    .library(name: "\(name)AdapterPlugin", type: .dynamic, targets: ["\(name)AdapterEntry"])
}

/// The names of all provider adapters.
let adapters = [
    "AI21", "Anthropic", "Bedrock", "Cohere", "Gemini", "HuggingFace", "MLflowServing", "MosaicML", "OpenAI", "OpenAICompatible",
    "UnladenWorker",
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioFoundationCompat = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioExtras = Target.Dependency.product(name: "NIOExtras", package: "swift-nio-extras")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// The parsers of untrusted bytes with their hostile inputs: a test target that replays the corpus or, when `deploy/fuzz` builds, the
/// fuzzer instead, since a file can't belong to two targets.
func hostile() -> Target {
    let parsers: [Target.Dependency] =
        [
            "AdapterHost", "AdapterKit", "ArtifactStore", "Gateway", "GatewayFormats", "JSON", "PluginABI", "Primitives", "Registry",
            "SafeText", "SearchFilter", "HTTPServer", "ServiceKit", "Tracking", "WireProtocol", hummingbirdCore, logging, nioCore,
            nioEmbedded,
        ] + adapters.map { .target(name: "\($0)Adapter") }
    guard Context.environment["UNLADEN_FUZZ"] == nil else {
        return .executableTarget(
            name: "unladen-fuzz", dependencies: parsers, path: "Tests/Hostile", exclude: ["Corpus", "CorpusTests", "Services"],
            sources: ["Targets", "Fuzz"], swiftSettings: settings)
    }
    return .testTarget(
        name: "HostileTests", dependencies: parsers + ["TestSupport"], path: "Tests/Hostile", exclude: ["Corpus", "Fuzz", "Services"],
        sources: ["Targets", "CorpusTests"], swiftSettings: settings)
}

let package = Package(
    name: "unladen",
    products: adapters.map(adapterPlugin),
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        shared("Primitives"),
        shared("JSON"),
        shared("WireProtocol", ["JSON", "Primitives"]),
        shared("SafeText", ["JSON", "Primitives"]),
        .target(name: "PluginABI", path: "Shared/PluginABI", exclude: ["adapter.map"]),
        shared("PluginHost", ["PluginABI", "JSON"]),
        shared("AdapterHost", ["PluginHost", "PluginABI", "JSON", "Primitives"]),
        shared("AdapterKit", ["PluginABI", "JSON", "Primitives"]),
        .target(
            name: "AdapterManifests", path: "Services/Adapters/Manifests", resources: [.process("Files")], swiftSettings: settings),
        .systemLibrary(name: "CLibPQ", path: "Shared/Database/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        shared("Database", path: "Database/Core", ["Primitives"]),
        .systemLibrary(name: "CSQLite", path: "Shared/Database/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        shared("SQLiteDatabase", path: "Database/SQLite", ["Database", "CSQLite"]),
        shared("PostgreSQLDatabase", path: "Database/PostgreSQL", ["Database", "CLibPQ", "SafeText"]),
        shared("SearchFilter", ["JSON"]),
        shared("ModelPrices", ["Primitives"]),
        .systemLibrary(name: "CMalloc", path: "Shared/CMalloc"),
        shared(
            "HTTPServer",
            [
                "CMalloc", "Primitives", "WireProtocol", hummingbird, hummingbirdCore, httpTypes, logging, nioCore, nioExtras, nioHTTP1,
                nioHTTPTypesHTTP1, nioPosix, serviceLifecycle,
            ]),
        shared(
            "ServiceKit",
            [
                "HTTPServer", "JSON", "Primitives", "SafeText", "WireProtocol", argumentParser, coreMetrics, hummingbird, httpTypes,
                logging, nioCore, nioPosix, serviceLifecycle, unixSignals,
            ]),
        shared(
            "ServiceDatabase",
            [
                "HTTPServer", "ServiceKit", "Database", "SQLiteDatabase", "PostgreSQLDatabase", "SafeText", "WireProtocol", argumentParser,
                serviceLifecycle,
            ]),
        shared(
            "MLflowAPI", ["HTTPServer", "ServiceKit", "Database", "SearchFilter", "WireProtocol", hummingbird, httpTypes, nioCore]),
        .target(name: "CProcess", path: "Shared/ProcessKit/CProcess"),
        .target(
            name: "ProcessKit", dependencies: ["CProcess", unixSignals], path: "Shared/ProcessKit", exclude: ["CProcess"],
            swiftSettings: settings),
        .systemLibrary(
            name: "CLibCrypto", path: "Shared/Hashing/CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "Hashing", dependencies: ["CLibCrypto"], path: "Shared/Hashing", exclude: ["CLibCrypto"], swiftSettings: settings),
        shared("SignatureV4", ["Hashing", "Primitives"]),
        shared(
            "ArtifactStore",
            [
                "Hashing", "Primitives", "SignatureV4", "SafeText", asyncHTTPClient, logging, nioCore, nioPosix, nioHTTP1,
                nioFoundationCompat,
            ]),
        shared("ServiceClient", ["Primitives", "WireProtocol", "SafeText", asyncHTTPClient, nioCore, nioHTTP1]),
        shared("MLflowImport", ["WireProtocol", "SafeText", "ServiceKit", "Database", "SQLiteDatabase", "PostgreSQLDatabase"]),
        service(
            "Registry",
            [
                "Primitives", "WireProtocol", "ServiceKit", "ServiceDatabase", "MLflowAPI", "ServiceClient", "Database", "SearchFilter",
                "MLflowImport", hummingbird, httpTypes, logging,
            ]),
        executable("unladen-registry", of: "Registry", ["Database", "HTTPServer", "ServiceDatabase", "ServiceClient", "MLflowImport"]),
        .systemLibrary(name: "CZlib", path: "Services/Tracking/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        service(
            "Tracking", cModule: "CZlib",
            [
                "CZlib", "Primitives", "WireProtocol", "SafeText", "HTTPServer", "ServiceKit", "ServiceDatabase", "MLflowAPI",
                "ServiceClient", "Database", "SearchFilter", "ArtifactStore", "MLflowImport", "ModelPrices",
                asyncHTTPClient, hummingbird, httpTypes, logging, nioCore, nioHTTP1,
            ]),
        executable(
            "unladen-tracking", of: "Tracking",
            ["ArtifactStore", "Database", "SafeText", "ServiceClient", "ServiceDatabase", "MLflowImport", "WireProtocol", logging]),
        .target(
            name: "GatewayFormats", dependencies: ["JSON", "ModelPrices", "Primitives", "WireProtocol"], path: "Services/Gateway/Formats",
            swiftSettings: settings),
        .target(
            name: "Gateway",
            dependencies: [
                "GatewayFormats", "JSON", "ModelPrices", "Primitives", "WireProtocol", "SafeText", "HTTPServer", "ServiceKit",
                "ServiceDatabase", "ServiceClient", "Database", "AdapterHost", "PluginHost", "Hashing", coreMetrics, hummingbird, httpTypes,
                logging, nioCore, nioHTTP1, nioPosix, nioSSL, serviceLifecycle, yams,
            ],
            path: "Services/Gateway", exclude: ["Main", "Formats"], resources: [.embedInCode("Docs/Page")],
            swiftSettings: settings),
        executable("unladen-gateway", of: "Gateway", ["Database", "ServiceDatabase"]),
        service(
            "Launcher",
            [
                "Primitives", "ProcessKit", "ServiceKit", "SafeText", "WireProtocol", argumentParser, asyncHTTPClient, logging, nioCore,
                nioHTTP1, nioPosix,
            ]),
        executable("unladen", of: "Launcher"),
        .target(
            name: "TestSupport",
            dependencies: [
                "Primitives", "WireProtocol", "Database", "SQLiteDatabase", "PostgreSQLDatabase", "CLibPQ", "CSQLite", "ProcessKit",
                "ServiceKit", argumentParser, hummingbird, hummingbirdTesting, httpTypes, logging, nioCore, serviceLifecycle,
            ],
            path: "Tests/Support", exclude: ["FakeProvider"], swiftSettings: settings),
        .executableTarget(
            name: "fake-provider", dependencies: ["JSON", "Hashing", "Primitives", nioCore, nioHTTP1, nioPosix],
            path: "Tests/Support/FakeProvider", swiftSettings: settings),
        .testTarget(name: "ArchitectureTests", path: "Tests/ArchitectureTests", swiftSettings: settings),
        tests("Database", ["TestSupport", "SQLiteDatabase", "PostgreSQLDatabase"]),
        tests("Primitives"),
        tests("JSON"),
        tests("SafeText", ["JSON"]),
        tests("WireProtocol", ["JSON", "Primitives"], exclude: ["Golden"]),
        tests("ModelPrices", ["Primitives"]),
        tests("PluginHost", ["JSON", "PluginABI", "TestSupport"], exclude: ["Greeter"]),
        tests("AdapterHost", ["PluginHost", "JSON", "TestSupport"], exclude: ["CAdapter"]),
        tests("Hashing", ["Primitives"]),
        tests("SignatureV4"),
        tests("BedrockAdapter", ["AdapterKit", "JSON"]),
        tests("ArtifactStore", ["SignatureV4", "TestSupport", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix]),
        tests("ProcessKit", ["TestSupport"]),
        tests("Launcher", ["ProcessKit", "ServiceKit", "TestSupport", "unladen", argumentParser, logging, nioCore, nioPosix]),
        tests("GatewayFormats", ["JSON", "ModelPrices", "Primitives", "WireProtocol"]),
        tests(
            "Gateway",
            [
                "GatewayFormats", "JSON", "ModelPrices", "Primitives", "SafeText", "TestSupport", "AdapterHost", "Database", "HTTPServer",
                "ServiceKit", "WireProtocol", "fake-provider", httpTypes, logging,
            ]),
        hostile(),
        tests("MLflowImport", ["TestSupport", "Database", "ServiceKit"]),
        tests(
            "Registry",
            [
                "Primitives", "TestSupport", "Database", "HTTPServer", "ServiceClient", "ServiceKit", "WireProtocol", "MLflowImport",
                argumentParser, hummingbird, hummingbirdTesting, httpTypes, nioCore,
            ]),
        tests("SearchFilter", ["JSON", "TestSupport"], exclude: ["Golden"]),
        tests(
            "HTTPServer",
            [
                "Primitives", "ServiceKit", "TestSupport", "WireProtocol", httpTypes, hummingbird, hummingbirdCore, logging, nioCore,
                nioPosix, serviceLifecycle,
            ]),
        tests(
            "ServiceKit",
            [
                "TestSupport", "WireProtocol", argumentParser, coreMetrics, httpTypes, hummingbird, hummingbirdCore, logging, nioCore,
                serviceLifecycle,
            ]),
        tests("ServiceDatabase", ["Database", "ServiceKit", "WireProtocol", argumentParser]),
        tests("MLflowAPI", ["SearchFilter", "ServiceKit", "WireProtocol"]),
        tests("ServiceClient", ["Primitives", "TestSupport", "WireProtocol"]),
        tests(
            "Tracking",
            [
                "JSON", "Primitives", "TestSupport", "ArtifactStore", "Database", "HTTPServer", "MLflowImport", "SearchFilter",
                "ServiceClient", "ServiceKit", "WireProtocol", httpTypes,
            ]),
    ] + adapters.flatMap(adapter)
)
