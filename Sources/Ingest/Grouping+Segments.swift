internal import Catalog
internal import Files
internal import MediaProtocol

extension Grouping {
    /// Makes one clip of the parts that their own card holds together: by its folder, or by its list.
    ///
    /// Parts that lie further from each other, or of which only the names speak, are joined when all is recorded: see
    /// `Recordings`.
    static func joinSegments(_ groups: inout [Group], _ members: [Member]) {
        for join in [joinFrames, joinParts, joinHalves, joinPlaylists] {
            join(&groups, members)
            groups.removeAll { $0.files.isEmpty }
        }
    }

    /// The frames of an ARRIRAW clip: files that differ in their number alone, and are nothing by themselves.
    private static func joinFrames(_ groups: inout [Group], _ members: [Member]) {
        var clips: [Path: [(group: Int, number: Int)]] = [:]
        for index in groups.indices where groups[index].kind == .clip {
            let member = members[groups[index].files[0].member]
            guard FrameSequence.formats.contains(member.format), let name = FrameName(member.path) else {
                continue
            }
            clips[member.path.folder.appending(name.clip), default: []].append((index, name.number))
        }
        for frames in clips.values {
            join(frames, "is the next frame of the sequence, by name and number in one folder", &groups)
        }
    }

    /// The parts in a clip's own folder: RED's `.RDC`, Canon's `AA0001`.
    private static func joinParts(_ groups: inout [Group], _ members: [Member]) {
        var clips: [Path: [(group: Int, number: Int)]] = [:]
        for index in groups.indices where groups[index].kind == .clip {
            let member = members[groups[index].files[0].member]
            guard let clip = member.clip, let part = member.part, member.placed == .original else { continue }
            clips[clip, default: []].append((index, part))
        }
        for (clip, parts) in clips {
            // Two files with one number are not parts of one clip, whatever they are.
            guard Set(parts.map(\.number)).count == parts.count else { continue }
            join(parts, "lies in the clip’s own folder, \(clip.name.display), with the next number", &groups)
        }
    }

    private static func join(_ parts: [(group: Int, number: Int)], _ because: String, _ groups: inout [Group])
    {
        let sorted = parts.sorted { ($0.number, $0.group) < ($1.number, $1.group) }
        guard let first = sorted.first else { return }
        groups[first.group].files[0].position = first.number
        for part in sorted.dropFirst() {
            groups[first.group].files += groups[part.group].files.map { file in
                var file = file
                file.role = .segment
                file.position = part.number
                file.because = because
                return file
            }
            groups[part.group].files = []
        }
    }

    /// Blackmagic's second card holds every other frame of `NAME.braw` in `NAME.braw2`.
    private static func joinHalves(_ groups: inout [Group], _ members: [Member]) {
        for half in groups.indices where groups[half].kind == .clip {
            guard let whole = groups[half].files.first else { continue }
            let file = members[whole.member]
            guard file.path.ending == "braw2" else { continue }
            let owner = groups.indices.first { index in
                guard index != half, groups[index].kind == .clip, let first = groups[index].files.first else {
                    return false
                }
                let path = members[first.member].path
                return path.ending == "braw" && path.stem == file.path.stem && path.folder == file.path.folder
            }
            guard let owner else { continue }
            groups[owner].files[0].position = 1
            groups[owner].files.append(
                .init(
                    member: whole.member,
                    role: .segment,
                    position: 2,
                    because: "holds the other half of its frames: recorded on two cards at once"
                )
            )
            groups[half].files = []
        }
    }

    /// What a list on the card names as one recording, as far as it is here.
    private static func joinPlaylists(_ groups: inout [Group], _ members: [Member]) {
        let lists = members.filter { !$0.recordings.isEmpty }
        guard !lists.isEmpty else { return }
        var clips: [String: Int] = [:]
        for (index, group) in groups.enumerated() where group.kind == .clip && group.files.count == 1 {
            let member = members[group.files[0].member]
            guard member.placed == .original else { continue }
            clips[CardPath.capitals(member.path.stem)] = index
        }
        for list in lists {
            for stems in list.recordings {
                // A clip is taken out when it has found its recording: two lists cannot both have it.
                let found = stems.enumerated().compactMap { index, stem in
                    clips.removeValue(forKey: stem.uppercased()).map { (group: $0, number: index + 1) }
                }
                join(found, "is of one recording by the card’s list \(list.path.name.display)", &groups)
            }
        }
    }
}
