internal import Catalog
internal import Files

/// Which of the volumes that the catalogue knows are mounted where it knows them; each is looked at once.
final class Mounts {
    private var known: [String: Bool] = [:]

    /// True when the volume is here.
    func hold(_ volume: Volume) -> Bool { isHere(volume.key, volume.mount) }

    /// True when the volume of the copy is here.
    func hold(_ copy: FileCopy) -> Bool { isHere(copy.volumeKey, copy.mount) }

    private func isHere(_ key: String, _ mount: Path) -> Bool {
        if let known = known[key] { return known }
        // A folder is there when nothing is mounted on it, too: only the volume's identity tells.
        let found = try? VolumeLocation.of(mount, access: FileAccess()).volume.key
        known[key] = found == key
        return found == key
    }
}
