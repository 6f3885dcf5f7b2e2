import CFFmpeg

/// Takes out of the samples of a stream what cameras and encoders write into them about themselves.
///
/// Every codec has its own place for such notes, or is known to have none; one that nobody here knows is refused, because
/// nobody could say what would leave with it.
enum SampleNotes {
    /// It has no place for words, or for none but an encoder's name (AAC's fill elements, LAME's first frame).
    case none
    /// H.264 and HEVC: messages between the pictures.
    case messages(StreamNotes)
    /// MPEG-1, -2 and -4: user data behind a start code of its own.
    case userData
    /// Motion JPEG: every picture is a file with segments.
    case segments
    /// DV: packs of five bytes, among them the hour, the maker and the camera's settings.
    case packs

    init(_ parameters: AVCodecParameters) throws(Failure) {
        if let notes = StreamNotes(parameters) {
            self = .messages(notes)
            return
        }
        switch parameters.codec_id {
        case AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4: self = .userData
        case AV_CODEC_ID_MJPEG: self = .segments
        case AV_CODEC_ID_DVVIDEO: self = .packs
        case let codec where SampleNotes.silent.contains(codec.rawValue): self = .none
        case let codec where codec.rawValue >= 0x10000 && codec.rawValue < 0x14000: self = .none
        case let codec:
            let name = avcodec_get_name(codec).map { String(cString: $0) } ?? "of no name"
            throw Failure("its codec is \(name), and what that may say of itself cannot be taken out")
        }
    }

    /// Codecs that say nothing beside pictures or sound.
    ///
    /// Those with a place for notes that is not emptied here (CineForm's tuples, AV1's metadata, user data of VC-1, auxiliary
    /// data of Dirac) are not among them. Linear and ADPCM sound are numbered together, and tested above.
    private static let silent: Set<UInt32> = Set(
        [
            AV_CODEC_ID_PRORES, AV_CODEC_ID_DNXHD, AV_CODEC_ID_RAWVIDEO, AV_CODEC_ID_V210,
            AV_CODEC_ID_V408, AV_CODEC_ID_V410, AV_CODEC_ID_V308, AV_CODEC_ID_R210, AV_CODEC_ID_AYUV,
            AV_CODEC_ID_H261, AV_CODEC_ID_H263, AV_CODEC_ID_H263P, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9,
            AV_CODEC_ID_CINEPAK, AV_CODEC_ID_SVQ1, AV_CODEC_ID_SVQ3, AV_CODEC_ID_RPZA,
            AV_CODEC_ID_QTRLE, AV_CODEC_ID_8BPS, AV_CODEC_ID_SMC, AV_CODEC_ID_HUFFYUV, AV_CODEC_ID_FFV1,
            AV_CODEC_ID_INDEO2, AV_CODEC_ID_INDEO3, AV_CODEC_ID_INDEO4, AV_CODEC_ID_INDEO5,
            AV_CODEC_ID_MSVIDEO1,
            AV_CODEC_ID_MSMPEG4V1, AV_CODEC_ID_MSMPEG4V2, AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_WMV1,
            AV_CODEC_ID_WMV2, AV_CODEC_ID_WMV3, AV_CODEC_ID_UTVIDEO, AV_CODEC_ID_FLV1,
            AV_CODEC_ID_HAP, AV_CODEC_ID_MAGICYUV, AV_CODEC_ID_AAC, AV_CODEC_ID_AAC_LATM,
            AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3, AV_CODEC_ID_DTS, AV_CODEC_ID_TRUEHD, AV_CODEC_ID_MP1,
            AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_ALAC, AV_CODEC_ID_FLAC, AV_CODEC_ID_OPUS,
            AV_CODEC_ID_AMR_NB, AV_CODEC_ID_AMR_WB, AV_CODEC_ID_QCELP, AV_CODEC_ID_QDM2, AV_CODEC_ID_QDMC,
            AV_CODEC_ID_MACE3, AV_CODEC_ID_MACE6, AV_CODEC_ID_GSM, AV_CODEC_ID_GSM_MS, AV_CODEC_ID_WMAV1,
            AV_CODEC_ID_WMAV2, AV_CODEC_ID_WMAPRO, AV_CODEC_ID_NELLYMOSER, AV_CODEC_ID_ILBC,
            AV_CODEC_ID_DVAUDIO,
        ].map(\.rawValue)
    )

    /// The sample's bytes without notes; nil when there are none.
    func stripped(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        switch self {
        case .none: nil
        case .messages(let notes): notes.stripped(bytes)
        case .userData: SampleNotes.withoutUserData(bytes)
        case .segments: SampleNotes.withoutSegments(bytes)
        case .packs: SampleNotes.withoutPacks(bytes)
        }
    }

