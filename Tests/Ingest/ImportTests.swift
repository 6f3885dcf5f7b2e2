import Catalog
import Files
import Foundation
import Glibc
import Ingest
import Synchronization
import Testing
import Workers

@Suite("An import")
struct ImportTests {
    @Test("records pictures, sounds and sidecars, counts the rest, and the count adds up")
    func first() throws {
        let shoot = try Shoot([
            "a/L1.JPG": .photo(at: 1), "a/L1.DNG": .photo(at: 1, raw: true),
            "a/L1.xmp": .xmp(title: "The road"),
            "b/L1.JPG": .photo(at: 2), "b/notes.doc": .text("nothing of ours"), "b/link": .symlink("L1.JPG"),
            "take.wav": .wav(10),
        ])
        let report = try shoot.importing { $0.session = "desert" }
        #expect(report.counts.words == "7 seen: 5 new, 0 known, 0 changed, 2 other, 0 failed")
        #expect(try shoot.listing() == ["L1.DNG, companion L1.JPG, sidecar L1.xmp", "L1.JPG", "take.wav"])
        #expect(report.assets == [.photo: 2, .sound: 1])
        #expect(report.pairs == 1)
        #expect(report.unreadable.isEmpty)
        #expect(Set(report.other.map(\.path.display)) == ["b/notes.doc", "b/link"])
        #expect(try shoot.find("session:desert").count == 3)
        #expect(try shoot.find("title:road").map(\.asset.name) == ["L1.DNG"])
    }

    @Test("of a folder under a new name finds everything moved, and nothing twice")
    func renamedFolder() throws {
        let shoot = try Shoot(["a/1.JPG": .photo(at: 1), "a/2.JPG": .photo(at: 2)])
        try shoot.importing()
        let renamed = shoot.scratch.path("another name")
        let code = shoot.source.withCString { old in renamed.withCString { rename(old, $0) } }
        #expect(code == 0)
        let report = try shoot.importing { $0.source = renamed }
        #expect(report.counts.words == "2 seen: 0 new, 2 known, 0 changed, 0 other, 0 failed")
        #expect(report.moved == 2)
        #expect(report.doubles == 0)
        #expect(try shoot.find("copies>=2").isEmpty)
    }

