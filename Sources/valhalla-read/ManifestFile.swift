import CExpat
import MediaProtocol

/// An offload manifest: an ASC MHL, the chain that seals a history of them, or a legacy MHL.
///
/// It is read in pieces and given on in pages, so that a list of any length takes the same memory. A document type is
/// refused, and with it every entity that could grow; a path that leads out of its folder is left out and counted.
struct ManifestFile: ~Copyable {
    /// No card has so many files, and no list of them is so long.
    private static let mostBytes = 512 << 20
    private static let block = 1 << 18

    private let file: OpenFile

    init(path: [UInt8]) throws(OpenFile.Refusal) {
        file = try OpenFile(path: path)
    }

    /// What it lists, all pages but the last by `part`.
    static func reply(toPath path: [UInt8], part: (Reply) -> Void) -> Reply {
        do throws(OpenFile.Refusal) {
            return .manifest(try ManifestFile(path: path).lastPage { part(.manifest($0)) })
        } catch {
            return .failed(reason: error.reason)
        }
    }

    private func lastPage(_ page: (ManifestPage) -> Void) throws(OpenFile.Refusal) -> ManifestPage {
        guard file.size <= ManifestFile.mostBytes else {
            throw OpenFile.Refusal(reason: "is too large to be a manifest (\(file.size) bytes)")
        }
        // With a separator expat gives names as URI, separator, local name: prefixes are the writer's whim.
        guard let parser = XML_ParserCreateNS(nil, ManifestWalk.separator) else {
            throw OpenFile.Refusal(reason: "could not be read: there is no memory to begin with")
        }
        defer { XML_ParserFree(parser) }
        let walk = ManifestWalk(parser)
        XML_SetUserData(parser, Unmanaged.passUnretained(walk).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in ManifestWalk.of(data)?.start(name, attributes) },
            { data, _ in ManifestWalk.of(data)?.end() }
        )
        XML_SetCharacterDataHandler(parser) { data, text, length in
            ManifestWalk.of(data)?.read(text, Int(length))
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            ManifestWalk.of(data)?.refuse("declares a document type, which no manifest does")
        }
        var offset = 0
        while true {
            guard let bytes = file.bytes(at: offset, count: ManifestFile.block) else {
                throw OpenFile.Refusal(reason: "could not be read: \(systemWords())")
            }
            offset += bytes.count
            let isLast = bytes.count < ManifestFile.block
            let status = bytes.withUnsafeBytes { buffer in
                XML_Parse(
                    parser,
                    buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(buffer.count),
                    isLast ? 1 : 0
                )
            }
            guard status == XML_STATUS_OK else { throw refusal(of: parser, walk) }
            if isLast { break }
            while walk.entries.count > ManifestPage.mostEntries {
                page(ManifestPage(entries: Array(walk.entries.prefix(ManifestPage.mostEntries))))
                walk.entries.removeFirst(ManifestPage.mostEntries)
            }
        }
        guard let summary = walk.summary else { throw OpenFile.Refusal(reason: "is not a manifest") }
        while walk.entries.count > ManifestPage.mostEntries {
            page(ManifestPage(entries: Array(walk.entries.prefix(ManifestPage.mostEntries))))
            walk.entries.removeFirst(ManifestPage.mostEntries)
        }
        return ManifestPage(entries: walk.entries, summary: summary)
    }

    private func refusal(of parser: XML_Parser, _ walk: ManifestWalk) -> OpenFile.Refusal {
        if let reason = walk.refusal { return OpenFile.Refusal(reason: reason) }
        let words = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) } ?? "unknown error"
        return OpenFile.Refusal(
            reason: "is not well formed at line \(XML_GetCurrentLineNumber(parser)): \(words)"
        )
    }
}

/// What expat reports of a manifest, gathered by the place in which it stands.
private final class ManifestWalk {
    static let separator: XML_Char = 0x0a
    /// Lists nest five deep.
    private static let deepest = 16
    private static let longestText = 8_192
    private static let longestPath = 4_096
    private static let mostEntries = 1_000_000
    /// Of what stands once, such as authors and patterns, so many count.
    private static let mostWords = 1_000
    private static let listNamespace = "urn:ASC:MHL:v2.0"
    private static let chainNamespace = "urn:ASC:MHL:DIRECTORY:v2.0"
    private static let digestElements: Set<String> = [
        "c4", "md5", "sha1", "xxh128", "xxh3", "xxh64", "xxhash", "xxhash64", "xxhash64be", "null",
    ]

