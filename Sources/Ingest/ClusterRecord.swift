internal import Catalog
internal import Files
internal import MediaProtocol

/// What reading one file of a cluster gave.
struct FileFacts: Sendable {
    var sniffed: Sniffed
    /// What the file looked like while it was read.
    var identity: FileIdentity
    /// Nil for a file whose content is recorded already.
    var digests: Digests?
    var reading: Reading?
    /// Why no reader understands it.
    var unreadable: String?
    var copies: [CopyRecord] = []

    var format: String = ""
}

/// Turns what was read in the files of a cluster into what is recorded: assets, with all that their files say.
struct ClusterRecord {
    private let cluster: ClusterWork
    /// For each file of the cluster; nil for files that are not taken.
    private let facts: [FileFacts?]
    /// The files that are grouped, as indices into the cluster.
    private let grouped: [Int]

    init(_ cluster: ClusterWork, _ facts: [FileFacts?]) {
        self.cluster = cluster
        self.facts = facts
        grouped = cluster.files.indices.filter { facts[$0] != nil }
    }

    /// The groups in which something is new.
    func groups() -> [PlannedGroup] {
        var counted = Set<Int>()
        return Grouping.groups(grouped.compactMap(member)).compactMap { group in
            let files = group.files.map { file in
                GroupedFile(
                    index: grouped[file.member],
                    role: file.role,
                    position: file.position,
                    because: file.because
                )
            }
            guard files.contains(where: { cluster.files[$0.index].found != nil }) else { return nil }
            return planned(group.kind, files, &counted)
        }
    }

    private func member(_ index: Int) -> Grouping.Member? {
        guard let facts = facts[index] else { return nil }
        return Grouping.Member(
            path: cluster.files[index].name,
            nature: nature(facts),
            format: facts.format,
            placed: cluster.files[index].place?.role,
            wallMilliseconds: facts.reading?.taken?.milliseconds,
            model: facts.reading?.model,
            contentIdentifier: facts.reading?.contentIdentifier,
            clip: cluster.files[index].place?.clip,
            part: cluster.files[index].place?.part,
            recordings: facts.reading?.recordings ?? [],
            card: cluster.card
        )
    }

    /// A container tells by its streams alone whether it holds a film or only its sound.
    private func nature(_ facts: FileFacts) -> Sniffed.Nature {
        switch (facts.sniffed.nature, facts.reading?.kind) {
        case (.clip, .sound?): .sound
        case (.sound, .clip?): .clip
        default: facts.sniffed.nature
        }
    }

    // MARK: One group

    /// A file of the cluster, and what it is to the asset.
    private struct GroupedFile {
        var index: Int
        var role: FileRole
        var position: Int?
        var because: String?
    }

    private func planned(
        _ kind: AssetKind?,
        _ files: [GroupedFile],
        _ counted: inout Set<Int>
    ) -> PlannedGroup {
        var records: [FileRecord] = []
        var tallies: [PlannedGroup.Counted?] = []
        let isDivided = files.contains { $0.role == .segment }
        let sidecars = kind == .clip ? files.filter { $0.role == .sidecar } : []
        for file in files {
            let isFirst = counted.insert(file.index).inserted
            var record = record(file.index, as: file.role, withCopies: isFirst)
            (record.position, record.because) = (file.position, file.because)
            if kind == .clip, [.original, .segment].contains(file.role) {
                record.segment = segment(file.index, sidecars, isDivided: isDivided)
                if record.position == nil, let facts = record.segment,
                    ChapterName.countsFromOne(facts.recording ?? "")
                {
                    record.position = facts.number
                }
            }
            records.append(record)
            tallies.append(isFirst ? tally(file.index) : nil)
        }
        let asset = kind == nil ? nil : self.asset(of: files)
        if let asset {
            for former in formers(files, of: asset) {
                records.append(former)
                tallies.append(nil)
            }
        }
        let original = files[0].index
        let group = GroupRecord(
            kind: kind,
            asset: asset,
            name: cluster.files[original].path.name.display,
            reading: kind == nil ? nil : reading(kind, files),
            unreadable: facts[original]?.unreadable,
            files: records
        )
        return PlannedGroup(record: group, counted: tallies)
    }

    /// What a file says of itself as a part of a recording: with the camera's own words beside it, and nobody else's.
    private func segment(_ index: Int, _ sidecars: [GroupedFile], isDivided: Bool) -> SegmentFacts? {
        var reading = facts[index]?.reading
        let clip = cluster.files[index].place?.clip
        let cameras = sidecars.filter { file in
            !isDivided || (clip != nil && cluster.files[file.index].place?.clip == clip)
        }
        .compactMap { facts[$0.index]?.reading }.filter { $0.format != "XMP" }
        if let own = reading, !cameras.isEmpty {
            reading = MergedReading.of(
                own, with: cameras.map { .init(standing: .cameraSidecar, reading: $0) })
            reading?.part = cameras.lazy.compactMap(\.part).first
        }
        return ChapterName.facts(of: cluster.files[index].path, card: cluster.card, reading: reading)
            ?? (isDivided && reading != nil
                ? SegmentFacts(recording: nil, number: nil, reading: reading) : nil)
    }

