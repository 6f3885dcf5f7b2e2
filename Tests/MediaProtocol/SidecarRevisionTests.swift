import MediaProtocol
import Testing

@Suite("A sidecar’s revision as a line")
struct SidecarRevisionTests {
    @Test("comes back as it was, whatever its words and its path are")
    func roundTrip() throws {
        let properties = [
            XMPProperty("dc:title", .alternative, ["a \"b\"\n\u{1F}é\u{2028}🎸"]),
            XMPProperty("dc:subject", .bag, ["one", "two", ""]), XMPProperty("xmp:Label", .text, []),
        ]
        for path: [UInt8]? in [nil, Array("/a b.xmp".utf8), [0x2F, 0xFF, 0xFE, 0x2E]] {
            let revision = SidecarRevision(
                path: path, properties: properties, metadataDate: path.map { _ in "2016" })
            #expect(try Request(line: Request.revise(revision).line()) == .revise(revision))
        }
        for packet in [nil, "<x>\r\n\u{FEFF}</x>"] {
            let revised = RevisedSidecar(before: ["dc:title": ["x"], "dc:subject": []], packet: packet)
            #expect(try Reply(line: Reply.revised(revised).line()) == .revised(revised))
        }
    }

    @Test(
        "is refused when it is something else",
        arguments: [
            #"{"revise":{"properties":[["dc:title"]]}}"#,
            #"{"revise":{"properties":[["dc:title","heap","a"]]}}"#,
            #"{"revise":{"path":1}}"#, #"{"revise":{"properties":[[1,"text"]]}}"#,
        ]
    )
    func nonsense(line: String) {
        #expect(throws: ProtocolError.self) { try Request(line: line.utf8) }
    }
}
