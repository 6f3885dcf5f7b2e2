import Catalog
import Files
import Foundation
import Testing

@testable import Ingest

@Suite("Camera cards")
struct CardTests {
    /// Two chapters of one GoPro recording and the first of another, with what the camera keeps for itself.
    static func goPro(_ color: String = "red") throws -> Tree {
        [
            "DCIM/100GOPRO/GX010034.MP4": try DrawnClip.clip(at: 0, color: color),
            "DCIM/100GOPRO/GX020034.MP4": try DrawnClip.clip(at: 2, color: color),
            "DCIM/100GOPRO/GX010035.MP4": try DrawnClip.clip(at: 300, color: color),
            "DCIM/100GOPRO/GL010034.LRV": try DrawnClip.clip(at: 0, seconds: 1, color: color),
            "DCIM/100GOPRO/GX010034.THM": .photo(at: 1, saying: color), "DCIM/101GOPRO": .folder,
            "MISC/version.txt": .text("HERO \(color)"), "leinfo.sav": .text("junk \(color)"),
        ]
    }

    static func p2XML(_ own: String, previous: String? = nil, next: String? = nil) -> Tree.Node {
        func link(_ name: String, _ identifier: String?) -> String {
            identifier.map { "<\(name)><GlobalClipID>\($0)</GlobalClipID></\(name)>" } ?? ""
        }
        return .text(
            """
            <?xml version="1.0"?><P2Main xmlns="urn:schemas-Professional-Plug-in:P2:ClipMetadata:v3.1"><ClipContent>
            <GlobalClipID>\(own)</GlobalClipID><Relation><GlobalShotID>SHOT</GlobalShotID><Connection>
            \(link("Previous", previous))\(link("Next", next))</Connection></Relation></ClipContent></P2Main>
            """
        )
    }

    static func p2(_ name: String, at second: Int, xml: Tree.Node) throws -> Tree {
        [
            "LASTCLIP.TXT": .text("\(name)\n1.0\n1"),
            "CONTENTS/VIDEO/\(name).MXF": try DrawnClip.clip("mxf", at: second),
            "CONTENTS/AUDIO/\(name)00.MXF": .text("left of \(name)"),
            "CONTENTS/AUDIO/\(name)01.MXF": .text("right of \(name)"), "CONTENTS/CLIP/\(name).XML": xml,
            "CONTENTS/ICON/\(name).BMP": .text("BM \(name)"),
            "CONTENTS/VOICE/\(name)00.WAV": .wav(second + 3),
            "CONTENTS/PROXY": .folder,
        ]
    }

    func names(below folder: Path) throws -> [String] {
        let walk = try Walk(folder, access: FileAccess())
        var names: [String] = []
        while let entry = walk.next() {
            if case .folder = entry.kind {
                names.append(entry.path.display + "/")
            } else {
                names.append(entry.path.display)
            }
        }
        return names
    }

    func asset(_ query: String, in shoot: Shoot) throws -> Asset {
        try #require(try shoot.find(query).first?.asset)
    }

    /// A tree below another folder.
    func tree(_ tree: Tree, below folder: String) -> Tree {
        var moved = tree
        moved.nodes = tree.nodes.map { (Path(folder).appending($0.path), $0.node) }
        return moved
    }