    /// Where we are.
    private enum Place: Hashable {
        case list, creator, process, ignore, hashes, hash, references, reference
        case chain, link
        /// An element whose text counts, by its name, in one of the above.
        case word(String)
        /// Something that nobody asks for, and all that is in it.
        case elsewhere
    }

    var entries: [ManifestEntry] = []
    private(set) var summary: ManifestSummary?
    private(set) var refusal: String?

    private let parser: XML_Parser
    private var places: [Place] = []
    private var text: [UInt8] = []
    private var attributes: [String: String] = [:]
    private var entry = ManifestEntry(path: "")
    private var isUsable = true
    private var seen = 0

    init(_ parser: XML_Parser) { self.parser = parser }

    static func of(_ data: UnsafeMutableRawPointer?) -> ManifestWalk? {
        data.map { Unmanaged<ManifestWalk>.fromOpaque($0).takeUnretainedValue() }
    }

    func refuse(_ reason: String) {
        refusal = refusal ?? reason
        XML_StopParser(parser, 0)
    }

    // MARK: Elements

    func start(
        _ name: UnsafePointer<XML_Char>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
    ) {
        guard refusal == nil else { return }
        guard places.count < ManifestWalk.deepest else {
            return refuse("is nested too deeply for a manifest")
        }
        let (space, name) = ManifestWalk.split(name)
        text.removeAll(keepingCapacity: true)
        guard let last = places.last else { return begin(space, name, ManifestWalk.values(of: attributes)) }
        let place = place(name, in: last)
        places.append(place)
        switch place {
        case .hash, .reference, .link:
            entry = ManifestEntry(path: "")
            isUsable = true
        case .word: self.attributes = ManifestWalk.values(of: attributes)
        default: break
        }
    }

    /// The outermost element says which format it is.
    private func begin(_ space: String, _ name: String, _ attributes: [String: String]) {
        let version = attributes["version"] ?? ""
        switch (name, space) {
        case ("hashlist", ManifestWalk.listNamespace) where version.hasPrefix("2."),
            ("hashlist", "") where version.hasPrefix("2."):
            summary = ManifestSummary(kind: .list)
            places.append(.list)
        case ("hashlist", "") where version.hasPrefix("1."):
            summary = ManifestSummary(kind: .legacyList)
            places.append(.list)
        case ("ascmhldirectory", ManifestWalk.chainNamespace), ("ascmhldirectory", ""):
            summary = ManifestSummary(kind: .chain)
            places.append(.chain)
        case ("hashlist", _):
            return refuse("is a manifest of a version that is not known here: \(version.prefix(20))")
        default: return refuse("is not a manifest")
        }
        summary?.version = version.isEmpty ? nil : version
    }

    private func place(_ name: String, in last: Place) -> Place {
        let isLegacy = summary?.kind == .legacyList
        switch (last, name) {
        case (.list, "creatorinfo"): return .creator
        case (.list, "processinfo"): return .process
        case (.process, "ignore"): return .ignore
        case (.list, "hashes"): return .hashes
        case (.list, "hash") where isLegacy: return .hash
        case (.hashes, "hash"): return .hash
        case (.list, "references"): return .references
        case (.references, "hashlistreference"): return .reference
        case (.chain, "hashlist"): return .link
        case (.creator, _), (.process, "process"), (.ignore, "pattern"): return .word(name)
        case (.hash, "path"), (.hash, "previousPath"), (.hash, "file"), (.hash, "size"): return .word(name)
        case (.hash, _) where ManifestWalk.digestElements.contains(name): return .word(name)
        case (.reference, "path"), (.reference, "c4"), (.link, "path"), (.link, "c4"): return .word(name)
        default: return .elsewhere
        }
    }

    func read(_ characters: UnsafePointer<XML_Char>?, _ length: Int) {
        guard refusal == nil, case .word? = places.last else { return }
        guard text.count + length <= ManifestWalk.longestText else {
            return refuse("holds a text that is too long for a manifest")
        }
        text.append(contentsOf: UnsafeRawBufferPointer(start: characters, count: length))
    }

