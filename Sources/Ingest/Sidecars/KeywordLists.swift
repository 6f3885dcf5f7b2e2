internal import Catalog
internal import MediaProtocol

/// The four lists in which programs keep keywords: plain words, two notations of their hierarchies, and people.
struct KeywordLists {
    private let subject: [String]
    private let hierarchy: [String]
    private let tagsList: [String]
    private let people: [String]

    /// The lists as a sidecar has them.
    init(_ said: [String: [String]]) {
        subject = said["dc:subject"] ?? []
        hierarchy = said["lr:hierarchicalSubject"] ?? []
        tagsList = said["digiKam:TagsList"] ?? []
        people = said["Iptc4xmpExt:PersonInImage"] ?? []
    }

    private init(subject: [String], hierarchy: [String], tagsList: [String], people: [String]) {
        self.subject = subject
        self.hierarchy = hierarchy
        self.tagsList = tagsList
        self.people = people
    }

    /// The lists as properties.
    var properties: [XMPProperty] {
        [
            XMPProperty("dc:subject", .bag, subject),
            XMPProperty("lr:hierarchicalSubject", .bag, hierarchy),
            XMPProperty("digiKam:TagsList", .sequence, tagsList),
            XMPProperty("Iptc4xmpExt:PersonInImage", .bag, people),
        ]
    }

    /// The tags that they come to, as an import takes them.
    var paths: [TagPath] {
        let deep =
            hierarchy.compactMap(KeywordLists.path(bars:)) + tagsList.compactMap(TagPath.init(fromFile:))
        let levels = Set(deep.filter { $0.names.count > 1 }.flatMap(\.names))
        let plain = subject.compactMap(TagPath.init(fromFile:)).filter { path in
            !(path.names.count == 1 && levels.contains(path.names[0]))
        }
        var seen: Set<TagPath> = []
        return (deep + plain + people.compactMap(TagPath.person)).filter { seen.insert($0).inserted }
    }

    private static func path(bars text: String) -> TagPath? {
        TagPath(fromFile: text.split(separator: "|").joined(separator: "/"))
    }

    /// The lists with these tags in them and those not; the order of what stays is kept, and all else that stands there.
    func revised(wanted: [TagPath], gone: Set<TagPath>) -> KeywordLists {
        let gone = gone.subtracting(wanted)
        let levels = Set(wanted.flatMap(\.names))
        let goneLevels = Set(gone.flatMap(\.names)).subtracting(levels)
        let leaves = wanted.compactMap(\.names.last)
        let named = wanted.compactMap(KeywordLists.person)
        let goneNames = Set(gone.compactMap(KeywordLists.person)).subtracting(named)
        return KeywordLists(
            subject: KeywordLists.list(subject, adding: leaves) { word in
                let path = TagPath(fromFile: word)
                return path.map { $0.names.allSatisfy { goneLevels.contains($0) } || gone.contains($0) }
                    ?? false
            },
            // A bar within a name would make two names of it there.
            hierarchy: KeywordLists.list(
                hierarchy,
                adding: wanted.filter { !$0.description.contains("|") }.map {
                    $0.names.joined(separator: "|")
                },
                sameAs: { KeywordLists.path(bars: $0)?.names.joined(separator: "|") }
            ) { KeywordLists.path(bars: $0).map(gone.contains) ?? false },
            tagsList: KeywordLists.list(
                tagsList,
                adding: wanted.map(\.description),
                sameAs: { TagPath(fromFile: $0)?.description }
            ) { TagPath(fromFile: $0).map(gone.contains) ?? false },
            people: KeywordLists.list(people, adding: named) { goneNames.contains($0) }
        )
    }

    private static func list(
        _ old: [String],
        adding new: [String],
        sameAs normal: (String) -> String? = { $0 },
        without isGone: (String) -> Bool
    ) -> [String] {
        var list = old.filter { !isGone($0) }
        var seen = Set(list.compactMap(normal))
        for word in new where seen.insert(word).inserted { list.append(word) }
        return list
    }

    /// The name that `people/Iggy Pop` is; deeper paths are groups, which a list of persons has no place for.
    private static func person(_ path: TagPath) -> String? {
        path.names.count == 2 && path.names[0] == "people" ? path.names[1] : nil
    }
}
