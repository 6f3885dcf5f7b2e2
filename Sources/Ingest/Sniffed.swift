/// What a file is, judged by its first bytes; its name is asked only where these do not tell.
struct Sniffed: Hashable, Sendable {
    /// What it means to an archive.
    enum Nature: Hashable, Sendable {
        case photo
        case clip
        case sound
        /// Words about another file.
        case sidecar
        /// A still that the camera made of a clip or picture.
        case thumbnail
        /// A smaller stand-in for a clip.
        case proxy
        /// What an offload wrote about the files: evidence, and about no one of them.
        case manifest
        /// Nothing that an archive of pictures and sound keeps.
        case other
    }

    /// Who can read what is in it.
    enum Reader: Hashable, Sendable {
        /// `valhalla-read`.
        case stills
        /// `valhalla-media`.
        case media
        /// Nobody need.
        case none
    }

    /// What it means to an archive.
    let nature: Nature
    /// The format by content; nil when the bytes are not known and only the name told the nature.
    let format: String?
    /// What is odd about name and content together: `named .jpg, is PNG`.
    let remark: String?

    /// The format to be recorded when no reader knows better.
    func format(endingIn ending: String) -> String {
        format ?? (ending.isEmpty ? "unknown" : ending.uppercased())
    }

    var reader: Reader {
        switch nature {
        case .photo, .thumbnail: .stills
        // No reader here knows single ARRIRAW frames, and the second card's half of a clip is nothing by itself.
        case .clip where format == "ARRIRAW" || format == "BRAW2": .none
        case .clip, .sound: .media
        case .sidecar:
            ["XMP", "XML", "SRT", "ALE", "AAE", "SIDECAR", "MPL", "SMIL"].contains(format) ? .stills : .none
        case .proxy, .manifest, .other: .none
        }
    }

    /// True for a picture as the sensor gave it, of which others are developed.
    static func isRaw(_ format: String) -> Bool { rawFormats.contains(format) }

    private static let rawFormats: Set<String> = [
        "DNG", "GPR", "CR2", "CR3", "CRW", "NEF", "NRW", "ARW", "SR2", "SRF", "PEF", "ORF", "RW2", "RAF",
        "X3F", "MRW",
        "KDC", "DCR", "SRW", "3FR", "FFF", "IIQ", "ERF", "MEF", "MOS",
    ]
}

extension Sniffed {
    /// Judges a file by its first bytes, 4 kB or more where it has them, and its ending in lower case.
    init(head: UnsafeRawBufferPointer, ending: String) {
        let found = Signature.of(head, ending: ending)
        let named = Sniffed.namedNature(ending)
        switch (found, named) {
        case (.foreign, _):
            self.init(nature: .other, format: nil, remark: nil)
        case (.known(let format, let nature), _):
            self.init(known: format, nature, ending: ending)
        case (.unknown, .sidecar?), (.unknown, .thumbnail?), (.unknown, .proxy?):
            self.init(nature: .sidecar, format: ending.uppercased(), remark: nil)
        case (.unknown, .manifest?):
            self.init(nature: .manifest, format: "MHL", remark: nil)
        case (.unknown, let nature?):
            self.init(nature: nature, format: nil, remark: nil)
        case (.unknown, nil):
            self.init(nature: .other, format: nil, remark: nil)
        }
    }

    private init(known format: String, _ nature: Nature, ending: String) {
        switch (ending, nature) {
        // Cameras call a JPEG .THM, and a small MP4 .LRV (GoPro) or .LRF (DJI).
        case ("thm", .photo), ("scr", .photo): self.init(nature: .thumbnail, format: format, remark: nil)
        case ("lrv", .clip), ("lrf", .clip): self.init(nature: .proxy, format: format, remark: nil)
        // What an MP4 holds its streams tell; where they are cut off, the name of a sound is all there is.
        case (_, .clip) where Sniffed.namedNature(ending) == .sound:
            self.init(nature: .sound, format: format, remark: Sniffed.misnaming(ending, of: format))
        case ("braw2", .clip): self.init(nature: .clip, format: "BRAW2", remark: nil)
        // Exif taken out of its picture is a TIFF without one.
        case ("exif", .photo) where format == "TIFF": self.init(nature: .sidecar, format: "Exif", remark: nil)
        default:
            self.init(nature: nature, format: format, remark: Sniffed.misnaming(ending, of: format))
        }
    }

