internal import Catalog
internal import Files
internal import MediaProtocol

/// What a clip's name, or the XML beside it, says of the recording that it is a part of.
///
/// That is where to look for the other parts. Whether they are, their contents prove: see `Recordings`.
enum ChapterName {
    /// The facts to keep about a clip; nil for one that no camera names as a part.
    static func facts(of path: Path, card: String?, reading: Reading?) -> SegmentFacts? {
        if let part = reading?.part {
            return SegmentFacts(recording: "P2 \(part.recording)", number: nil, reading: reading)
        }
        let stem = CardPath.capitals(path.stem)
        if let (recording, number) = goPro(stem) ?? takeEX(stem, card) {
            return SegmentFacts(recording: recording, number: number, reading: reading)
        }
        guard let number = dji(stem), let time = reading?.taken?.milliseconds else { return nil }
        let camera = [reading?.model, reading?.serial].compactMap(\.self).joined(separator: " ")
        // A day of one camera is little enough to be looked through, and numbers begin anew on another.
        let day = time / 86_400_000
        return SegmentFacts(recording: "DJI \(camera) \(day)", number: number, reading: reading)
    }

    /// True when a recording's parts are numbered from 1, so that a number tells what is before it.
    static func countsFromOne(_ recording: String) -> Bool {
        recording.hasPrefix("GoPro ") || recording.hasPrefix("XDCAM EX ")
    }

    /// `GX020034` is the second chapter of 0034; before that, `GOPR0034` went on in `GP010034`.
    private static func goPro(_ stem: String) -> (recording: String, number: Int)? {
        guard stem.utf8.count == 8, let clip = stem.number(ofLast: 4), stem.hasPrefix("G") else { return nil }
        let name = String(clip + 10_000).dropFirst()
        let letters = stem.prefix(2)
        if stem.hasPrefix("GOPR") { return ("GoPro GP \(name)", 1) }
        guard let chapter = String(stem.dropFirst(2).prefix(2)).number(ofLast: 2) else { return nil }
        switch letters {
        case "GH", "GX", "GS": return chapter > 0 ? ("GoPro \(letters) \(name)", chapter) : nil
        case "GP": return ("GoPro GP \(name)", chapter + 1)
        default: return nil
        }
    }

    /// `709_0001_02`: the second clip of a take.
    private static func takeEX(_ stem: String, _ card: String?) -> (recording: String, number: Int)? {
        let parts = stem.split(separator: "_", omittingEmptySubsequences: false)
        guard card == "XDCAM EX", parts.count >= 3,
            let number = parts.last.map(String.init)?.number(ofLast: 2),
            parts[parts.count - 1].count == 2, number > 0
        else { return nil }
        return ("XDCAM EX \(parts.dropLast().joined(separator: "_"))", number)
    }

    /// `DJI_0042`, or `DJI_20230518112233_0042_D`: the number that the next file has one more of.
    private static func dji(_ stem: String) -> Int? {
        let parts = stem.split(separator: "_")
        guard parts.first == "DJI", parts.count >= 2 else { return nil }
        let digits = parts.count >= 3 ? parts[2] : parts[1]
        return digits.count == 4 ? String(digits).number(ofLast: 4) : nil
    }
}
