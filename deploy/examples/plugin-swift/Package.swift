// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Exports the entry point of the plugin and nothing else, so that no symbol can clash with one of the gateway or another plugin.
let exports = "--version-script=\(Context.packageDirectory)/Sources/PluginABI/adapter.map"

let package = Package(
    name: "acme-adapter",
    products: [.library(name: "AcmeAdapterPlugin", type: .dynamic, targets: ["AcmeAdapter"])],
    targets: [
        // The kit's sources are symbolic links into the repository: README.md explains why.
        .target(name: "PluginABI", exclude: ["adapter.map"]),
        .target(name: "JSON", swiftSettings: settings),
        .target(name: "Primitives", swiftSettings: settings),
        .target(name: "AdapterKit", dependencies: ["PluginABI", "JSON", "Primitives"], swiftSettings: settings),
        .target(
            name: "AcmeAdapter", dependencies: ["AdapterKit", "JSON", "PluginABI"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-Xlinker", exports])]),
    ]
)
