import CameraXML
import MediaProtocol

/// What a card's own XML tells about recordings that lie in several files.
enum CardRecordings {
    /// More links than any card holds are no card's.
    private static let mostLinks = 10_000

    /// Panasonic P2's `CLIP/NAME.XML`; nil when the clip is a whole recording, or the XML another one.
    static func partOfP2(_ findings: Findings) -> RecordingPart? {
        let values = findings.xml()
        func value(_ place: String) -> String? { values["P2Main/ClipContent/" + place] }
        guard let recording = value("Relation/GlobalShotID"), let own = value("GlobalClipID") else {
            return nil
        }
        let previous = value("Relation/Connection/Previous/GlobalClipID")
        let next = value("Relation/Connection/Next/GlobalClipID")
        // Clips that were never divided have a relation too, to themselves.
        guard previous != nil || next != nil else { return nil }
        return RecordingPart(
            recording: recording,
            offset: value("Relation/OffsetInShot").flatMap { Int($0) },
            own: own,
            previous: previous,
            next: next
        )
    }

    /// Sony's `TAKR/NAME/NAME.SMI`, which plays the clips of a take one after another.
    static func ofSMIL(_ findings: Findings) -> [[String]] {
        var stems: [String] = []
        for link in findings.xml(endingIn: "@src").prefix(mostLinks) {
            let name = link.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? ""
            let parts = name.split(separator: ".")
            guard parts.count == 2, ["mp4", "mxf"].contains(parts[1].lowercased()) else { continue }
            let stem = String(parts[0])
            // Picture and sound of one clip are two links to one file.
            if stems.last != stem { stems.append(stem) }
        }
        return stems.count > 1 ? [stems] : []
    }
}

/// `PLAYLIST/00000.MPL` of AVCHD: the camera's list of what it recorded, in which a long recording's files stand as items
/// that go over into each other.
///
/// Blu-ray's `MPLS`: the place of the list at 8; in it the count of items at 6, and items from 10, each behind its length:
/// the five digits of the clip, `M2TS`, and two bytes whose last four bits say how it is connected with the one before.
struct PlaylistFile {
    /// The same clock and stream go on: the file was divided, the recording was not.
    private static let goesOn = 6
    private let bytes: [UInt8]

    init(_ file: borrowing OpenFile) throws(OpenFile.Refusal) {
        guard let bytes = file.bytes(at: 0, count: min(file.size, 4 << 20)) else {
            throw OpenFile.Refusal(reason: "could not be read")
        }
        self.bytes = bytes
    }

    func reading() throws(OpenFile.Refusal) -> Reading {
        guard let start = bytes.big32(8), let count = bytes.big16(start + 6) else {
            throw OpenFile.Refusal(reason: "ends inside its header")
        }
        var reading = Reading(format: "MPL", kind: .sidecar)
        var recordings: [[String]] = []
        var item = start + 10
        for _ in 0..<count {
            guard let length = bytes.big16(item), length >= 12, let stem = text(at: item + 2),
                bytes.has("M2TS", at: item + 7), let connection = bytes.big16(item + 11)
            else { break }
            if connection & 15 == Self.goesOn, !recordings.isEmpty {
                recordings[recordings.count - 1].append(stem)
            } else {
                recordings.append([stem])
            }
            item += 2 + length
        }
        reading.recordings = recordings.filter { $0.count > 1 }
        return reading
    }

    private func text(at offset: Int) -> String? {
        guard offset >= 0, offset + 5 <= bytes.count else { return nil }
        let name = bytes[offset..<offset + 5]
        guard name.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return String(decoding: name, as: UTF8.self)
    }
}
