internal import Catalog
internal import Files
internal import MediaProtocol

/// Decides which files of a cluster are one asset, by what was read in them and never by their names alone.
enum Grouping {
    /// A file as the rules see it.
    struct Member: Hashable, Sendable {
        /// Its path, of which the folder counts only on cards.
        var path: Path
        var nature: Sniffed.Nature
        /// Its format by content.
        var format: String
        /// What a card's layout says it is to its clip.
        var placed: FileRole?
        /// The camera's wall clock, in milliseconds.
        var wallMilliseconds: Int64?
        var model: String?
        /// What pairs the still and the clip of a Live Photo.
        var contentIdentifier: String?
        /// What the files of one clip have in common, where a card's layout says it.
        var clip: Path?
        /// Which part of its recording it is, where the card's own folder holds the parts together.
        var part: Int?
        /// The recordings that a card's playlist tells, by the stems of their files.
        var recordings: [[String]] = []
        /// The kind of card it lies on.
        var card: String?
    }

    /// Files that are one asset; the first is its original.
    ///
    /// Without a kind they are files without an asset.
    struct Group: Hashable, Sendable {
        struct File: Hashable, Sendable {
            /// Index into the members that were grouped.
            var member: Int
            var role: FileRole
            /// Its place among the segments, from 1, or the number of a frame.
            var position: Int?
            /// The evidence that it belongs here, in words; nil for the original.
            var because: String?
        }

        var kind: AssetKind?
        var files: [File]
    }

    /// The assets of a cluster, in the order of their originals, then the files that belong to none.
    static func groups(_ members: [Member]) -> [Group] {
        var groups = pictures(members)
        joinSegments(&groups, members)
        joinLivePhotos(&groups, members)
        joinSounds(&groups, members)
        let orphans = joinSidecars(&groups, members)
        return groups.sorted { $0.files[0].member < $1.files[0].member }
            + orphans.map { Group(kind: nil, files: [.init(member: $0, role: .sidecar)]) }
    }

    // MARK: Pictures

    /// Every picture, clip and sound as an asset of its own, but for pictures that are the same exposure.
    private static func pictures(_ members: [Member]) -> [Group] {
        let photos = members.indices.filter { members[$0].nature == .photo && members[$0].placed == nil }
        // The camera's own raw format stands before a DNG that was made from it, and a raw file before a TIFF.
        let masters = photos.filter { masterRank(members[$0]) != nil }
            .sorted { (masterRank(members[$0]) ?? 0, $0) < (masterRank(members[$1]) ?? 0, $1) }
        var taken = Set<Int>()
        var groups: [Group] = []
        for master in masters where !taken.contains(master) {
            let companions = photos.filter { candidate in
                !taken.contains(candidate) && candidate != master && masterRank(members[candidate]) == nil
                    && isSameExposure(members[master], members[candidate])
            }
            taken.insert(master)
            taken.formUnion(companions)
            groups.append(
                Group(
                    kind: .photo,
                    files: [.init(member: master, role: .original)]
                        + companions.map {
                            .init(
                                member: $0, role: .companion, because: evidence(members[master], members[$0]))
                        }
                )
            )
        }
        for index in members.indices where !taken.contains(index) {
            guard let kind = assetKind(of: members[index]) else { continue }
            groups.append(Group(kind: kind, files: [.init(member: index, role: .original)]))
        }
        return groups
    }

    /// Nil for pictures that can only be companions.
    private static func masterRank(_ member: Member) -> Int? {
        switch member.format {
        case "DNG": 1
        case "TIFF": 2
        default: Sniffed.isRaw(member.format) ? 0 : nil
        }
    }

    /// Taken in the same second, by the same model when both say which.
    private static func isSameExposure(_ left: Member, _ right: Member) -> Bool {
        guard let leftTime = left.wallMilliseconds, let rightTime = right.wallMilliseconds,
            seconds(leftTime) == seconds(rightTime),
            StemName.exposure(left.path.stem) == StemName.exposure(right.path.stem)
        else { return false }
        guard let leftModel = left.model, let rightModel = right.model else { return true }
        return leftModel == rightModel
    }

    private static func evidence(_ left: Member, _ right: Member) -> String {
        left.model != nil && left.model == right.model
            ? "has its name, and was taken in the same second by the same camera"
            : "has its name, and was taken in the same second"
    }

    private static func seconds(_ milliseconds: Int64) -> Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    static func assetKind(of member: Member) -> AssetKind? {
        if let placed = member.placed, placed != .original { return nil }
        switch member.nature {
        case .photo: return .photo
        case .clip: return .clip
        case .sound: return .sound
        case .sidecar, .thumbnail, .proxy, .manifest, .other: return nil
        }
    }

    // MARK: What joins them

