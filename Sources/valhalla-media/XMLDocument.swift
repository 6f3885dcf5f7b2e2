import CExpat
import CameraXML

/// An XML document that stands inside a clip, as places and values.
enum XMLDocument {
    /// Elements within elements, at the most.
    private static let deepest = 32
    /// Values beyond this many are left alone.
    private static let most = 20_000

    /// What can be read of it: where it is damaged, what stood before that.
    static func places(_ document: ArraySlice<UInt8>) -> XMLPlaces {
        guard let parser = XML_ParserCreateNS(nil, Walk.separator) else { return XMLPlaces() }
        defer { XML_ParserFree(parser) }
        let walk = Walk(parser: parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(walk).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in Walk.of(data)?.start(name, attributes) },
            { data, _ in Walk.of(data)?.end() }
        )
        XML_SetCharacterDataHandler(parser) { data, text, length in Walk.of(data)?.read(text, Int(length)) }
        let first = document.firstIndex(of: UInt8(ascii: "<")) ?? document.endIndex
        let bytes = Array(document[first...].prefix { $0 != 0 })
        _ = bytes.withUnsafeBytes { buffer in
            XML_Parse(parser, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), 1)
        }
        // Without the walk's end in sight the optimiser might end its life before the parser's.
        withExtendedLifetime(walk) {}
        return walk.places
    }

    private final class Walk {
        static let separator: XML_Char = 0x0a
        var places = XMLPlaces()
        private var path: [String] = []
        private var text = ""
        private var count = 0
        private let parser: XML_Parser

        init(parser: XML_Parser) { self.parser = parser }

        static func of(_ data: UnsafeMutableRawPointer?) -> Walk? {
            data.map { Unmanaged<Walk>.fromOpaque($0).takeUnretainedValue() }
        }

        func start(
            _ name: UnsafePointer<XML_Char>?,
            _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
        ) {
            flush()
            guard path.count < deepest else {
                XML_StopParser(parser, XML_Bool(0))
                return
            }
            path.append(Walk.name(name))
            let place = path.joined(separator: "/")
            var index = 0
            while let attributes, let name = attributes[index], let value = attributes[index + 1] {
                index += 2
                add("\(place)@\(Walk.name(name))", String(cString: value))
            }
        }

        func end() {
            flush()
            _ = path.popLast()
        }

        func read(_ characters: UnsafePointer<XML_Char>?, _ length: Int) {
            text += String(
                decoding: UnsafeRawBufferPointer(start: characters, count: length),
                as: UTF8.self
            )
        }

        private func flush() {
            let found = text.trimmed
            text = ""
            if !found.isEmpty { add(path.joined(separator: "/"), found) }
        }

        private func add(_ place: String, _ value: String) {
            count += 1
            if count <= most { places.add(place, value) }
        }

        private static func name(_ characters: UnsafePointer<XML_Char>?) -> String {
            guard let characters else { return "" }
            let name = String(cString: characters)
            return name.split(separator: "\n").last.map(String.init) ?? name
        }
    }
}
