internal import Catalog
internal import Files

extension CardLayout {
    /// Panasonic P2: `CONTENTS` with `VIDEO`, `AUDIO`, `CLIP`, `ICON`, `PROXY`, `VOICE`, and `LASTCLIP.TXT` beside it.
    ///
    /// `CLIP/0001AB.XML` ties `VIDEO/0001AB.MXF` to one MXF for each sound channel, `AUDIO/0001AB00.MXF` and on, and to voice
    /// memos, `VOICE/0001AB00.WAV`: their names begin with the clip's.
    static let p2 = CardLayout(
        name: "P2",
        isRoot: { folder in
            // A folder of video and sound alone may be anybody's.
            let isContents =
                folder.holds("VIDEO", "CLIP") && folder.holdsAny("AUDIO", "ICON", "VOICE", "PROXY", "AVCLIP")
                || folder.name == "CONTENTS" && folder.holds("VIDEO")
            let isWhole = folder.holds("CONTENTS") && folder.hasAnyFile("LASTCLIP.TXT")
            return isContents || isWhole || (folder.holds("AVCLIP") && folder.holds("CLIP"))
        },
        place: { path in
            func clip(_ stem: String) -> Path { path.key(above: 1, "CLIP", stem) }
            let numbered = path.stem.number(ofLast: 2) == nil ? path.stem : String(path.stem.dropLast(2))
            switch (path.folder(), path.ending) {
            case ("VIDEO", "mxf"), ("AVCLIP", "mxf"), ("AVCLIP", "mov"):
                return Place(clip: clip(path.stem), role: .original)
            case ("AUDIO", "mxf"): return Place(clip: clip(numbered), role: .sound)
            case ("VOICE", "wav"): return Place(clip: clip(numbered), role: .sound)
            case ("CLIP", "xml"), ("CLIP", "xmp"): return Place(clip: clip(path.stem), role: .sidecar)
            case ("ICON", "bmp"), ("ICON", "jpg"): return Place(clip: clip(path.stem), role: .thumbnail)
            case ("PROXY", "mp4"), ("PROXY", "mov"): return Place(clip: clip(path.stem), role: .proxy)
            case ("PROXY", "bin"), ("PROXY", "xml"): return Place(clip: clip(path.stem), role: .sidecar)
            default: return nil
            }
        }
    )

    /// Canon XF and XF-AVC: `CONTENTS/CLIPS001` with a folder for each clip.
    ///
    /// `AA0001/AA000101.MXF` and on to `AA000102.MXF` every two gigabytes, each with `.CPF` and `.SIF`; `AA0001.XML` and
    /// `AA0001.CIF` are about the whole. Later cameras write `A001C001_…_CANON/A001C001_…_CANON_01.MXF`, or no folder.
    static let canonXF = CardLayout(
        name: "Canon XF",
        isRoot: { folder in
            isClips(folder.name) && !folder.folders.isEmpty || folder.folders.contains(where: isClips)
        },
        place: { path in
            // Where the tree begins with CLIPS001 itself, its name is in no path.
            let isInClipFolder =
                isClips(path.folder(2)) || path.names.count == 2 && !isClips(path.folder())
            guard isInClipFolder else {
                guard isClips(path.folder()) else { return nil }
                let clip = path.key(above: 0, path.stem)
                return Place(
                    clip: clip, role: path.ending == "mxf" || path.ending == "mp4" ? .original : .sidecar)
            }
            let name = path.folder()
            let clip = path.key(above: 1, name)
            switch path.ending {
            case "mxf", "mp4":
                let part = path.stem.hasPrefix(name) ? path.stem.number(ofLast: 2) : nil
                return Place(clip: clip, role: .original, part: path.stem == name ? nil : part)
            case "wav": return Place(clip: clip, role: .sound)
            case "jpg", "thm": return Place(clip: clip, role: .thumbnail)
            default: return Place(clip: clip, role: .sidecar)
            }
        }
    )

    /// `CLIPS001`.
    private static func isClips(_ name: String) -> Bool {
        name.hasPrefix("CLIPS") && name.count == 8 && name.number(ofLast: 3) != nil
    }

