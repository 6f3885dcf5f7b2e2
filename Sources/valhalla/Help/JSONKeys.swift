/// The keys of the object that `find --json` writes for an asset, in their order: a promise to scripts.
enum JSONKeys {
    /// Each key with what it holds.
    static let asset: [(key: String, meaning: String)] = [
        ("id", "the first seven digits of the original’s SHA-256"),
        ("sha256", "all 64 of them"),
        ("kind", "photo, clip or sound"),
        ("name", "the original’s file name"),
        ("format", "its format by content"),
        ("size", "its size in bytes"),
        ("unreadable", "why it cannot be understood, or null"),
        ("damage", "what is odd about it, or null"),
        ("taken", "the corrected clock, with its offset where that is known: 2016-01-20T17:03:00-08:00"),
        ("instant", "the same in UTC, where the offset is known"),
        ("camera_clock", "what the camera’s clock showed"),
        ("correction_ms", "what a person added to it, in milliseconds"),
        ("offset_minutes", "minutes east of UTC, or null"),
        (
            "offset_source",
            "where that came from: a field of the file, person, or session Desert (America/Los_Angeles)"
        ),
        ("sessions", "the names of its sessions"),
        ("tags", "its tags, with / between their names"),
        ("title", "its title"),
        ("caption", "its caption"),
        ("creator", "who made it"),
        ("credit", "the credit line"),
        ("copyright", "the copyright notice"),
        ("usage_terms", "the usage terms"),
        ("instructions", "the instructions"),
        ("place", "where it was taken, in words"),
        ("rating", "0 to 5, -1 for rejected, or null"),
        ("label", "its label"),
        ("pick", "picked, rejected or null"),
        ("width", "in pixels, as shown"),
        ("height", "in pixels, as shown"),
        ("make", "the camera’s maker"),
        ("model", "the camera’s model"),
        ("serial", "the camera’s serial number"),
        ("lens", "the lens"),
        ("exposure", "the exposure time in seconds: 1/250"),
        ("aperture", "the f-number"),
        ("iso", "the ISO speed"),
        ("focal_length", "in millimetres"),
        ("latitude", "degrees north"),
        ("longitude", "degrees east"),
        ("altitude", "metres above the sea"),
        ("position_source", "file, person, or track with the name of its file"),
        ("color_profile", "the ICC profile or colour space"),
        ("duration", "the length in seconds"),
        ("frames", "the length in frames"),
        ("frame_rate", "frames a second, as a fraction: 24000/1001"),
        ("codec", "the codec"),
        ("timecode", "the start timecode"),
        ("reel", "the reel"),
        ("audio", "the sound tracks in words"),
        ("codec_profile", "the codec’s profile"),
        ("pixel_format", "the picture’s samples by FFmpeg’s name: yuv422p10le"),
        ("bit_depth", "bits a sample, of a clip’s picture or else of a sound"),
        ("chroma", "how colour is sampled beside brightness: 4:2:2"),
        ("scan", "progressive, interlaced, and with it which field comes first where that is known"),
        ("stored_width", "in pixels, before pixel aspect and rotation"),
        ("stored_height", "in pixels, before rotation"),
        ("pixel_aspect", "the width of a pixel to its height, where the file states it: 4:3"),
        ("rotation", "degrees clockwise that it is turned by to be shown, or null"),
        ("color", "primaries, transfer and matrix by FFmpeg’s names: bt709/bt709/bt709"),
        ("gamma", "the transfer curve by its maker’s name: S-Log3"),
        ("gamut", "the primaries by their maker’s name: S-Gamut3.Cine"),
        ("look", "the look or LUT that the camera gave it"),
        ("capture_rate", "frames a second that the sensor gave, as a fraction"),
        ("timecode_rate", "frames that the timecode counts a second: 30 of 29.97"),
        ("drop_frame", "true when the timecode leaves numbers out; null without a timecode"),
        ("clip_name", "the clip’s name as its camera has it"),
        ("camera_letter", "the letter of the camera among those of the shoot"),
        ("umid", "the SMPTE identifier, in hexadecimal digits"),
        ("media_id", "the identifier of the card or magazine"),
        ("audio_tracks", "how many sound tracks"),
        ("audio_channels", "the channels of all of them together; 0 of a silent clip"),
        ("sample_rate", "sound samples a second"),
        ("segments", "among how many files a clip is divided, or null where it is in one"),
        ("incomplete", "which part of a clip never came in, or null"),
        ("burst", "what the frames of one burst have in common, or null"),
        ("cleared_for", "the purposes for which it may leave now, where no country is named"),
        ("held", "true while somebody holds it"),
    ]

    /// The topic of help.
    static func text() -> String {
        let widest = asset.map(\.key.count).max() ?? 0
        return """
            With --json every command writes one object a line to standard output, and errors as objects
            to standard error: {"error":"locked","code":11,"message":"…","details":["…"],"next":"…"}.
            Instants are in UTC and end in Z; what is not known is null. Keys are added at times and
            never change their meaning.

            find, and show with more behind them

            """ + asset.map { "  \($0.key.padded(to: widest))  \($0.meaning)" }.joined(separator: "\n")
                + "\n\n" + """
                    Commands that change something write {"done":"…","matched":12,"changed":3,"change":14}: the
                    sentence, how many assets were chosen, how many are not as they were, and the number that
                    undo takes. A dry run adds "dryRun":true, and import ends with an object of its counts.

                    find --count writes {"count":412}, and find --count-by session an object for each:
                    {"session":"Desert","assets":412}. Where nothing is known the value is null; of clearance it is the
                    term of a query, such as cleared:exhibit.

                    For each offload manifest that it met, import writes {"outcome":"manifest","path":"…","tool":"…",
                    "matched":412,…}, and {"outcome":"manifest-mismatched","path":"…","manifest":"…",
                    "algorithm":"xxh64","expected":"…","actual":"…","reason":null} for each file that is not as it was
                    listed; manifest-missing and manifest-unproven alike. The command manifests tells the same of
                    what is on record.

                    recall writes {"recall":"R-K7F2-93QD","recipient":"…","due":"…","answered":null,"files":3,…} for each
                    letter, and in a dry run {"recipient":"…","delivery":"…","file":"…","sha256":"…",…} for each file;
                    clearance report {"marking":"NOT CLEARED","number":1,"id":"…","answers":{"press":["…"]},…} for each
                    item.

                    """
    }
}