    /// The decoder's set-up without notes; nil when there are none.
    func strippedSetup(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        switch self {
        case .messages(let notes): notes.strippedSetup(bytes)
        case .userData: SampleNotes.withoutUserData(bytes)
        case .none, .segments, .packs: nil
        }
    }

    // MARK: MPEG

    /// From each start code B2 to the next start code.
    private static func withoutUserData(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        func isCode(_ place: Int) -> Bool {
            place + 3 < bytes.count && bytes[place] == 0 && bytes[place + 1] == 0 && bytes[place + 2] == 1
        }
        var kept: [UInt8] = []
        var copied = 0
        var place = 0
        while place + 3 < bytes.count {
            if bytes[place + 2] > 1 {
                place += 3
            } else if isCode(place) {
                var end = place + 4
                guard bytes[place + 3] == 0xb2 else {
                    place = end
                    continue
                }
                while end < bytes.count, !isCode(end) { end += 1 }
                kept += bytes[copied..<place]
                copied = end
                place = end
            } else {
                place += 1
            }
        }
        return copied == 0 ? nil : kept + bytes[copied...]
    }

    // MARK: Motion JPEG

    /// Every comment and application's segment up to the scan but those that say how fields and colours are meant, and
    /// whatever lies in front of a picture or behind its end.
    private static func withoutSegments(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var kept: [UInt8] = []
        // What lies in front of the first picture shows nothing.
        let first = nextPicture(in: bytes, from: 0)
        var copied = first == bytes.count ? 0 : first
        var place = copied
        // A frame may hold two fields, each a picture of its own.
        while place + 4 <= bytes.count {
            guard bytes[place] == 0xff else {
                place += 1
                continue
            }
            let marker = bytes[place + 1]
            if marker == 0xd9 {
                let end = nextPicture(in: bytes, from: place + 2)
                // Between two fields, and behind the last, there may be padding.
                if bytes[place + 2..<end].contains(where: { $0 != 0 && $0 != 0xff }) {
                    kept += bytes[copied..<place + 2]
                    copied = end
                }
                place = end
                continue
            }
            guard marker != 0, marker != 0xff, !(0xd0...0xd9).contains(marker) else {
                place += marker == 0xff ? 1 : 2
                continue
            }
            let end = min(bytes.count, place + 2 + max(2, Int(bytes[place + 2]) << 8 | Int(bytes[place + 3])))
            let payload = bytes[place + 4..<max(place + 4, end)]
            let isNeeded: Bool
            switch marker {
            case 0xe0: isNeeded = payload.starts(with: "AVI1".utf8) && payload.count <= 14
            case 0xe1: isNeeded = payload.dropFirst(4).starts(with: "mjpg".utf8) && payload.count <= 40
            case 0xee: isNeeded = payload.starts(with: "Adobe".utf8) && payload.count == 12
            case 0xe2...0xef, 0xfe: isNeeded = false
            default: isNeeded = true
            }
            if !isNeeded {
                kept += bytes[copied..<place]
                copied = end
            }
            place = end
        }
        return copied == 0 ? nil : kept + bytes[copied...]
    }

    /// Where the next picture begins, or the bytes end.
    private static func nextPicture(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while place + 1 < bytes.count {
            if bytes[place] == 0xff, bytes[place + 1] == 0xd8 { return place }
            place += 1
        }
        return bytes.count
    }

    // MARK: DV

    /// Packs that say how pictures and sound are to be played, and the timecode (IEC 61834-4).
    private static let playing: Set<UInt8> = [0x13, 0x50, 0x51, 0x60, 0x61]

    /// Of each block of 80 bytes, the packs in its part of the track: sound, subcode, or video's.
    private static func withoutPacks(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var frame = Array(bytes)
        var isChanged = false
        func blank(_ place: Int) {
            guard place + 5 <= frame.count, frame[place] != 0xff, !playing.contains(frame[place]) else {
                return
            }
            for byte in place..<place + 5 { frame[byte] = 0xff }
            isChanged = true
        }
        for block in stride(from: 0, to: frame.count - 79, by: 80) {
            switch frame[block] >> 5 {
            case 1: for sync in 0..<6 { blank(block + 3 + 8 * sync + 3) }
            case 2: for pack in 0..<15 { blank(block + 3 + 5 * pack) }
            case 3: blank(block + 3)
            default: break
            }
        }
        return isChanged ? frame : nil
    }
}