    /// AVCHD: `BDMV` with `STREAM`, `CLIPINF`, `PLAYLIST`, mostly below `PRIVATE/AVCHD`.
    ///
    /// `STREAM/00000.MTS` with `CLIPINF/00000.CPI`. Only the playlists tell which streams are one recording, so all of a card
    /// are judged together.
    static let avchd = CardLayout(
        name: "AVCHD",
        isRoot: { folder in
            folder.holds("STREAM") && folder.holdsAny("CLIPINF", "PLAYLIST")
                || folder.holds("BDMV") && (folder.name == "AVCHD" || folder.holdsAny("AVCHDTN", "IISVPL"))
                || folder.name == "AVCHD" && folder.holds("BDMV")
        },
        place: { path in
            let card = path.key(above: 1, "STREAM")
            func clip(_ stem: String) -> Path { path.key(above: 1, "STREAM", stem) }
            switch (path.folder(), path.ending) {
            case ("STREAM", "mts"), ("STREAM", "m2ts"):
                return Place(cluster: card, clip: clip(path.stem), role: .original)
            case ("CLIPINF", "cpi"), ("CLIPINF", "clpi"):
                return Place(cluster: card, clip: clip(path.stem), role: .sidecar)
            case ("PLAYLIST", "mpl"), ("PLAYLIST", "mpls"): return Place(heardIn: card)
            default: return nil
            }
        }
    )

    /// RED: a magazine `A001_0502AB.RDM` with a folder `A001_C001_0502CE.RDC` for each clip.
    ///
    /// `A001_C001_0502CE_001.R3D`, `_002` and on, every two or four gigabytes; `.RMD` is the look, added by software; `.rtn`
    /// and proxies, `_001.mov` or `_H.mov`.
    static let red = CardLayout(
        name: "RED",
        isRoot: { folder in
            folder.name.hasSuffix(".RDM") || folder.name.hasSuffix(".RDC")
                || folder.folders.contains { $0.hasSuffix(".RDC") }
        },
        place: { path in
            guard path.folder().hasSuffix(".RDC") || path.names.count == 1 else { return nil }
            let stems = path.stem.split(separator: "_")
            let clip = path.key(
                above: 1, path.folder().isEmpty ? stems.prefix(3).joined(separator: "_") : path.folder())
            switch path.ending {
            case "r3d": return Place(clip: clip, role: .original, part: path.stem.number(ofLast: 3))
            case "mov", "mp4", "mxf": return Place(clip: clip, role: .proxy)
            case "wav": return Place(clip: clip, role: .sound)
            case "jpg", "jpeg", "png", "tif", "tiff": return Place(clip: clip, role: .thumbnail)
            default: return Place(clip: clip, role: .sidecar)
            }
        }
    )

    /// GoPro: `DCIM/100GOPRO`, and beside `DCIM` what the camera keeps for itself.
    ///
    /// Chapters are told by their names and by what they say, as they are outside of a card: see `ChapterName`.
    static let goPro = CardLayout(
        name: "GoPro",
        isRoot: { folder in
            (folder.name == "DCIM" ? folder.folders : folder.pictures).contains(where: isGoPro)
        },
        place: { _ in nil }
    )

    private static func isGoPro(_ name: String) -> Bool {
        name.count == 8 && name.hasSuffix("GOPRO") && name.prefix(3).allSatisfy(\.isNumber)
    }

    /// DJI: `DCIM/100MEDIA` or `DCIM/DJI_001`, and `MISC` beside `DCIM`, which has a still of every clip.
    ///
    /// `DJI_0001.MP4` with `DJI_0001.SRT` and `.LRF`; `MISC/THM/100/DJI_0001.THM`.
    static let dji = CardLayout(
        name: "DJI",
        isRoot: { folder in
            let pictures = folder.name == "DCIM" ? folder.folders : folder.pictures
            if pictures.contains(where: { $0.hasPrefix("DJI_") && $0.number(ofLast: 3) != nil }) {
                return true
            }
            // Other makers have a 100MEDIA too.
            return folder.holds("MISC") && pictures.contains { $0.count == 8 && $0.hasSuffix("MEDIA") }
                && folder.name != "DCIM"
        },
        place: { path in
            // The folder's number is what `DCIM` and `MISC` have in common.
            let isThumbnail = path.folder(3) == "MISC" && path.folder(2) == "THM"
            let number = isThumbnail ? path.folder() : String(path.folder().prefix(3))
            let root = isThumbnail ? 3 : 2
            guard path.stem.hasPrefix("DJI_"),
                isThumbnail || path.folder(2) == "DCIM" || path.names.count == 2
            else { return nil }
            let clip = path.key(
                above: path.names.count == 2 && !isThumbnail ? 1 : root, "DJI", number, path.stem)
            switch path.ending {
            case "mp4", "mov": return Place(clip: clip, role: .original)
            case "srt": return Place(clip: clip, role: .sidecar)
            case "lrf": return Place(clip: clip, role: .proxy)
            case "thm", "scr": return Place(clip: clip, role: .thumbnail)
            default: return nil
            }
        }
    )
}
