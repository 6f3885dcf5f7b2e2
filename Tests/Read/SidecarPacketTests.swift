import Chance
import Foundation
import MediaProtocol
import Testing
import Workers

@testable import valhalla_read

/// XMP as other programs leave it, in which a few words are set.
@Suite("A sidecar’s packet")
struct SidecarPacketTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "Packets")

    /// What every golden packet is to say.
    private static let wanted = [
        XMPProperty("dc:title", .alternative, ["The <ridge> & more"]),
        XMPProperty("dc:creator", .sequence, ["Andreas Neumann", "Iggy \"Pop\""]),
        XMPProperty("dc:subject", .bag, ["desert", "storm"]),
        XMPProperty("lr:hierarchicalSubject", .bag, ["desert", "weather|storm"]),
        XMPProperty("digiKam:TagsList", .sequence, ["desert", "weather/storm"]),
        XMPProperty("xmp:Rating", .text, ["3"]),
        XMPProperty("xmp:Label", .text, ["\"Red\" & 'blue'"]),
        XMPProperty("photoshop:City", .text, []),
        XMPProperty("photoshop:Credit", .text, ["Courtesy of AN"]),
    ]

    private static func revised(_ bytes: [UInt8], _ properties: [XMPProperty] = wanted) throws -> [UInt8]? {
        try SidecarPacket(bytes).revised(properties, metadataDate: "2016-05-13T20:15:00Z")
    }

    @Test(
        "keeps every byte that is not about what is set, whoever wrote it",
        arguments: ["new", "darktable", "lightroom", "faces"]
    )
    func golden(name: String) throws {
        let before =
            name == "new"
            ? Array(SidecarPacket.begun.utf8)
            : Array(try Data(contentsOf: Self.folder.appending(path: "\(name).xmp")))
        let file = Self.folder.appending(path: "\(name).revised.xmp")
        let after = try #require(try Self.revised(before))
        if ProcessInfo.processInfo.environment["RECORD"] != nil {
            try Data(after).write(to: file)
            Issue.record("\(name) was recorded: look at the difference, and run without RECORD")
            return
        }
        #expect(String(decoding: after, as: UTF8.self) == (try String(contentsOf: file, encoding: .utf8)))
        // Once more, and nothing is left to do.
        #expect(try Self.revised(after) == nil)
    }

    @Test(
        "is read by two other readers as it was meant", arguments: ["new", "darktable", "lightroom", "faces"])
    func otherReaders(name: String) throws {
        let path = Self.folder.appending(path: "\(name).revised.xmp").path()
        let exiftool = try #require(
            Self.output(
                "exiftool", ["-s3", "-XMP-dc:Title", "-XMP-xmp:Rating", "-XMP-digiKam:TagsList", path])
        )
        #expect(exiftool == "The <ridge> & more\n3\ndesert, weather/storm\n")
        let exiv2 = try #require(
            Self.output("exiv2", ["-Pv", "-K", "Xmp.xmp.Rating", "-K", "Xmp.lr.hierarchicalSubject", path])
        )
        #expect(Set(exiv2.split(separator: "\n")) == ["3", "desert, weather|storm"])
    }

    private static func output(_ tool: String, _ arguments: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [tool] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = try? pipe.fileHandleForReading.readToEnd()
        process.waitUntilExit()
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    @Test("says its words, the default language before others, and leaves structures to others")
    func values() throws {
        let lightroom = try SidecarPacket(
            Array(try Data(contentsOf: Self.folder.appending(path: "lightroom.xmp"))))
        #expect(lightroom.values()["dc:title"] == ["A figure"])
        #expect(lightroom.values()["xmp:Label"] == ["Grün & gut"])
        #expect(lightroom.values()["photoshop:City"] == ["Joshua Tree"])
        let faces = try SidecarPacket(Array(try Data(contentsOf: Self.folder.appending(path: "faces.xmp"))))
        #expect(faces.values()["dc:title"] == ["Nur deutsch"])
        #expect(faces.values()["dc:subject"] == ["desert", "people"])
    }

    @Test("that cannot be revised is refused with the reason", arguments: refused)
    func refusals(packet: [UInt8], reason: String) {
        let refusal = #expect(throws: XMPOutline.Refusal.self) { try Self.revised(packet) }
        #expect(refusal?.reason.contains(reason) == true, "\(refusal?.reason ?? "")")
    }

    private static let refused: [([UInt8], String)] = {
        func packet(_ inside: String, head: String = "") -> [UInt8] {
            Array((head + TinyFile.packet(inside)).utf8)
        }
        let wide = packet("").flatMap { [$0, UInt8(0)] }
        return [
            ([0xFF, 0xFE] + wide, "UTF-16"), (wide, "UTF-16"),
            ([0xFE, 0xFF] + packet("").flatMap { [UInt8(0), $0] }, "UTF-16"),
            (packet("", head: "<?xml version='1.0' encoding='ISO-8859-1'?>"), "ISO-8859-1"),
            (packet("", head: "<!DOCTYPE x [<!ENTITY a 'b'>]>"), "document type"),
            (Array("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>".utf8), "no rdf:RDF"),
            (Array("<html/>".utf8), "no rdf:RDF"), (Array("no XML at all".utf8), "well-formed"),
            ([], "well-formed"),
            (packet("<rdf:Description>"), "well-formed"), (Array(packet("").dropLast(30)), "well-formed"),
            (packet("<rdf:Description rdf:about=''>\u{1}</rdf:Description>"), "well-formed"),
            ([0x3C, 0x61, 0xC3, 0x28, 0x3E], "well-formed"),
            (packet("</rdf:RDF><rdf:RDF xmlns:rdf='\(XMLName.rdfSpace)'>"), "more than one"),
            (
                packet(
                    String(repeating: "<rdf:li>", count: 5_000) + String(repeating: "</rdf:li>", count: 5_000)
                ),
                "nested too deep"
            ),
        ]
    }()

    @Test("of more bytes than people ever wrote is refused before it is read")
    func huge() {
        let packet = Array(SidecarPacket.begun.utf8) + [UInt8](repeating: 0x20, count: 16 << 20)
        #expect(throws: XMPOutline.Refusal.self) { try SidecarPacket(packet) }
    }

    @Test("is never written by the reader, whatever it is asked")
    func untouched() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString).xmp")
        let bytes = try Data(contentsOf: Self.folder.appending(path: "darktable.xmp"))
        try bytes.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let worker = Worker(.reader(in: Array(Bundle.main.bundleURL.path().utf8)))
        let request = Request.revise(SidecarRevision(path: Array(file.path().utf8), properties: Self.wanted))
        guard case .reply(.revised(let revised)) = try worker.answers(to: [request]).first else {
            Issue.record("no answer")
            return
        }
        #expect(revised.before["xmp:Rating"] == ["1"])
        #expect(revised.packet?.contains("darktable:operation=\"exposure\"") == true)
        #expect(try Data(contentsOf: file) == bytes)
        guard
            case .reply(.failed(let reason)) = try worker.answers(to: [
                .revise(SidecarRevision(path: Array("/nowhere.xmp".utf8)))
            ]).first
        else {
            Issue.record("no refusal")
            return
        }
        #expect(reason.contains("could not be opened"))
    }

    @Test(
        "of any shape is revised so that it says what was asked, all else stays, and a second time does nothing",
        arguments: 0..<300)
    func random(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let packet = RandomPacket(using: &random)
        let wanted = RandomPacket.properties(using: &random)
        let bytes = Array(packet.text.utf8)
        let before = try SidecarPacket(bytes).values()
        let after = try Self.revised(bytes, wanted) ?? bytes
        let values = try SidecarPacket(after).values()
        for property in wanted {
            #expect(
                values[property.name] ?? [] == property.values.map(\.cleaned).filter { !$0.isEmpty },
                "seed \(seed): \(property.name)\n\(packet.text)"
            )
        }
        let set = Set(wanted.map(\.name) + ["xmp:MetadataDate"])
        for (name, value) in before where !set.contains(name) {
            #expect(values[name] == value, "seed \(seed): \(name)\n\(packet.text)")
        }
        // What is nobody's business here, in its order and byte for byte.
        var rest = String(decoding: after, as: UTF8.self)[...]
        for piece in packet.foreign {
            let range = rest.range(of: piece)
            #expect(range != nil, "seed \(seed): lost \(piece)\n\(packet.text)")
            if let range { rest = rest[range.upperBound...] }
        }
        #expect(try Self.revised(after, wanted) == nil, "seed \(seed)\n\(packet.text)")
    }
}