    private func record(_ index: Int, as role: FileRole, withCopies: Bool) -> FileRecord {
        let file = cluster.files[index]
        let name = file.path.name.display
        guard let facts = facts[index], let digests = facts.digests else {
            guard case .settled(_, let key) = file.content else {
                preconditionFailure("a file that was found was read, or it would not be grouped")
            }
            return FileRecord(role: role, name: name, content: .recorded(file: key), copies: [])
        }
        let content = ReadContent(
            digests: digests,
            size: facts.identity.size,
            format: facts.format,
            unreadable: facts.unreadable,
            rawTags: facts.reading?.rawTags ?? [],
            rawDictionary: facts.reading?.rawDictionary ?? 0
        )
        return FileRecord(
            role: role,
            name: name,
            content: .read(content),
            copies: withCopies ? facts.copies : []
        )
    }

    private func tally(_ index: Int) -> PlannedGroup.Counted? {
        guard let found = cluster.files[index].found, let facts = facts[index] else { return nil }
        let tally: Tally
        if !isChanged(index) {
            tally = isRecorded(index) ? .known : .byOutcome
        } else {
            tally = .changed
        }
        return .init(found: found, tally: tally, unreadable: facts.unreadable)
    }

    // MARK: What was there before

    /// True when the bytes at this path are those that are recorded for it.
    private func isRecorded(_ index: Int) -> Bool {
        guard let digests = facts[index]?.digests else { return false }
        return cluster.files[index].members.contains { $0.digest == digests.sha256 }
    }

    /// True when other bytes lie where an archive's copy lay.
    ///
    /// A card that was formatted and filled again under the same names has not changed its pictures: those
    /// are others.
    private func isChanged(_ index: Int) -> Bool {
        guard let known = cluster.files[index].found?.known, known.kind == .archive else { return false }
        return !isRecorded(index)
    }

    /// The asset that a group's files belong to already: the original's, or that of a picture which now has a better one.
    private func asset(of files: [GroupedFile]) -> AssetID? {
        for file in files where [.original, .companion].contains(file.role) {
            let members = cluster.files[file.index].members.filter { $0.role == .original && $0.asset != nil }
            guard let member = members.first else { continue }
            if cluster.files[file.index].found?.known?.kind == .source, !isRecorded(file.index) { continue }
            if isChanged(file.index), !isSamePicture(file.index, member) { continue }
            return member.asset
        }
        return nil
    }

    /// A file may be worked on in its place; another picture under its name is not its new version.
    private func isSamePicture(_ index: Int, _ before: GroupMember) -> Bool {
        let now = facts[index]?.reading
        if let then = before.wallMilliseconds, let taken = now?.taken?.milliseconds, abs(then - taken) >= 1000
        {
            return false
        }
        if let then = before.model, let model = now?.model, then != model { return false }
        return true
    }

    /// The contents that files other than the original had before, to be kept as what they were.
    private func formers(_ files: [GroupedFile], of asset: AssetID) -> [FileRecord] {
        let current = Set(
            files.compactMap { file -> Int64? in
                if case .settled(_, let key) = cluster.files[file.index].content { key } else { nil }
            }
        )
        return files.dropFirst().flatMap { file -> [FileRecord] in
            guard isChanged(file.index) else { return [] }
            return cluster.files[file.index].members
                .filter { $0.asset == asset && $0.role != .original && !current.contains($0.file) }
                .map {
                    FileRecord(
                        role: .former,
                        name: cluster.files[file.index].path.name.display,
                        content: .recorded(file: $0.file),
                        copies: []
                    )
                }
        }
    }

    // MARK: What they say together

    private func reading(_ kind: AssetKind?, _ files: [GroupedFile]) -> Reading? {
        let original = files[0].index
        guard let facts = facts[original] else { return nil }
        let present = Set(cluster.files.map(\.name))
        let stems = Set(
            cluster.files.filter { !SidecarName.isSidecar($0.name) }.map {
                $0.name.folder.appending($0.name.stem)
            }
        )
        let voices = files.dropFirst().compactMap { file -> MergedReading.Voice? in
            guard let reading = self.facts[file.index]?.reading,
                let standing = standing(file.index, file.role, of: original, present, stems)
            else { return nil }
            return .init(standing: standing, reading: reading)
        }
        guard facts.reading != nil || !voices.isEmpty else { return nil }
        let mediaKind: MediaKind =
            switch kind {
            case .clip?: .clip
            case .sound?: .sound
            default: .photo
            }
        var own = facts.reading ?? Reading(format: facts.format, kind: mediaKind)
        own.format = facts.format
        own.kind = mediaKind
        let remarks = [facts.sniffed.remark, own.damage].compactMap(\.self)
        own.damage = remarks.isEmpty ? nil : remarks.joined(separator: "; ")
        return MergedReading.of(own, with: voices)
    }

    private func standing(
        _ index: Int,
        _ role: FileRole,
        of original: Int,
        _ present: Set<Path>,
        _ stems: Set<Path>
    ) -> MergedReading.Voice.Standing? {
        switch role {
        case .companion: return .companion
        case .thumbnail: return .thumbnail
        case .sidecar:
            guard facts[index]?.format == "XMP" else { return .cameraSidecar }
            switch SidecarName.target(of: cluster.files[index].name, among: present, stems: stems) {
            case .file(let file):
                return file == cluster.files[original].name ? .sidecarOfFile : .sidecarOfCompanion
            case .stem: return .sidecarOfStem
            case .version: return .version
            }
        case .original, .sound, .proxy, .former, .segment: return nil
        }
    }
}
