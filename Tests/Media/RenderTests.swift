import Foundation
import MediaProtocol
import Testing

@Suite("Pictures are rendered")
struct RenderTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private static let red: (UInt8, UInt8, UInt8) = (220, 30, 30)
    private static let green: (UInt8, UInt8, UInt8) = (30, 160, 60)
    private static let blue: (UInt8, UInt8, UInt8) = (30, 50, 200)
    private static let grey: (UInt8, UInt8, UInt8) = (128, 128, 128)

    /// Four fields: red, green, blue and grey, as one reads.
    private func fields(width: Int = 96, height: Int = 64) throws -> String {
        let path = scratch.path("fields.ppm")
        try Pixels(width: width, height: height) { x, y in
            y < height / 2 ? (x < width / 2 ? Self.red : Self.green) : (x < width / 2 ? Self.blue : Self.grey)
        }.write(path)
        return path
    }

    private func flat(_ color: (UInt8, UInt8, UInt8)) throws -> String {
        let path = scratch.path("flat.ppm")
        try Pixels(width: 64, height: 64) { _, _ in color }.write(path)
        return path
    }

    private func expectRendered(_ reply: Reply, _ width: Int, _ height: Int) {
        #expect(reply == .rendered(width: width, height: height))
    }

    @Test("Every one of the eight orientations comes out upright", arguments: 1...8)
    func orientations(_ orientation: Int) throws {
        let stored = scratch.path("stored.jpg")
        try tool("vips", "jpegsave", try fields(), stored, "--Q", "95", "--subsample-mode", "off")
        try tool("exiftool", "-q", "-overwrite_original", "-n", "-Orientation=\(orientation)", stored)
        let out = scratch.path("out.jpg")
        expectRendered(try render(stored, out), orientation < 5 ? 96 : 64, orientation < 5 ? 64 : 96)
        let seen = try Pixels(decoding: out)
        let corners = [
            seen[4, 4], seen[seen.width - 5, 4], seen[4, seen.height - 5],
            seen[seen.width - 5, seen.height - 5],
        ]
        // Where each stored field is seen, by the definition of the tag: the 0th row is the visual top, left side …
        let (red, green, blue, grey) = ([220, 30, 30], [30, 160, 60], [30, 50, 200], [128, 128, 128])
        let wanted = [
            [red, green, blue, grey], [green, red, grey, blue], [grey, blue, green, red],
            [blue, grey, red, green],
            [red, blue, green, grey], [blue, red, grey, green], [grey, green, blue, red],
            [green, grey, red, blue],
        ][orientation - 1]
        for (corner, color) in zip(corners, wanted) { #expect(isClose(corner, color, within: 6)) }
    }

    @Test("A Display P3 picture has the same colour in sRGB")
    func displayP3() throws {
        let stored = scratch.path("p3.tif")
        try tool("vips", "icc_transform", try flat((200, 90, 60)), stored, "p3", "--input-profile", "srgb")
        #expect(!isClose(try Pixels(decoding: stored)[32, 32], [200, 90, 60]))
        let out = scratch.path("out.jpg")
        expectRendered(try render(stored, out), 64, 64)
        #expect(isClose(try Pixels(decoding: out)[32, 32], [200, 90, 60]))
    }

    @Test("A picture that says by Exif alone that it is AdobeRGB is converted as such")
    func adobeRGB() throws {
        let color: (UInt8, UInt8, UInt8) = (180, 120, 70)
        let stored = scratch.path("adobe.jpg")
        try tool("vips", "jpegsave", try flat(color), stored, "--Q", "100", "--subsample-mode", "off")
        let out = scratch.path("out.jpg")
        expectRendered(try render(stored, out), 64, 64)
        #expect(isClose(try Pixels(decoding: out)[32, 32], [180, 120, 70]))

        try tool(
            "exiftool",
            "-q",
            "-overwrite_original",
            "-ColorSpace=Uncalibrated",
            "-InteropIndex=R03",
            stored
        )
        let converted = scratch.path("converted.jpg")
        expectRendered(try render(stored, converted), 64, 64)
        #expect(isClose(try Pixels(decoding: converted)[32, 32], AdobeRGB.sRGB(color)))
        #expect(!isClose(AdobeRGB.sRGB(color), [180, 120, 70], within: 8))
    }

    @Test("The finished picture carries an sRGB profile")
    func profile() throws {
        let out = scratch.path("out.jpg")
        expectRendered(try render(try jpeg(), out), 96, 64)
        let found = try inspect(out).filter { $0.key == "ICC profile" }
        #expect(found.count == 1)
        #expect(found.first?.value.contains("sRGB") == true)
        let said = try tool("exiftool", "-s3", "-ICC_Profile:ColorSpaceData", out)
        #expect(said.trimmingCharacters(in: .whitespacesAndNewlines) == "RGB")
    }

    private func jpeg(_ name: String = "a.jpg") throws -> String {
        let path = scratch.path(name)
        try tool("vips", "jpegsave", try fields(), path, "--Q", "95", "--subsample-mode", "off")
        return path
    }

    @Test("Sixteen bits, greyscale and CMYK come out as what they show")
    func depths() throws {
        let source = try fields()
        try tool("vips", "colourspace", source, scratch.path("rgb16.tif"), "rgb16")
        try tool("vips", "colourspace", source, scratch.path("grey.jpg"), "b-w")
        try tool("vips", "colourspace", source, scratch.path("grey16.png"), "grey16")
        try tool("vips", "icc_transform", source, scratch.path("cmyk.jpg"), "cmyk", "--input-profile", "srgb")
        for (name, isGrey, tolerance) in [
            ("rgb16.tif", false, 6), ("grey.jpg", true, 6), ("grey16.png", true, 6), ("cmyk.jpg", false, 40),
        ] {
            let out = scratch.path(name + ".out.jpg")
            expectRendered(try render(scratch.path(name), out), 96, 64)
            let seen = try Pixels(decoding: out)
            let (red, grey) = (seen[10, 10], seen[90, 60])
            #expect(isClose(grey, [128, 128, 128], within: tolerance), "\(name) \(grey)")
            if isGrey {
                let (low, high) = (red.min() ?? 0, red.max() ?? 255)
                #expect(low == high, "\(name) \(red)")
                #expect((60...130).contains(red[0]), "\(name) \(red)")
            } else {
                // Ink cannot show this red; what counts is that it is not inverted.
                #expect(isClose(red, [220, 30, 30], within: tolerance), "\(name) \(red)")
            }
        }
    }

    @Test(
        "A finished TIFF that names its camera is not developed as if it were a RAW file",
        arguments: [
            ("Leica Camera AG", "LEICA M (Typ 240)"), ("Phase One", "IQ180"),
            ("Canon", "Canon EOS 5D Mark III"),
        ]
    )
    func finishedTIFF(_ make: String, _ model: String) throws {
        let source = try flat((131, 131, 131))
        for (space, level) in [("grey16", 131), ("b-w", 131), ("rgb16", 131)] {
            let path = scratch.path("\(space).tif")
            try tool("vips", "colourspace", source, path, space)
            try tool("exiftool", "-q", "-overwrite_original", "-Make=\(make)", "-Model=\(model)", path)
            let out = scratch.path("\(space).jpg")
            expectRendered(try render(path, out), 64, 64)
            #expect(isClose(try Pixels(decoding: out)[30, 30], [level, level, level]), "\(space)")
        }
    }

    @Test("What is transparent becomes white")
    func alpha() throws {
        let path = scratch.path("a.png")
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=red@0.0:s=32x32,format=rgba",
            "-frames:v",
            "1",
            path
        )
        expectRendered(try render(path, scratch.path("out.jpg")), 32, 32)
        #expect(isClose(try Pixels(decoding: scratch.path("out.jpg"))[16, 16], [255, 255, 255]))
    }

    @Test(
        "The longer side is what was asked for, and never more than the picture has",
        arguments: [(nil, 1200, 802), (600, 600, 401), (100, 100, 67), (1199, 1199, 801), (5000, 1200, 802)]
    )
    func sizes(_ longEdge: Int?, _ width: Int, _ height: Int) throws {
        let path = scratch.path("a.jpg")
        try tool("vips", "jpegsave", try fields(width: 1200, height: 802), path)
        let out = scratch.path("out.jpg")
        expectRendered(try render(path, out, longEdge: longEdge), width, height)
        let decoded = try Pixels(decoding: out)
        #expect(decoded.width == width && decoded.height == height)
        #expect(isClose(decoded[width / 4, height / 4], [220, 30, 30], within: 6))
    }

    @Test("From quality 90 on, colour is not subsampled")
    func subsampling() throws {
        let source = try jpeg()
        for (quality, wanted) in [(89, "2 2"), (90, "1 1")] {
            let out = scratch.path("\(quality).jpg")
            expectRendered(try render(source, out, quality: quality), 96, 64)
            let said = try tool("exiftool", "-s3", "-n", "-YCbCrSubSampling", out)
            #expect(said.trimmingCharacters(in: .whitespacesAndNewlines) == wanted)
        }
    }

    @Test("An existing destination is refused and stays as it was")
    func existing() throws {
        let out = try scratch.write(Array("mine".utf8), "out.jpg")
        #expect(try reason(try render(try jpeg(), out)) == "the destination exists already")
        #expect(try String(contentsOfFile: out, encoding: .utf8) == "mine")
        let link = scratch.path("link.jpg")
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: scratch.path("nowhere.jpg")
        )
        _ = try reason(try render(try jpeg(), link))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("nowhere.jpg")))
    }

    @Test("A picture that fails leaves nothing behind")
    func failure() throws {
        let whole = try jpeg("whole.jpg")
        let content = try Data(contentsOf: URL(fileURLWithPath: whole))
        let cut = try scratch.write(Array(content.prefix(content.count / 2)), "cut.jpg")
        _ = try reason(try render(cut, scratch.path("out.jpg")))
        _ = try reason(
            try render(try scratch.write(Array("not a picture".utf8), "b.jpg"), scratch.path("out.jpg"))
        )
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.jpg")))
        #expect(
            try reason(try render(whole, scratch.path("no/such/folder.jpg"))).contains("cannot be created")
        )
    }

    @Test("The reason that a picture fails for is its own, not that of the one before")
    func reasons() throws {
        let cut = try scratch.write([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0], "cut.jpg")
        let text = try scratch.write(Array("text".utf8), "text.jpg")
        let replies = try ask(
            [cut, try jpeg(), text].enumerated().map { index, path in
                .render(
                    Rendition(
                        source: Array(path.utf8),
                        destination: Array(scratch.path("\(index).jpg").utf8),
                        longEdge: nil,
                        quality: 80,
                        metadata: PublicMetadata()
                    )
                )
            }
        )
        #expect(replies.count == 3)
        #expect(replies[1] == .rendered(width: 96, height: 64))
        #expect(try reason(replies[0]) != reason(replies[2]))
    }

    @Test("A clip is shown by a frame that is not black, upright and with square pixels")
    func poster() throws {
        let (lying, path) = (scratch.path("lying.mp4"), scratch.path("a.mp4"))
        // Black for the first three of four seconds.
        try tool(
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=black:s=160x96:d=3:r=25",
            "-f",
            "lavfi",
            "-i",
            "color=0xDC1E1E:s=160x96:d=1:r=25",
            "-filter_complex",
            "[0][1]concat,setsar=2,scale=out_color_matrix=bt709:out_range=tv",
            "-c:v",
            "libx264",
            "-g",
            "10",
            "-colorspace",
            "bt709",
            "-color_primaries",
            "bt709",
            "-color_trc",
            "bt709",
            lying
        )
        try tool("ffmpeg", "-v", "error", "-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", path)
        let out = scratch.path("out.jpg")
        expectRendered(try render(path, out), 96, 320)
        #expect(isClose(try Pixels(decoding: out)[48, 160], [220, 30, 30], within: 8))
        let found = try reading(path)
        #expect([found.width, found.height] == [96, 320])
    }

    @Test("A RAW is rendered at its full size, not at that of its thumbnail")
    func raw() throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let files =
            FileManager.default.enumerator(atPath: package + "/Fixtures")?.compactMap { $0 as? String } ?? []
        let raws = files.filter { $0.hasSuffix(".DNG") }.sorted()
        #expect(!raws.isEmpty)
        for (index, raw) in raws.enumerated() {
            let source = "\(package)/Fixtures/\(raw)"
            let size = try tool("exiftool", "-s3", "-n", "-ImageSize", source).split(
                whereSeparator: \.isWhitespace
            )
            let sides = size.compactMap { Int($0) }.sorted()
            let reply = try render(source, scratch.path("\(index).jpg"))
            guard case .rendered(let width, let height) = reply else {
                Issue.record("\(raw): \(reply)")
                continue
            }
            #expect([width, height].sorted() == sides)
        }
    }
}

/// AdobeRGB (1998) by its specification, computed apart from any profile.
private enum AdobeRGB {
    static func sRGB(_ color: (UInt8, UInt8, UInt8)) -> [Int] {
        let linear = [color.0, color.1, color.2].map { pow(Double($0) / 255, 563.0 / 256) }
        // To XYZ under D65, and from there to linear sRGB.
        let toXYZ = [
            [0.57667, 0.18556, 0.18823], [0.29734, 0.62736, 0.07529], [0.02703, 0.07069, 0.99134],
        ]
        let toRGB = [
            [3.24045, -1.53714, -0.49853], [-0.96927, 1.87601, 0.04156], [0.05564, -0.20403, 1.05723],
        ]
        func apply(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
            matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        return apply(toRGB, apply(toXYZ, linear)).map { value in
            let value = min(max(value, 0), 1)
            let coded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
            return Int((coded * 255).rounded())
        }
    }
}