    /// What is odd about a name, where somebody may look for another format under it.
    private static func misnaming(_ ending: String, of format: String) -> String? {
        allEndings.contains(ending) && !endings(of: format).contains(ending)
            ? "named .\(ending), is \(format)" : nil
    }

    /// What a name alone promises; nil when it promises nothing of ours.
    static func namedNature(_ ending: String) -> Nature? { natureByEnding[ending] }

    private static let natureByEnding: [String: Nature] = {
        let table: [(Nature, String)] = [
            (
                .photo,
                """
                jpg jpeg jpe jfif mpo tif tiff dng gpr cr2 cr3 crw nef nrw arw sr2 srf pef orf rw2 rwl raf x3f mrw kdc \
                dcr srw 3fr fff iiq erf mef mos heic heif hif avif png webp gif psd psb jxl jp2 j2k
                """
            ),
            (
                .clip,
                """
                mov mp4 m4v qt mxf avi mts m2ts mkv webm 3gp 3g2 mpg mpeg vob mod tod wmv flv ogv dv r3d braw braw2 insv \
                360 ari
                """
            ),
            (.sound, "wav bwf rf64 aif aiff aifc mp3 m4a mka flac ogg oga opus wma aac caf w64"),
            (
                .sidecar,
                """
                xmp xml srt ale aae exif sidecar rmd rtn smi ppn bim klv cif sif cpf cpi mpl
                """
            ),
            (.thumbnail, "thm scr"), (.proxy, "lrv lrf"),
            (.manifest, "mhl"),
        ]
        return Dictionary(
            table.flatMap { nature, endings in
                endings.split(whereSeparator: \.isWhitespace).map { (String($0), nature) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }()

    /// Endings under which somebody may look for another format.
    private static let allEndings = Set(natureByEnding.keys)

    /// The endings that a format rightly has.
    ///
    /// Of the ISO family any: cameras and editors mix them freely.
    private static func endings(of format: String) -> Set<String> {
        endingsByFormat[format] ?? [format.lowercased()]
    }

    private static let endingsByFormat: [String: Set<String>] = {
        let movies: Set<String> = [
            "mov", "mp4", "m4v", "qt", "m4a", "3gp", "3g2", "insv", "braw", "braw2", "360", "lrv", "lrf",
            "f4v", "mpg4",
            "aac",
        ]
        return [
            "JPEG": ["jpg", "jpeg", "jpe", "jfif", "mpo", "thm"], "TIFF": ["tif", "tiff"],
            "DNG": ["dng", "gpr"],
            "RW2": ["rw2", "rwl"], "HEIC": ["heic", "heif", "hif"], "HEIF": ["heic", "heif", "hif"],
            "AVIF": ["avif", "heif", "hif"], "JPEG XL": ["jxl"], "JPEG 2000": ["jp2", "j2k"],
            "QuickTime": movies, "MP4": movies, "M4V": movies, "M4A": movies, "3GP": movies, "3G2": movies,
            "MPEG-TS": ["mts", "m2ts", "ts", "tod", "mod"], "MPEG-PS": ["mpg", "mpeg", "vob", "mod"],
            "MPEG video": ["mpg", "mpeg"], "Matroska": ["mkv", "webm", "mka"], "ASF": ["wmv", "wma", "asf"],
            "Ogg": ["ogg", "ogv", "oga", "opus"], "WAV": ["wav", "bwf", "rf64"], "Wave64": ["w64"],
            "AIFF": ["aif", "aiff", "aifc"], "XMP": ["xmp", "xml"], "CRW": ["crw"], "MP3": ["mp3"],
            "ARRIRAW": ["ari"], "SMIL": ["smi", "smil", "xml"], "MPL": ["mpl", "mpls"], "BRAW2": ["braw2"],
        ]
    }()
}
