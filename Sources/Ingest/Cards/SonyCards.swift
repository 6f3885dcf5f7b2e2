internal import Catalog
internal import Files

extension CardLayout {
    /// XAVC S and HS: `M4ROOT` below `PRIVATE`, with `CLIP`, `SUB`, `THMBNL`, `GENERAL`.
    ///
    /// `CLIP/C0001.MP4`, `CLIP/C0001M01.XML`, `SUB/C0001S03.MP4`, `THMBNL/C0001T01.JPG`.
    static let xavc = CardLayout(
        name: "XAVC",
        isRoot: { folder in folder.name == "M4ROOT" && folder.holds("CLIP") },
        place: { path in
            func clip(_ stem: String?) -> Path? { stem.map { path.key(above: 1, "CLIP", $0) } }
            switch (path.folder(), path.ending) {
            case ("CLIP", "mp4"), ("CLIP", "mxf"):
                return clip(path.stem).map { Place(clip: $0, role: .original) }
            case ("CLIP", "xml"): return clip(path.stem.before("M")).map { Place(clip: $0, role: .sidecar) }
            case ("SUB", "mp4"), ("SUB", "mxf"):
                return clip(path.stem.before("S")).map { Place(clip: $0, role: .proxy) }
            case ("THMBNL", "jpg"):
                return clip(path.stem.before("T")).map { Place(clip: $0, role: .thumbnail) }
            default: return nil
            }
        }
    )

    /// XDCAM discs and cards: `XDROOT`, or a folder with `Clip` and one of the lists.
    ///
    /// `Clip/C0001.MXF`, `Clip/C0001M01.XML`, `Clip/C0001M02.KLV`, `Sub/C0001S01.MXF`, `Thmbnl/C0001T01.JPG`; an edit list in
    /// `Edit` is no clip, and belongs to the disc.
    static let xdcam = CardLayout(
        name: "XDCAM",
        isRoot: { folder in
            folder.holds("CLIP")
                && (folder.name == "XDROOT"
                    || folder.hasAnyFile("INDEX.XML", "MEDIAPRO.XML", "DISCMETA.XML")
                    || (folder.holds("SUB") && folder.holdsAny("EDIT", "USERDATA")))
        },
        place: { path in
            func clip(_ stem: String?) -> Path? { stem.map { path.key(above: 1, "CLIP", $0) } }
            switch (path.folder(), path.ending) {
            case ("CLIP", "mxf"), ("CLIP", "mp4"):
                return clip(path.stem).map { Place(clip: $0, role: .original) }
            case ("CLIP", "xml"), ("CLIP", "klv"), ("CLIP", "bim"):
                return clip(path.stem.before("M") ?? path.stem.before("R")).map {
                    Place(clip: $0, role: .sidecar)
                }
            case ("SUB", "mxf"), ("SUB", "mp4"):
                return clip(path.stem.before("S")).map { Place(clip: $0, role: .proxy) }
            case ("THMBNL", "jpg"), ("CLIP", "jpg"):
                return clip(path.stem.before("T")).map { Place(clip: $0, role: .thumbnail) }
            default: return nil
            }
        }
    )

    /// XDCAM EX on SxS cards: `BPAV` with a folder for each clip in `CLPR`, and for each take in `TAKR`.
    ///
    /// `CLPR/709_0001_01/709_0001_01.MP4` with `….SMI`, `…M01.XML`, `…R01.BIM`, `…I01.PPN`. A take that is longer than four
    /// gigabytes, or than the card, goes on in `709_0001_02`; `TAKR/709_0001/709_0001.SMI` lists its clips.
    static let xdcamEX = CardLayout(
        name: "XDCAM EX",
        isRoot: { folder in
            folder.holds("CLPR") && (folder.name == "BPAV" || folder.hasAnyFile("MEDIAPRO.XML", "CUEUP.XML"))
        },
        place: { path in
            func take(_ name: String) -> Path { path.key(above: 2, "TAKR", name) }
            switch path.folder(2) {
            case "CLPR":
                let name = path.folder()
                let clip = path.key(above: 1, name)
                let cluster = name.number(ofLast: 2) == nil ? clip : take(String(name.dropLast(3)))
                switch path.ending {
                case "mp4", "mxf": return Place(cluster: cluster, clip: clip, role: .original)
                case "wav": return Place(cluster: cluster, clip: clip, role: .sound)
                default: return Place(cluster: cluster, clip: clip, role: .sidecar)
                }
            case "TAKR": return Place(clip: take(path.folder()), role: .sidecar)
            default: return nil
            }
        }
    )
}