    @Test("of a GoPro: the chapters are one clip, in order, with its length and its sidecars")
    func chapters() throws {
        let shoot = try Shoot(try Self.goPro())
        let rehearsal = try shoot.importing { $0.isRehearsal = true }
        let report = try shoot.importing()
        #expect(report.assets == [.clip: 2])
        #expect(rehearsal.assets == report.assets)
        #expect(rehearsal.joined == 1)
        #expect(report.joined == 1)
        #expect(report.cards.map(\.name) == ["GoPro"])
        #expect(report.counts.words == "7 seen: 7 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(
            try shoot.listing() == [
                "GX010034.MP4, proxy GL010034.LRV, segment GX020034.MP4, thumbnail GX010034.THM",
                "GX010035.MP4",
            ]
        )
        let clip = try asset("segments>1", in: shoot)
        #expect(clip.segments == 2)
        #expect(clip.duration == 4)
        #expect(clip.frames == 100)
        #expect(clip.timecode == "10:00:00:00")
        #expect(clip.incomplete == nil)
        let files = try shoot.catalog.pictures(of: clip)
        #expect(files.map(\.position) == [1, 2])
        #expect(files.map(\.segment?.timecode) == ["10:00:00:00", "10:00:02:00"])
        #expect(files[1].because == "begins at timecode 10:00:02:00, where GX010034.MP4 ends")
        // The second chapter's id finds the clip.
        #expect(try shoot.catalog.resolve(String(files[1].digests.sha256.hex.prefix(10))) == clip.id)
    }

    @Test("are opened once: what has not changed is not read again, and stays joined")
    func again() throws {
        let shoot = try Shoot(try Self.goPro())
        try shoot.importing()
        let before = try shoot.listing()
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.counts.words == "7 seen: 0 new, 7 known, 0 changed, 0 other, 0 failed")
        #expect(probe.opens.filter { !$0.ending.isEmpty }.isEmpty)
        #expect(try shoot.listing() == before)
    }

    @Test("keep chapters apart of which only the names are the same")
    func names() throws {
        let shoot = try Shoot([
            "a/GX010034.MP4": try DrawnClip.clip(at: 0), "b/GX020034.MP4": try DrawnClip.clip(at: 900),
        ])
        #expect(try shoot.importing().assets == [.clip: 2])
        #expect(try asset("name:GX02", in: shoot).incomplete == "segment 1 of 2 is not here")
        #expect(try shoot.find("is:incomplete").count == 1)
    }

    @Test("a later card that brings the missing part joins it, at either end, and undo parts them again")
    func laterCard() throws {
        let shoot = try Shoot(try Self.p2("0002CD", at: 2, xml: Self.p2XML("ID2", previous: "ID1")))
        try shoot.importing { $0.session = "Hall" }
        let second = try asset("all", in: shoot)
        #expect(second.incomplete == "what the card’s list names before it is not here")
        let other = shoot.scratch.path("other")
        try Self.p2("0001AB", at: 0, xml: Self.p2XML("ID1", next: "ID2")).write(to: other)
        let report = try shoot.importing { $0.source = other }
        #expect(report.joined == 1)
        let clip = try asset("all", in: shoot)
        #expect(try shoot.find().count == 1)
        #expect(clip.name == "0001AB.MXF")
        #expect(clip.segments == 2)
        #expect(clip.frames == 100)
        #expect(clip.incomplete == nil)
        #expect(try shoot.find("session:Hall").count == 1)
        let files = try shoot.catalog.files(of: clip.id)
        #expect(files.map(\.name).prefix(2) == ["0001AB.MXF", "0002CD.MXF"])
        #expect(files.filter { $0.role == .sound }.count == 6)
        #expect(files.filter { $0.role == .thumbnail }.count == 2)
        try shoot.catalog.undo(try #require(try shoot.catalog.lastUndoableChange()), command: "undo")
        #expect(try asset("all", in: shoot) == second)
        #expect(try shoot.catalog.check().isEmpty)
        // And again.
        #expect(try shoot.importing { $0.source = other }.joined == 1)
        #expect(try shoot.find().count == 1)
    }

    @Test("a part that is bound by what was decided about its session while it was in it stays apart")
    func boundPart() throws {
        let shoot = try Shoot(try Self.p2("0002CD", at: 2, xml: Self.p2XML("ID2", previous: "ID1")))
        try shoot.importing { $0.session = "Hall" }
        let second = try asset("all", in: shoot)
        try shoot.catalog.change("hold", kind: .decision) {
            try $0.decide(NewDecision(.held, purpose: nil, by: "Iggy Pop"), on: .session("Hall"))
        }
        try shoot.catalog.change("session remove") { try $0.remove([second.id], fromSession: "Hall") }
        let other = shoot.scratch.path("other")
        try Self.p2("0001AB", at: 0, xml: Self.p2XML("ID1", next: "ID2")).write(to: other)
        let report = try shoot.importing { $0.source = other }
        #expect(report.joined == 0)
        #expect(report.apart.count == 1)
        #expect(try shoot.find().count == 2)
    }

    @Test(
        "tell a missing segment: a clip is not whole without it, and has as many copies as its poorest part")
    func missingSegment() throws {
        let shoot = try Shoot(try Self.goPro())
        try shoot.importing()
        #expect(try shoot.find("is:missing").isEmpty)
        #expect(try shoot.find("copies:1").count == 2)
        try shoot.remove("DCIM/100GOPRO/GX020034.MP4")
        #expect(try shoot.importing().missing == 1)
        #expect(try shoot.find("is:missing").map(\.asset.name) == ["GX010034.MP4"])
        #expect(try shoot.find("copies<1").map(\.asset.name) == ["GX010034.MP4"])
    }

    @Test(
        "of every kind are known by what lies in them, wherever the tree begins",
        arguments: [
            ("CONTENTS/CLIPS001/AA0001/", "Canon XF"), ("CLIPS001/AA0001/", "Canon XF"),
            ("A001_0502AB.RDM/A001_C001_0502CE.RDC/", "RED"), ("day 1/A001_C001_0502CE.RDC/", "RED"),
            ("PRIVATE/AVCHD/BDMV/STREAM/ PRIVATE/AVCHD/BDMV/CLIPINF/", "AVCHD"),
            ("STREAM/ PLAYLIST/", "AVCHD"),
            ("BPAV/CLPR/709_0001_01/", "XDCAM EX"), ("XDROOT/Clip/", "XDCAM"), ("xdroot/clip/", "XDCAM"),
            ("PRIVATE/M4ROOT/CLIP/", "XAVC"), ("M4ROOT/CLIP/", "XAVC"), ("deep/er/M4ROOT/CLIP/", "XAVC"),
            ("VIDEO/ AUDIO/ CLIP/", "P2"), ("CONTENTS/VIDEO/ CONTENTS/CLIP/", "P2"),
            ("DCIM/100GOPRO/", "GoPro"), ("DCIM/DJI_001/", "DJI"), ("DCIM/100MEDIA/ MISC/", "DJI"),
            ("DCIM/100CANON/", nil), ("CLIP/", nil), ("VIDEO/ AUDIO/ PROXY/", nil), ("photos/VIDEO/", nil),
            ("DCIM/100MEDIA/", nil),
        ] as [(String, String?)]
    )
    func kinds(tree: String, kind: String?) throws {
        let shoot = try Shoot()
        for (number, folder) in tree.split(separator: " /").flatMap({ $0.split(separator: "/ ") })
            .enumerated()
        {
            let path = folder.hasSuffix("/") ? String(folder.dropLast()) : String(folder)
            try shoot.write([:])
            var file: Tree = [:]
            file.nodes = [
                (Path("shoot 1").appending(path).appending("FILE\(number).BIN"), .text("x\(number)"))
            ]
            try file.write(to: shoot.source)
        }
        let report = try shoot.importing()
        #expect(report.cards.map(\.name) == (kind.map { [$0] } ?? []))
        // On a card nothing is left aside.
        #expect(report.counts.other == (kind == nil ? report.counts.seen : 0))
    }

    @Test("of Canon and RED: the parts in a clip's own folder are one, and a missing one is named")
    func clipFolders() throws {
        let shoot = try Shoot([
            "XF/CONTENTS/CLIPS001/AA0001/AA000101.MXF": try DrawnClip.clip("mxf", at: 0),
            "XF/CONTENTS/CLIPS001/AA0001/AA000103.MXF": try DrawnClip.clip("mxf", at: 4),
            "XF/CONTENTS/CLIPS001/AA0001/AA000101.CPF": .text("cpf 1"),
            "XF/CONTENTS/CLIPS001/AA0001/AA0001.XML": .text("<?xml version=\"1.0\"?><Clip/>"),
            "RED/A001_0502AB.RDM/A001_C001_0502CE.RDC/A001_C001_0502CE_001.R3D": .text(
                "\0\0\0\u{10}RED2 one"),
            "RED/A001_0502AB.RDM/A001_C001_0502CE.RDC/A001_C001_0502CE_002.R3D": .text(
                "\0\0\0\u{10}RED2 two"),
            "RED/A001_0502AB.RDM/A001_C001_0502CE.RDC/A001_C001_0502CE.RMD": .text("look"),
            "RED/A001_0502AB.RDM/A001_C002_0502XY.RDC/A001_C002_0502XY_002.R3D": .text(
                "\0\0\0\u{10}RED2 three"),
        ])
        #expect(try shoot.importing().assets == [.clip: 3])
        #expect(
            try shoot.listing() == [
                "A001_C001_0502CE_001.R3D, segment A001_C001_0502CE_002.R3D, sidecar A001_C001_0502CE.RMD",
                "A001_C002_0502XY_002.R3D",
                "AA000101.MXF, segment AA000103.MXF, sidecar AA0001.XML, sidecar AA000101.CPF",
            ]
        )
        #expect(try asset("name:AA000101.MXF", in: shoot).incomplete == "segment 2 of 3 is not here")
        #expect(try asset("name:A001_C002*", in: shoot).incomplete == "segment 1 of 2 is not here")
        #expect(try asset("name:A001_C001*", in: shoot).incomplete == nil)
    }

    @Test("of Canon are known from their clips' folder as well")
    func clipsAlone() throws {
        let shoot = try Shoot([
            "CLIPS001/AA0001/AA000101.MXF": try DrawnClip.clip("mxf", at: 0),
            "CLIPS001/AA0001/AA000102.MXF": try DrawnClip.clip("mxf", at: 2),
            "CLIPS001/AA0001/AA0001.XML": .text("<?xml version=\"1.0\"?><Clip/>"),
        ])
        let clips = shoot.source.appending("CLIPS001")
        #expect(try shoot.importing { $0.source = clips }.cards.map(\.name) == ["Canon XF"])
        #expect(try shoot.listing() == ["AA000101.MXF, segment AA000102.MXF, sidecar AA0001.XML"])
    }

    @Test("of XDCAM EX: a take goes on in a second folder, and on a second card")
    func take() throws {
        let shoot = try Shoot([
            "A/BPAV/MEDIAPRO.XML": .text("<?xml version=\"1.0\"?><MediaProfile/>"), "A/BPAV/TAKR": .folder,
            "A/BPAV/CLPR/709_0001_01/709_0001_01.MP4": try DrawnClip.clip(at: 0),
            "A/BPAV/CLPR/709_0001_01/709_0001_01M01.XML": .text("<?xml version=\"1.0\"?><a/>"),
            "A/BPAV/CLPR/709_0001_01/709_0001_01I01.PPN": .text("ppn 1"),
            "A/BPAV/CLPR/709_0001_02/709_0001_02.MP4": try DrawnClip.clip(at: 2),
            "A/BPAV/CLPR/709_0001_02/709_0001_02M01.XML": .text("<?xml version=\"1.0\"?><b/>"),
            "B/BPAV/MEDIAPRO.XML": .text("<?xml version=\"1.0\"?><MediaProfile b=\"1\"/>"),
            "B/BPAV/CLPR/709_0001_03/709_0001_03.MP4": try DrawnClip.clip(at: 4),
        ])
        let report = try shoot.importing()
        #expect(report.assets == [.clip: 1])
        #expect(
            try shoot.listing() == [
                "709_0001_01.MP4, segment 709_0001_02.MP4, segment 709_0001_03.MP4, sidecar 709_0001_01I01.PPN, "
                    + "sidecar 709_0001_01M01.XML, sidecar 709_0001_02M01.XML"
            ]
        )
    }

    @Test("of AVCHD: a span is told by the playlist, and what follows it in the list stays a clip of its own")
    func playlist() throws {
        func item(_ stem: String, _ connection: UInt8) -> [UInt8] {
            [0, 20] + Array("\(stem)M2TS".utf8) + [0, connection] + [UInt8](repeating: 0, count: 9)
        }
        let items = item("00000", 1) + item("00001", 6) + item("00002", 1)
        let list =
            Array("MPLS0100".utf8) + [0, 0, 0, 20] + [UInt8](repeating: 0, count: 8) + [
                0, 0, 0, 0, 0, 0, 0, 3,
            ]
            + [0, 0] + items
        var tree: Tree = [
            "PRIVATE/AVCHD/BDMV/PLAYLIST/00000.MPL": .file(list),
            "PRIVATE/AVCHD/BDMV/INDEX.BDM": .text("INDX0100"),
        ]
        for number in 0..<3 {
            tree.nodes.append(
                (
                    Path("PRIVATE/AVCHD/BDMV/STREAM/0000\(number).MTS"),
                    try DrawnClip.clip("mpegts", color: ["red", "green", "blue"][number])
                )
            )
            tree.nodes.append((Path("PRIVATE/AVCHD/BDMV/CLIPINF/0000\(number).CPI"), .text("HDMV \(number)")))
        }
        let shoot = try Shoot(tree)
        #expect(try shoot.importing().counts.words == "8 seen: 8 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(
            try shoot.listing() == [
                "00000.MTS, segment 00001.MTS, sidecar 00000.CPI, sidecar 00001.CPI",
                "00002.MTS, sidecar 00002.CPI",
            ]
        )
    }

    @Test(
        "of ARRI: a folder of numbered frames is one clip, whose gaps are named; of Blackmagic two halves are one"
    )
    func framesAndHalves() throws {
        var tree: Tree = [
            "BMD/A001_C001.braw": try DrawnClip.clip("mov"),
            "BMD/A001_C001.braw2": try DrawnClip.clip("mov", color: "blue"),
            "BMD/A001_C001.sidecar": .text("{}"),
        ]
        for number in [86_400, 86_401, 86_403, 86_407] {
            let name = "A003C005_150831_R1JL.00\(number).ari"
            tree.nodes.append(
                (
                    Path("A003R1JL/A003C005/\(name)"),
                    .file(Array("ARRI".utf8) + [0x78, 0x56, 0x34, 0x12] + Array(name.utf8))
                )
            )
        }
        let shoot = try Shoot(tree)
        let report = try shoot.importing()
        #expect(report.assets == [.clip: 2])
        #expect(report.unreadable.isEmpty)
        let film = try asset("format:ARRIRAW", in: shoot)
        #expect(film.segments == 4)
        #expect(film.frames == 4)
        #expect(film.incomplete == "frames 86402, 86404 to 86406 are not here (4 in all)")
        #expect(
            try shoot.listing().first == "A001_C001.braw, segment A001_C001.braw2, sidecar A001_C001.sidecar"
        )
        #expect(try asset("name:*.braw", in: shoot).duration == 2, "a half is not a length")
    }

    @Test("of equal names are copied each into a folder of its own, whole, and nothing is overwritten")
    func copies() throws {
        let shoot = try Shoot()
        let archive = shoot.scratch.path("archive")
        var cards: [(name: String, tree: Tree)] = []
        for color in ["red", "blue"] { cards.append(("GOPRO \(color)/CARD", try Self.goPro(color))) }
        cards.append(("p 1/P2", try Self.p2("0001AB", at: 0, xml: Self.p2XML("ID1", next: "ID2"))))
        cards.append(("p 2/P2", try Self.p2("0001AB", at: 100, xml: Self.p2XML("IDX", next: "IDY"))))
        for (name, tree) in cards {
            let card = shoot.scratch.path(name)
            try tree.write(to: card)
            let report = try shoot.importing {
                $0.source = card
                $0.copyTo = [archive]
            }
            #expect(report.counts.other == 0)
            let copy = try #require(report.destinations.first)
            #expect(try names(below: copy) == names(below: card), "\(name): names, empty folders, junk")
            for file in try names(below: card) where !file.hasSuffix("/") {
                #expect(
                    FileManager.default.contentsEqual(
                        atPath: card.appending(file).text ?? "", andPath: copy.appending(file).text ?? ""))
            }
        }
        let folders = try names(below: archive).filter { $0.hasSuffix("/") && !$0.dropLast().contains("/") }
        #expect(folders == ["CARD-2/", "CARD/", "P2-2/", "P2/"])
        // Four recordings of two GoPros, one clip of each P2 card.
        #expect(try shoot.find().count == 6)
        #expect(try shoot.find("segments>1").count == 2)
        // All of it once more copies nothing.
        for (name, _) in cards {
            let report = try shoot.importing {
                $0.source = shoot.scratch.path(name)
                $0.copyTo = [archive]
            }
            #expect(report.copied == 0)
        }
    }

    @Test("side by side in one folder of a shoot are each a card")
    func several() throws {
        let shoot = try Shoot()
        try tree(try Self.goPro("red"), below: "day 1/A").write(to: shoot.source)
        try tree(try Self.p2("0001AB", at: 0, xml: Self.p2XML("ID1", next: "ID2")), below: "day 1/B").write(
            to: shoot.source)
        try tree(try Self.p2("0002CD", at: 2, xml: Self.p2XML("ID2", previous: "ID1")), below: "day 1/C")
            .write(
                to: shoot.source)
        let report = try shoot.importing()
        #expect(report.cards.map(\.name) == ["GoPro", "P2", "P2"])
        #expect(report.cards.map(\.path.display) == ["day 1/A", "day 1/B", "day 1/C"])
        #expect(report.assets == [.clip: 3])
        #expect(report.joined == 2)
    }

    @Test("taken apart: files that lie loose still find their clip")
    func loose() throws {
        let shoot = try Shoot([
            "C0001.MP4": try DrawnClip.clip(at: 0),
            "C0001M01.XML": .text("<?xml version=\"1.0\"?><NonRealTimeMeta/>"),
            "GX010034.MP4": try DrawnClip.clip(at: 60),
            "GL010034.LRV": try DrawnClip.clip(at: 60, seconds: 1),
            "DJI_0007.MP4": try DrawnClip.clip(at: 90),
            "DJI_0007.LRF": try DrawnClip.clip(at: 90, seconds: 1),
            "A001_C001.braw": try DrawnClip.clip("mov"), "A001_C001.sidecar": .text("{}"),
        ])
        let report = try shoot.importing()
        #expect(report.cards.isEmpty)
        #expect(report.counts.other == 0)
        #expect(
            try shoot.listing() == [
                "A001_C001.braw, sidecar A001_C001.sidecar", "C0001.MP4, sidecar C0001M01.XML",
                "DJI_0007.MP4, proxy DJI_0007.LRF", "GX010034.MP4, proxy GL010034.LRV",
            ]
        )
    }
}
