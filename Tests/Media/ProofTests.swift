import Foundation
import MediaProtocol
import Testing

@Suite("Proofs")
struct ProofTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func proof(_ source: String, _ out: String, mark: String = "JOSH HOMME · PROOF 1") throws -> Reply
    {
        let rendition = Rendition(
            source: Array(source.utf8), destination: Array(out.utf8), longEdge: 1280, quality: 90,
            metadata: PublicMetadata())
        return try #require(try ask([.proof(Proof(rendition, mark: mark, frames: 4))]).first)
    }

    private func flat(_ width: Int, _ height: Int, _ level: UInt8) throws -> String {
        let path = scratch.path("flat-\(level).ppm")
        try Pixels(width: width, height: height) { _, _ in (level, level, level) }.write(path)
        try tool("vips", "jpegsave", path, path + ".jpg", "--Q", "95")
        return path + ".jpg"
    }

    @Test(
        "The words are read on black, on white and on grey, in every part of the picture",
        arguments: [0, 128, 255])
    func everywhere(level: Int) throws {
        let out = scratch.path("out.jpg")
        #expect(
            try proof(try flat(1600, 1200, UInt8(level)), out) == .rendered(width: 1280, height: 960))
        let seen = try Pixels(decoding: out)
        // Whatever quarter of a quarter somebody cuts out holds letters that differ from the ground.
        for row in 0..<4 {
            for column in 0..<4 {
                var marked = 0
                for y in stride(from: row * 240, to: row * 240 + 240, by: 2) {
                    for x in stride(from: column * 320, to: column * 320 + 320, by: 2)
                    where abs(Int(seen[x, y][0]) - level) > 40 {
                        marked += 1
                    }
                }
                #expect(marked > 100, "\(column), \(row): \(marked)")
            }
        }
    }

    @Test("What is too small to be read on is laid on a dark ground")
    func tiny() throws {
        let out = scratch.path("out.jpg")
        #expect(try proof(try flat(12, 9, 255), out) == .rendered(width: 320, height: 320))
        #expect(
            try proof(try flat(2000, 40, 128), scratch.path("wide.jpg"))
                == .rendered(width: 1280, height: 320))
    }

    @Test("Without words there is no proof, and words are no markup")
    func words() throws {
        let source = try flat(64, 64, 20)
        for mark in [" ", String(repeating: "a", count: 500)] {
            guard case .failed = try proof(source, scratch.path("none.jpg"), mark: mark) else {
                Issue.record("a proof was made with “\(mark.prefix(20))”")
                continue
            }
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("none.jpg")))
        let reply = try proof(source, scratch.path("markup.jpg"), mark: "<b>A & \"B\"</i> · <PROOF>")
        #expect(reply == .rendered(width: 320, height: 320))
    }
}
