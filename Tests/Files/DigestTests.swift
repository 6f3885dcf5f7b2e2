import Chance
import Files
import Foundation
import Glibc
import Synchronization
import Testing

@Suite("Digests")
struct DigestTests {
    @Test("agree with the published vectors")
    func vectors() {
        #expect(
            Digests(of: []).sha256.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
        #expect(Digests(of: []).xxh128.hex == "99aa06d3014798d86001c324468d497f")
        let hello = Array("hello\n".utf8)
        #expect(
            Digests(of: hello).sha256.hex
                == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
        )
        #expect(Digests(of: hello).xxh128.hex == "6bba86c7e069f56d5a10b435f1c8e49c")
        #expect(
            C4Identifier(of: []).text
                == "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT"
        )
        #expect(
            C4Identifier(of: hello).text
                == "c45dkQrAqUiR8WzPGgn6fAGji3VAVeAE7cKVG4G53ou9dTk4Nzb9vFYEwzy9jq5ZKQKM64DMpPpVbYe2bMsZP2yYKi"
        )
    }

    @Test(
        "that manifests list agree with the published vectors, in each way of writing them",
        arguments: [
            ("md5", "d41d8cd98f00b204e9800998ecf8427e", "b1946ac92492d2347c6235b4d2611184"),
            (
                "sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "f572d396fae9206628714fb2ce00f72e94f2258f"
            ),
            ("xxh64", "ef46db3751d8e999", "e4c191d091bd8853"),
            ("xxh3", "2d06800538d394c2", "99fc819aaba2462a"),
            ("xxhash64be", "EF46DB3751D8E999", "e4c191d091bd8853"),
            ("xxhash64", "99e9d85137db46ef", "5388bd91d091c1e4"), ("xxhash", "46947589", "2490063865"),
            ("xxh128", "99aa06d3014798d86001c324468d497f", "6bba86c7e069f56d5a10b435f1c8e49c"),
            (
                "c4",
                "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT",
                "c45dkQrAqUiR8WzPGgn6fAGji3VAVeAE7cKVG4G53ou9dTk4Nzb9vFYEwzy9jq5ZKQKM64DMpPpVbYe2bMsZP2yYKi"
            ),
        ]
    )
    func listed(element: String, ofNothing: String, ofHello: String) throws {
        for (bytes, text) in [([], ofNothing), (Array("hello\n".utf8), ofHello)] {
            let stream = ListedDigestStream(Set(DigestAlgorithm.allCases))
            bytes.withUnsafeBytes { stream.update($0) }
            let wanted = try #require(ListedDigest(element: element, text: text))
            #expect(stream.finish(with: Digests(of: bytes))[wanted.algorithm] == wanted, "\(element)")
            #expect(
                ListedDigest(element: element, text: wanted.text)?.bytes.count == wanted.algorithm.count
                    || element == "xxhash")
        }
    }

    @Test(
        "that are none are refused",
        arguments: [
            ("md5", ""), ("md5", "d41d8cd98f00b204e9800998ecf8427"),
            ("md5", "x41d8cd98f00b204e9800998ecf8427e"),
            ("md5", "d41d8cd98f00b204e9800998ecf8427e00"), ("xxhash", "4294967296"), ("xxhash", "-1"),
            ("null", ""), ("sha256", "00"), ("xxh64", "ｅf46db3751d8e999"), ("c4", "c4"),
            ("c4", "c4" + String(repeating: "z", count: 88)),
            ("c4", "c4" + String(repeating: "0", count: 88)),
        ]
    )
    func noDigests(element: String, text: String) {
        #expect(ListedDigest(element: element, text: text) == nil)
    }

    @Test(
        "of a file are those of its bytes, whatever its length beside the buffer's",
        arguments: [0, 1, 4095, 1 << 20, (1 << 20) + 1, (3 << 20) - 1]
    )
    func files(length: Int) throws {
        let scratch = try Scratch()
        var random = SeededRandom(seed: length)
        let bytes = random.bytes(length)
        let access = FileAccess()
        try access.create(scratch.path("a")).write(bytes)
        let buffer = BlockBuffer()
        #expect(try Digests.ofFile(scratch.path("a"), access: access, buffer: buffer) == Digests(of: bytes))
        #expect(
            try Digests.ofFile(scratch.path("a"), access: access, buffer: buffer, fromDisk: true)
                == Digests(of: bytes)
        )
    }

    @Test("of a file that grows, shrinks or is written to while it is read are refused", arguments: 0..<3)
    func changing(how: Int) throws {
        let scratch = try Scratch()
        let path = scratch.path("a")
        try FileAccess().create(path).write([UInt8](repeating: 7, count: 3 << 20))
        let reads = Atomic<Int>(0)
        let access = FileAccess { call, _ in
            guard call == .read, reads.add(1, ordering: .relaxed).newValue == 2 else { return nil }
            let handle = path.withCString { open($0, O_WRONLY) }
            defer { close(handle) }
            switch how {
            case 0: lseek(handle, 0, SEEK_END)
            case 1: ftruncate(handle, 1 << 20)
            default: lseek(handle, 0, SEEK_SET)
            }
            if how != 1 { _ = write(handle, "x", 1) }
            return nil
        }
        let error = #expect(throws: FileError.self) {
            try Digests.ofFile(path, access: access, buffer: BlockBuffer())
        }
        #expect(error?.cause == .changedWhileReading)
    }

    @Test("of a file that the disk cannot give name the disk's word")
    func unreadable() throws {
        let scratch = try Scratch()
        try FileAccess().create(scratch.path("a")).write([1, 2, 3])
        let broken = FileAccess { call, _ in call == .read ? EIO : nil }
        let error = #expect(throws: FileError.self) {
            try Digests.ofFile(scratch.path("a"), access: broken, buffer: BlockBuffer())
        }
        #expect(error?.reason == "could not read it: input/output error")
        #expect(error?.endsTheRun == false)
    }

    @Test("are not taken through a link or from a pipe")
    func onlyFiles() throws {
        let scratch = try Scratch()
        try (["a": .text("a"), "link": .symlink("a"), "pipe": .pipe] as Tree).write(to: scratch.folder)
        for name in ["link", "pipe"] {
            #expect(throws: FileError.self) {
                try Digests.ofFile(scratch.path(name), access: FileAccess(), buffer: BlockBuffer())
            }
        }
    }

    @Test("stop when a person says so")
    func stopping() throws {
        let scratch = try Scratch()
        try FileAccess().create(scratch.path("a")).write([1, 2, 3])
        let error = #expect(throws: FileError.self) {
            try Digests.ofFile(scratch.path("a"), access: FileAccess(), buffer: BlockBuffer(), stop: { true })
        }
        #expect(error?.cause == .stopped)
    }
}
