// swift-tools-version: 6.2
import PackageDescription

// Every module of ours is built alike: nothing implicit, and no warning lives to the next day.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func module(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    exclude: [String] = [],
    plugins: [Target.PluginUsage] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        swiftSettings: strict,
        plugins: plugins
    )
}

func worker(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies + ["Chance"],
        path: "Tests/\(name)",
        exclude: exclude,
        swiftSettings: strict
    )
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "valhalla",
    products: [
        .executable(name: "valhalla", targets: ["valhalla"]),
        .executable(name: "valhalla-read", targets: ["valhalla-read"]),
        .executable(name: "valhalla-media", targets: ["valhalla-media"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    ],
    targets: [
        // The libraries of the system, each behind a module of its own.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CFFmpeg",
            pkgConfig: "libavformat libavcodec libavutil libswscale",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev"])]
        ),
        .systemLibrary(name: "CVipsLibrary", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .systemLibrary(
            name: "CPangoLibrary", pkgConfig: "pangocairo",
            providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
        .systemLibrary(name: "CExiv2Library", pkgConfig: "exiv2", providers: [.apt(["libexiv2-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .target(
            name: "CExiv2",
            dependencies: ["CExiv2Library", "CExpat"]
        ),
        .target(name: "CPaper", dependencies: ["CPangoLibrary"], linkerSettings: [.linkedLibrary("cairo")]),
        .target(name: "CVips", dependencies: ["CVipsLibrary"]),
        // Not by pkg-config: SwiftPM refuses all of libraw.pc for the sake of its -fopenmp.
        .target(name: "CRaw", linkerSettings: [.linkedLibrary("raw")]),

        // What the archive is made of, from the ground up. Tests/Architecture holds every import against this.
        module("Files", ["CLinux", "CXXHash", crypto]),
        module("Storage", ["CSQLite"]),
        module("MediaProtocol"),
        .target(name: "CTagDictionaries"),
        module("TagShelf", ["CTagDictionaries", "CZstd"]),
        module("CameraXML", ["MediaProtocol"]),
        module("Workers", ["CLinux", "MediaProtocol"]),
        module("Catalog", ["Storage", "Files", "MediaProtocol", "TagShelf", "Migrations"]),
        module("Tracks", ["Catalog", "Files", "MediaProtocol", "Workers"]),
        module("Ingest", ["Catalog", "Files", "MediaProtocol", "Workers"]),
        module("Previews", ["Catalog", "Files", "MediaProtocol", "Workers"]),
        module("Export", ["Catalog", "Files", "MediaProtocol", "Workers"]),
        .executableTarget(
            name: "valhalla",
            dependencies: [
                "Catalog", "Files", "Ingest", "Tracks", "Previews", "Export", "MediaProtocol", "Workers",
                argumentParser,
            ],
            swiftSettings: strict
        ),

        // The programs that may die.
        worker("valhalla-read", ["MediaProtocol", "CameraXML", "TagShelf", "CExiv2", "CExpat", "CZlib"]),
        worker(
            "valhalla-media",
            ["MediaProtocol", "CameraXML", "CExpat", "CVips", "CRaw", "CFFmpeg", "CZstd", "CPaper"]
        ),

        // SQL files become a Swift constant, so that a binary needs no file beside it.
        .executableTarget(name: "EmbedTextTool", swiftSettings: strict),
        .plugin(name: "EmbedText", capability: .buildTool(), dependencies: ["EmbedTextTool"]),
        .target(name: "Migrations", path: "Migrations", swiftSettings: strict, plugins: ["EmbedText"]),

        // Random numbers that every test can have again.
        .target(name: "Chance", path: "Tests/Chance", swiftSettings: strict),
        tests("Storage", ["Storage", "CSQLite"]),
        tests("Files", ["Files"]),
        tests("MediaProtocol", ["MediaProtocol"]),
        tests("TagShelf", ["TagShelf"]),
        tests("Workers", ["Workers", "MediaProtocol", "valhalla-read"]),
        tests(
            "Catalog",
            ["Catalog", "Storage", "Files", "MediaProtocol", "Migrations", "TagShelf"],
            exclude: ["Archives", "Clearance/truth-table.md"]
        ),
        tests("Ingest", ["Ingest", "Catalog", "Files", "MediaProtocol", "Workers"]),
        tests(
            "Previews",
            [
                "Previews", "Ingest", "Catalog", "Files", "MediaProtocol", "Workers", "Storage",
                "valhalla-media",
            ]
        ),
        tests("Tracks", ["Tracks", "Catalog", "Files", "MediaProtocol", "Workers", "valhalla-read"]),
        tests("Export", ["Export", "Catalog", "Files", "MediaProtocol", "Workers", "valhalla-media"]),
        tests("Media", ["MediaProtocol", "CZstd", "valhalla-media"]),
        tests(
            "Read",
            ["MediaProtocol", "CameraXML", "Workers", "TagShelf", "CExiv2", "valhalla-read"],
            exclude: ["Packets"]
        ),
        tests(
            "Commands",
            ["Export", "CZlib", "valhalla", "valhalla-read", "valhalla-media"],
            exclude: ["Transcripts", "Canaries/canaries.md"]
        ),
        tests("Architecture", []),
    ],
    cxxLanguageStandard: .cxx17
)