    /// A clip with a still's content identifier is the moving part of that still.
    private static func joinLivePhotos(_ groups: inout [Group], _ members: [Member]) {
        for still in groups.indices where groups[still].kind == .photo {
            let identifiers = Set(
                groups[still].files.compactMap { members[$0.member].contentIdentifier }.filter { !$0.isEmpty }
            )
            guard !identifiers.isEmpty else { continue }
            for clip in groups.indices where groups[clip].kind == .clip {
                // Empty when a still before this one has it already: an edited twin keeps its identifier. And
                // no phone divides the moving part.
                guard groups[clip].files.count == 1, let file = groups[clip].files.first,
                    let identifier = members[file.member].contentIdentifier, identifiers.contains(identifier)
                else { continue }
                groups[still].files.append(
                    .init(
                        member: file.member,
                        role: .companion,
                        because: "carries its content identifier: a Live Photo"
                    )
                )
                groups[clip].files = []
            }
        }
        groups.removeAll { $0.files.isEmpty }
    }

    /// A WAV with the name of a clip, or else of a picture, is its sound: recorders and cameras name it so.
    private static func joinSounds(_ groups: inout [Group], _ members: [Member]) {
        for index in groups.indices where groups[index].kind == .sound {
            let sound = groups[index].files[0].member
            guard members[sound].format == "WAV" else { continue }
            let owners = groups.indices.filter { owner in
                (groups[owner].kind == .clip || groups[owner].kind == .photo)
                    && groups[owner].files.contains { isNamesake(members[$0.member], members[sound]) }
            }
            guard let owner = owners.first(where: { groups[$0].kind == .clip }) ?? owners.first else {
                continue
            }
            groups[owner].files.append(
                .init(member: sound, role: .sound, because: "lies beside it under its name"))
            groups[index].files = []
        }
        groups.removeAll { $0.files.isEmpty }
    }

    private static func isNamesake(_ left: Member, _ right: Member) -> Bool {
        left.path.stem == right.path.stem && left.path.folder == right.path.folder
    }

    /// Gives every sidecar to the assets it is about, and returns those that are about none.
    private static func joinSidecars(_ groups: inout [Group], _ members: [Member]) -> [Int] {
        let present = Set(members.map(\.path))
        let stems = Set(
            members.filter { assetKind(of: $0) != nil }.map { $0.path.folder.appending($0.path.stem) }
        )
        let grouped = Set(groups.flatMap { $0.files.map(\.member) })
        var orphans: [Int] = []
        for index in members.indices where !grouped.contains(index) {
            // A manifest is about many files, whatever it is named after.
            if members[index].nature == .manifest {
                orphans.append(index)
                continue
            }
            let owners = self.owners(of: index, members, groups, present: present, stems: stems)
            for owner in owners {
                groups[owner].files.append(
                    .init(
                        member: index, role: role(of: members[index]), because: evidence(of: members[index]))
                )
            }
            if owners.isEmpty { orphans.append(index) }
        }
        return orphans
    }

    private static func owners(
        of index: Int,
        _ members: [Member],
        _ groups: [Group],
        present: Set<Path>,
        stems: Set<Path>
    ) -> [Int] {
        let sidecar = members[index]
        if sidecar.placed != nil {
            guard let clip = sidecar.clip else { return [] }
            func clips(_ matches: (Member) -> Bool) -> [Int] {
                groups.indices.filter { group in
                    groups[group].files.contains {
                        members[$0.member].placed == .original && matches(members[$0.member])
                    }
                }
            }
            let own = clips { $0.clip == clip }
            // What is about a whole take has no clip of its own name, and is about all that are here.
            return own.isEmpty ? clips { $0.clip != nil } : own
        }
        func holding(_ matches: (Member) -> Bool) -> [Int] {
            groups.indices.filter { group in
                groups[group].files.contains { file in
                    assetKind(of: members[file.member]) != nil && matches(members[file.member])
                }
            }
        }
        var target = SidecarName.target(of: sidecar.path, among: present, stems: stems)
        // The words about a sidecar go where that sidecar goes.
        while case .file(let file) = target, SidecarName.isSidecar(file), file != sidecar.path {
            target = SidecarName.target(of: file, among: present, stems: stems)
        }
        switch target {
        case .file(let file), .version(of: let file): return holding { $0.path == file }
        case .stem(let stem):
            let namesakes = holding { $0.path.folder.appending($0.path.stem) == stem }
            let pictures = namesakes.filter { groups[$0].kind != .sound }
            // A thumbnail or proxy of a clip says nothing about the picture that happens to have its name.
            let clips = pictures.filter { groups[$0].kind == .clip }
            if !clips.isEmpty, sidecar.nature == .thumbnail || sidecar.nature == .proxy { return clips }
            return pictures.isEmpty ? namesakes : pictures
        }
    }

    private static func evidence(of member: Member) -> String {
        guard member.placed != nil, let card = member.card else { return "is named after it" }
        return "has its place on the \(card) card"
    }

    private static func role(of member: Member) -> FileRole {
        if let placed = member.placed { return placed }
        switch member.nature {
        case .thumbnail: return .thumbnail
        case .proxy: return .proxy
        default: return .sidecar
        }
    }
}
