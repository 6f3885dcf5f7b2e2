internal import ArgumentParser
internal import Catalog
internal import Files

/// The command `valhalla volumes`.
struct VolumesCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "volumes",
        abstract: "The disks, cards and shares that hold files, and whether they are here.",
        discussion: """
            A disk that is not here is not missing: it lies in a drawer.

              valhalla volumes
            """
    )

    @OptionGroup var globals: Globals

    func run(at desk: Desk) throws -> Outcome {
        let volumes = try desk.catalog().volumes()
        let mounts = Mounts()
        if globals.json {
            for volume in volumes { desk.json(volume.json(isHere: mounts.hold(volume))) }
            return .done
        }
        let table = Table(
            [
                .init("VOLUME", yields: true), .init("WHERE", yields: true), .init("STATE"),
                .init("FILES", .right),
                .init("SIZE", .right), .init("FAULTS", .right), .init("OLDEST READ-BACK"),
            ],
            to: desk.out
        )
        for volume in volumes {
            let isHere = mounts.hold(volume)
            table.add([
                .init(volume.name, .strong), .init(volume.mount.display),
                isHere
                    ? .init("here")
                    : .init("offline since \(WallClock(localAt: volume.seenAt).dayText)", .dim),
                .init("\(volume.copies)"), .init(byteWords(volume.bytes)),
                .init("\(volume.faults)", volume.faults > 0 ? .bad : nil),
                .init(volume.oldestCheck.map { WallClock(localAt: $0).dayText } ?? "never"),
            ])
        }
        table.finish()
        if volumes.isEmpty { desk.remark("Nothing was imported yet: valhalla import PATH") }
        return .done
    }
}

extension Volume {
    fileprivate func json(isHere: Bool) -> JSONObject {
        [
            "volume": .text(name), "key": .text(key), "mount": .text(mount.display), "here": .bool(isHere),
            "seen_at": .text(isoInstant(seenAt)), "files": JSONValue(copies), "bytes": .integer(bytes),
            "source_files": JSONValue(sourceCopies), "faults": JSONValue(faults),
            "oldest_check": JSONValue(oldestCheck.map(isoInstant)),
        ]
    }
}