    @Test("a second time opens no file and leaves nothing in the log")
    func again() throws {
        let shoot = try Shoot([
            "a/1.JPG": .photo(at: 1), "a/2.JPG": .photo(at: 2), "a/2.xmp": .xmp(rating: 3),
            "x.doc": .text("x"),
        ])
        try shoot.importing()
        let changes = try shoot.catalog.log().count
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.counts.words == "4 seen: 0 new, 3 known, 0 changed, 1 other, 0 failed")
        #expect(probe.opens.isEmpty)
        #expect(report.other.map(\.reason) == ["no picture, clip, sound or sidecar"])
        #expect(try shoot.catalog.log().count == changes)
    }

    @Test("sees a moved, a changed, a touched, a doubled and a missing file for what it is")
    func differences() throws {
        let shoot = try Shoot([
            "1.JPG": .photo(at: 1), "2.JPG": .photo(at: 2), "3.JPG": .photo(at: 3), "4.JPG": .photo(at: 4),
            "5.JPG": .photo(at: 5),
        ])
        try shoot.importing()
        let before = try shoot.find("name:2").first?.asset
        try FileManager.default.moveItem(
            atPath: shoot.source.appending("1.JPG").text ?? "",
            toPath: shoot.source.appending("one.JPG").text ?? ""
        )
        try shoot.write(["2.JPG": .photo(at: 2, saying: "worked on"), "5 copy.JPG": .photo(at: 5)])
        try shoot.touch("3.JPG", by: 10)
        try shoot.remove("4.JPG")
        let report = try shoot.importing()
        #expect(report.counts.words == "5 seen: 0 new, 4 known, 1 changed, 0 other, 0 failed")
        #expect(report.moved == 1)
        #expect(report.missing == 1)
        #expect(report.doubles == 1)
        let after = try shoot.find("name:2").first?.asset
        #expect(before?.id == after?.id)
        #expect(before?.digest != after?.digest)
        #expect(try shoot.listing() == ["1.JPG", "2.JPG, former 2.JPG", "3.JPG", "4.JPG", "5.JPG"])
        let quiet = try shoot.importing()
        #expect(quiet.counts.words == "5 seen: 0 new, 5 known, 0 changed, 0 other, 0 failed")
        #expect(quiet.missing == 0)
    }

    @Test("takes another picture under a known name for another picture")
    func reused() throws {
        let shoot = try Shoot(["L1.JPG": .photo(at: 1)])
        try shoot.importing()
        let first = try shoot.find().first?.asset.id
        try shoot.write(["L1.JPG": .photo(at: 40)])
        let report = try shoot.importing()
        #expect(report.counts.changed == 1)
        #expect(report.assets == [.photo: 1])
        #expect(try shoot.find().count == 2)
        #expect(try shoot.find().map(\.asset.id).contains { $0 == first })
    }

    @Test("finds a file again that was missing")
    func back() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1), "2.JPG": .photo(at: 2)])
        try shoot.importing()
        let away = shoot.scratch.path("away.JPG").text ?? ""
        let place = shoot.source.appending("1.JPG").text ?? ""
        try FileManager.default.moveItem(atPath: place, toPath: away)
        #expect(try shoot.importing().missing == 1)
        #expect(try shoot.find("is:missing").count == 1)
        try FileManager.default.moveItem(atPath: away, toPath: place)
        let probe = Probe()
        let report = try shoot.importing { $0.access = probe.access }
        #expect(report.counts.words == "2 seen: 0 new, 2 known, 0 changed, 0 other, 0 failed")
        #expect(probe.opens.isEmpty)
        #expect(try shoot.find("is:missing").isEmpty)
    }

    @Test("lets a raw file that comes later take its place before its JPEG")
    func rawLater() throws {
        let shoot = try Shoot(["L1.JPG": .photo(at: 1)])
        try shoot.importing()
        let asset = try shoot.find().first?.asset.id
        try shoot.write(["L1.DNG": .photo(at: 1, raw: true)])
        let report = try shoot.importing()
        #expect(report.counts.words == "2 seen: 1 new, 1 known, 0 changed, 0 other, 0 failed")
        #expect(try shoot.listing() == ["L1.DNG, companion L1.JPG"])
        #expect(try shoot.find().first?.asset.id == asset)
    }

    @Test("hears what a changed sidecar says, and keeps what it said before")
    func sidecarChanged() throws {
        let shoot = try Shoot(["L1.DNG": .photo(at: 1, raw: true), "L1.xmp": .xmp(title: "One", rating: 2)])
        try shoot.importing()
        try shoot.write(["L1.xmp": .xmp(title: "Two!", rating: 5)])
        let report = try shoot.importing()
        #expect(report.counts.words == "2 seen: 0 new, 1 known, 1 changed, 0 other, 0 failed")
        #expect(try shoot.find().map(\.asset.title) == ["Two!"])
        #expect(try shoot.find().map(\.asset.rating) == [5])
        #expect(try shoot.listing() == ["L1.DNG, former L1.xmp, sidecar L1.xmp"])
    }

    @Test("keeps names apart that are invalid, look alike, or hold a newline")
    func names() throws {
        var tree: Tree = [
            "line\nbreak.jpg": .photo(at: 1), "100%25.jpg": .photo(at: 2), "🎸.jpg": .photo(at: 3),
            "IMG.jpg": .photo(at: 4), "img.jpg": .photo(at: 5),
        ]
        tree.add([0x63, 0xC3, 0xA9, 0x2E, 0x6A, 0x70, 0x67], .photo(at: 6))
        tree.add([0x63, 0x65, 0xCC, 0x81, 0x2E, 0x6A, 0x70, 0x67], .photo(at: 7))
        tree.add([0xFF, 0xFE, 0x2F, 0xC3, 0x28, 0x2E, 0x6A, 0x70, 0x67], .photo(at: 8))
        let shoot = try Shoot(tree)
        let report = try shoot.importing()
        #expect(report.counts.words == "8 seen: 8 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(report.unreadable.isEmpty)
        #expect(try shoot.find().count == 8)
        let probe = Probe()
        #expect(try shoot.importing { $0.access = probe.access }.counts.known == 8)
        #expect(probe.opens.isEmpty)
    }

    @Test("names a file that cannot be read, and takes it when it can")
    func unreadable() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1), "2.JPG": .photo(at: 2)])
        let broken = Probe { call, path in call == .read && path.name == Path("1.JPG") ? EIO : nil }
        let report = try shoot.importing { $0.access = broken.access }
        #expect(report.counts.words == "2 seen: 1 new, 0 known, 0 changed, 0 other, 1 failed")
        #expect(report.failed.map(\.path.display) == ["1.JPG"])
        #expect(report.failed.map(\.reason) == ["could not read it: input/output error"])
        #expect(try shoot.importing().counts.words == "2 seen: 1 new, 1 known, 0 changed, 0 other, 0 failed")
        #expect(try shoot.importing().counts.words == "2 seen: 0 new, 2 known, 0 changed, 0 other, 0 failed")
    }

    @Test("does not call missing what lies in a folder that it could not read")
    func unreadableFolder() throws {
        let shoot = try Shoot(["a/1.JPG": .photo(at: 1), "b/2.JPG": .photo(at: 2)])
        try shoot.importing()
        let broken = Probe { call, path in call == .list && path.name == Path("a") ? EACCES : nil }
        let report = try shoot.importing { $0.access = broken.access }
        #expect(report.counts.words == "2 seen: 0 new, 1 known, 0 changed, 0 other, 1 failed")
        #expect(report.missing == 0)
    }

    @Test("does not take a file that changes while it is read")
    func changing() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1), "2.JPG": .photo(at: 2)])
        let busy = Probe { call, path in
            guard call == .read, path.name == Path("1.JPG") else { return nil }
            let handle = path.withCString { open($0, O_WRONLY | O_APPEND) }
            _ = write(handle, "x", 1)
            close(handle)
            return nil
        }
        let report = try shoot.importing { $0.access = busy.access }
        #expect(report.failed.map(\.reason) == ["it changed while it was read"])
        #expect(report.counts.words == "2 seen: 1 new, 0 known, 0 changed, 0 other, 1 failed")
    }

    @Test("keeps pictures that no reader understands, with the reason, and says when a name misleads")
    func misnamed() throws {
        let shoot = try Shoot([
            "garbage.jpg": .text("this is no picture"), "empty.cr2": .text(""),
            "raw.jpg": .photo(at: 1, raw: true),
            "._raw.jpg": .file([0, 5, 0x16, 7, 0, 2, 0, 0]),
        ])
        let report = try shoot.importing()
        #expect(report.counts.words == "4 seen: 3 new, 0 known, 0 changed, 1 other, 0 failed")
        #expect(Set(report.unreadable.map(\.path.display)) == ["garbage.jpg", "empty.cr2"])
        #expect(try shoot.find("is:unreadable").count == 2)
        #expect(try shoot.find("is:damaged").map(\.asset.damage) == ["named .jpg, is DNG"])
    }

    @Test("goes on when a reader dies, hangs or talks nonsense over a file, and keeps that file")
    func deadly() throws {
        let shoot = try Shoot([
            "1.JPG": .photo(at: 1), "bad.JPG": .photo(at: 2), "2.JPG": .photo(at: 3), "3.JPG": .photo(at: 4),
        ])
        let script = shoot.scratch.path("reader")
        let real = String(decoding: Shoot.workers, as: UTF8.self) + "/valhalla-read"
        try FileAccess().create(script).write(
            Array(
                "#!/bin/bash\nwhile read -r line; do case $line in *bad*) kill -9 $$;; esac; echo \"$line\" | \(real); done\n"
                    .utf8
            )
        )
        _ = script.withCString { chmod($0, 0o755) }
        let report = try shoot.importing { $0.stillsReader.path = script.bytes }
        #expect(report.counts.words == "4 seen: 4 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(report.unreadable.map(\.path.display) == ["bad.JPG"])
        #expect(try shoot.find().count == 4)
    }

    @Test("says what to do when there is no reader")
    func noReader() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1)])
        #expect(throws: (any Error).self) {
            try shoot.importing { $0.stillsReader.path = shoot.scratch.path("nothing").bytes }
        }
        #expect(try shoot.importing().counts.new == 1)
    }

    @Test("tells in a rehearsal what the import then does, and writes nothing")
    func rehearsal() throws {
        let shoot = try Shoot([
            "1.JPG": .photo(at: 1), "1.DNG": .photo(at: 1, raw: true), "2.JPG": .photo(at: 2),
            "3.JPG": .photo(at: 3),
            "x.doc": .text("x"),
        ])
        func compare() throws {
            let log = try shoot.catalog.log().count
            let rehearsed = try shoot.importing { $0.isRehearsal = true }
            #expect(try shoot.catalog.log().count == log)
            let done = try shoot.importing()
            #expect(rehearsed.counts == done.counts)
            #expect(rehearsed.assets == done.assets)
            #expect(rehearsed.pairs == done.pairs)
            #expect(rehearsed.moved == done.moved)
            #expect(rehearsed.missing == done.missing)
            #expect(rehearsed.doubles == done.doubles)
        }
        try compare()
        try FileManager.default.moveItem(
            atPath: shoot.source.appending("2.JPG").text ?? "",
            toPath: shoot.source.appending("two.JPG").text ?? ""
        )
        try shoot.remove("3.JPG")
        try shoot.write([
            "1.JPG": .photo(at: 1, saying: "changed"), "4.JPG": .photo(at: 4), "4b.JPG": .photo(at: 4),
        ])
        try compare()
    }

    @Test("gives the same archive whatever the threads do")
    func deterministic() throws {
        var tree: Tree = [:]
        for number in 0..<120 {
            tree.nodes.append((Path("f\(number % 7)/L\(number / 2).JPG"), .photo(at: number / 3)))
            if number % 4 == 0 {
                tree.nodes.append(
                    (Path("f\(number % 7)/L\(number / 2).DNG"), .photo(at: number / 3, raw: true))
                )
            }
        }
        let listings = try [1, 2, 5].map { threads in
            let shoot = try Shoot(tree)
            let report = try shoot.importing { $0.threads = threads }
            return (try shoot.listing(), report.counts, report.pairs)
        }
        #expect(listings[0] == listings[1])
        #expect(listings[0] == listings[2])
    }

    @Test("stops when it is asked to, keeps what it has, and goes on from there")
    func interrupted() throws {
        var tree: Tree = [:]
        for number in 0..<300 { tree.nodes.append((Path("\(number).JPG"), .photo(at: number))) }
        let shoot = try Shoot(tree)
        let interruption = Interruption()
        let opens = Atomic<Int>(0)
        let report = try shoot.importing { request in
            request.interruption = interruption
            request.access = FileAccess { call, _ in
                if call == .open, opens.add(1, ordering: .relaxed).newValue == 100 { interruption.stop() }
                return nil
            }
        }
        #expect(report.wasInterrupted)
        #expect(report.counts.addsUp)
        #expect(report.counts.new < 300)
        let rest = try shoot.importing()
        #expect(
            rest.counts.words
                == "300 seen: \(300 - report.counts.new) new, \(report.counts.new) known, 0 changed, 0 other, 0 failed"
        )
        #expect(try shoot.find().count == 300)
    }

    @Test("of single files takes those, and joins them with what the archive has of their folder")
    func singleFiles() throws {
        let shoot = try Shoot([
            "1.DNG": .photo(at: 1, raw: true), "1.JPG": .photo(at: 1), "1.xmp": .xmp(title: "The ridge"),
            "2.JPG": .photo(at: 2), "3.JPG": .photo(at: 3), "below/4.JPG": .photo(at: 4),
        ])
        let first = try shoot.importing { $0.names = [Path("1.JPG"), Path("2.JPG")] }
        #expect(first.counts.words == "2 seen: 2 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(try shoot.listing() == ["1.JPG", "2.JPG"])
        try shoot.remove("2.JPG")
        let second = try shoot.importing { $0.names = [Path("1.DNG"), Path("1.xmp")] }
        #expect(second.counts.words == "2 seen: 2 new, 0 known, 0 changed, 0 other, 0 failed")
        #expect(second.missing == 0)
        #expect(try shoot.listing() == ["1.DNG, companion 1.JPG, sidecar 1.xmp", "2.JPG"])
        #expect(try shoot.find("title:ridge").count == 1)
        #expect(try shoot.find("is:missing").isEmpty)
        let whole = try shoot.importing()
        #expect(whole.counts.words == "5 seen: 2 new, 3 known, 0 changed, 0 other, 0 failed")
        #expect(whole.missing == 1)
    }

    @Test("of single files puts no other into its session")
    func singleFilesInSession() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1), "2.JPG": .photo(at: 2)])
        try shoot.importing()
        try shoot.importing {
            $0.names = [Path("1.JPG")]
            $0.session = "Desert"
        }
        #expect(try shoot.find("session:desert").map(\.asset.name) == ["1.JPG"])
    }

    @Test("into a session leaves alone what lies in other folders under names that are not UTF-8")
    func sessionOfInvalidNames() throws {
        var tree: Tree = ["a/1.JPG": .photo(at: 1)]
        tree.add(Array("a/".utf8) + [0xFF] + Array(".JPG".utf8), .photo(at: 2))
        tree.add(Array("b/".utf8) + [0xFF] + Array(".JPG".utf8), .photo(at: 3))
        let shoot = try Shoot(tree)
        try shoot.importing()
        try shoot.importing {
            $0.source = shoot.source.appending("a")
            $0.session = "Desert"
        }
        #expect(try shoot.find("session:desert").count == 2)
    }

    @Test("lists what it left aside in one order, whoever found it")
    func orderOfRemarks() throws {
        let shoot = try Shoot(["b.txt": .text("b"), "d.txt": .text("d")])
        try shoot.importing()
        try shoot.write(["a.txt": .text("a"), "c.txt": .text("c")])
        #expect(try shoot.importing().other.map(\.path.display) == ["a.txt", "b.txt", "c.txt", "d.txt"])
    }

    @Test(
        "survives numbers that nothing in the world can have, and shows none of them",
        arguments: ["1/9223372036854775807", "9223372036854775807/1", "-9223372036854775808/1", "1e300"]
    )
    func wildNumbers(number: String) throws {
        let xmp = """
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"
             exif:ExposureTime="\(number)" exif:FNumber="\(number)" exif:FocalLength="\(number)"
             exif:GPSLatitude="\(number)N" exif:GPSLongitude="\(number)E" exif:GPSAltitude="\(number)"
             tiff:ImageWidth="9223372036854775807" tiff:ImageLength="9223372036854775807"
             exif:DateTimeOriginal="9223372036854775807"/></rdf:RDF></x:xmpmeta>
            """
        let shoot = try Shoot(["1.JPG": .photo(at: nil), "1.JPG.xmp": .text(xmp)])
        let report = try shoot.importing()
        #expect(report.counts.words == "2 seen: 2 new, 0 known, 0 changed, 0 other, 0 failed")
        let asset = try #require(try shoot.find().first?.asset)
        #expect(asset.exposure == nil)
        #expect(asset.latitude == nil)
    }

    @Test("refuses what is no folder")
    func noFolder() throws {
        let shoot = try Shoot(["1.JPG": .photo(at: 1)])
        #expect(throws: FileError.self) {
            try shoot.importing { $0.source = shoot.source.appending("1.JPG") }
        }
        #expect(throws: FileError.self) {
            try shoot.importing { $0.source = shoot.source.appending("nowhere") }
        }
    }
}