    func end() {
        guard refusal == nil, let place = places.popLast() else { return }
        switch place {
        case .word(let name): if let owner = places.last { take(name, in: owner) }
        case .hash, .link: keep(entry)
        case .reference:
            guard isUsable, !entry.path.isEmpty else { break }
            if summary?.references.count ?? 0 < 100_000 { summary?.references.append(entry) }
        default: break
        }
    }

    private func keep(_ entry: ManifestEntry) {
        seen += 1
        guard seen <= ManifestWalk.mostEntries else {
            return refuse("lists more than \(ManifestWalk.mostEntries) files")
        }
        if isUsable, !entry.path.isEmpty { entries.append(entry) } else { summary?.refused += 1 }
    }

    // MARK: Words

    private func take(_ name: String, in owner: Place) {
        let word = ManifestWalk.trimmed(text)
        switch owner {
        case .creator: takeCreator(name, word)
        case .process: summary?.process = word
        case .ignore:
            if let count = summary?.ignore.count, count < ManifestWalk.mostWords, !word.isEmpty {
                summary?.ignore.append(word)
            }
        case .hash, .reference, .link: takeEntry(name, word)
        default: break
        }
    }

    private func takeCreator(_ name: String, _ word: String) {
        guard !word.isEmpty else { return }
        switch name {
        case "creationdate", "finishdate": summary?.created = word
        // A legacy list that was not finished has only this one.
        case "startdate": if summary?.created == nil { summary?.created = word }
        case "hostname": summary?.host = word
        case "tool":
            summary?.tool = word
            summary?.toolVersion = attributes["version"]
        // ASC MHL names authors, one or several; the legacy list a person and their account.
        case "author", "name":
            let names = [summary?.author, word].compactMap(\.self).joined(separator: ", ")
            if names.utf8.count <= 1_000 { summary?.author = names }
        case "username": if summary?.author == nil { summary?.author = word }
        case "location": summary?.location = word
        case "comment": summary?.comment = word
        default: break
        }
    }

    private func takeEntry(_ name: String, _ word: String) {
        switch name {
        case "path", "file":
            if let path = ManifestWalk.inside(String(decoding: text, as: UTF8.self)) {
                entry.path = path
            } else {
                isUsable = false
            }
            entry.size = attributes["size"].flatMap { Int64($0) } ?? entry.size
        case "size": entry.size = Int64(word)
        case "previousPath":
            if let path = ManifestWalk.inside(String(decoding: text, as: UTF8.self)) {
                entry.previousPath = path
            } else {
                isUsable = false
            }
        default:
            guard entry.digests.count < 16, word.utf8.count <= 128 else { return }
            entry.digests.append(
                ManifestDigest(
                    element: name, text: word, action: attributes["action"].map { String($0.prefix(16)) })
            )
        }
    }

    /// A path that stays within its folder, without idle dots and slashes; nil for any other.
    static func inside(_ text: String) -> String? {
        guard !text.isEmpty, text.utf8.count <= longestPath, text.utf8.first != UInt8(ascii: "/"),
            !text.utf8.contains(0)
        else { return nil }
        // As bytes: a slash that carries an accent is a slash to every file system.
        let names = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true)
            .filter { !$0.elementsEqual(".".utf8) }
        guard !names.isEmpty, !names.contains(where: { $0.elementsEqual("..".utf8) }) else { return nil }
        return String(decoding: Array(names.joined(separator: "/".utf8)), as: UTF8.self)
    }

    private static func trimmed(_ text: [UInt8]) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        var words = text[...]
        while let first = words.first, isBlank(first) { words.removeFirst() }
        while let last = words.last, isBlank(last) { words.removeLast() }
        return String(decoding: words, as: UTF8.self)
    }

    private static func split(_ name: UnsafePointer<XML_Char>?) -> (space: String, name: String) {
        let whole = name.map { String(cString: $0) } ?? ""
        guard let end = whole.utf8.firstIndex(of: UInt8(separator)) else { return ("", whole) }
        return (String(whole[..<end]), String(whole[whole.utf8.index(after: end)...]))
    }

    private static func values(of attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?) -> [String:
        String]
    {
        var values: [String: String] = [:]
        var place = 0
        while let attributes, let name = attributes[place], let value = attributes[place + 1] {
            place += 2
            values[split(name).name] = String(cString: value)
        }
        return values
    }
}
