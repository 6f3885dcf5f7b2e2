internal import Files

/// The texts and names of a package, held against what it may say.
struct TextCheck {
    let access: FileAccess
    private var said: SaidWords
    private var faults: [String] = []

    /// How many words of a file are named.
    private static let named = 8

    init(_ said: SaidWords, access: FileAccess) {
        self.said = said
        self.access = access
    }

    /// Allows more.
    mutating func allow(_ more: (inout SaidWords) -> Void) { more(&said) }

    /// Reads finished texts again from the disk; what their templates say by themselves counts as said.
    mutating func read(_ texts: [(path: String, wording: Wording)], in folder: Path) throws {
        // All of them first, so that the phrases are linked once.
        for (path, wording) in texts {
            said.add(literalsOf: wording, SaidWords.Writing(ofFile: path))
        }
        for (path, wording) in texts { try read(wording, at: folder.appending(path), called: path) }
    }

    /// Reads one finished text again from the disk.
    mutating func read(_ wording: Wording, at path: Path, called name: String) throws {
        let writing = SaidWords.Writing(ofFile: name)
        said.add(literalsOf: wording, writing)
        note(said.unsaid(in: try access.bytes(of: path, fromDisk: true), writing), name)
    }

    /// Looks at the name of every file and folder that is there.
    mutating func readNames(below folder: Path) throws {
        for entry in try access.tree(below: folder) {
            let name = entry.path.name.bytes
            let strange = name.contains { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: false
                default: true
                }
            }
            note(strange ? [entry.path.name.display] : said.unsaid(in: name, .plain), "its name")
        }
    }

    private mutating func note(_ words: [String], _ place: String) {
        guard !words.isEmpty else { return }
        let shown = words.prefix(TextCheck.named).map { "“\($0.prefix(80))”" }.joined(separator: " ")
        let more = words.count - TextCheck.named
        faults.append("\(place)  \(shown)" + (more > 0 ? " and \(more) words more" : ""))
    }

    /// Throws when anything is said that may not be.
    func finish() throws(ExportError) {
        guard !faults.isEmpty else { return }
        throw ExportError(
            .leak,
            "a finished file says what its recipient must not know (nothing delivered)",
            details: faults,
            next: "this is a fault in valhalla: report it with the lines above"
        )
    }
}

extension SaidWords {
    /// Allows what the seals of a package say: digests, sizes, and when it was made.
    mutating func add(_ info: BagInfo, sealing files: [SealedFile], by history: MediaHashList) {
        let date = PlainDate(milliseconds: info.at)
        add(each: [date.day8601, date.instant8601, Measure.bytes(Bag.size(of: files)), Bag.oxum(of: files)])
        add(each: history.digests)
        add(each: [history.name, MediaHashList.folder, MediaHashList.chainName, Bag.payload])
        add(sealing: files)
        add(each: [Bag.declarationName, Bag.infoName, Bag.manifestName, Bag.tagManifestName])
    }

    /// Allows the digests and sizes of these files.
    mutating func add(sealing files: [SealedFile]) {
        for file in files {
            add(String(file.size))
            add(file.digests.sha256.hex)
        }
    }
}
