import CameraXML
import CFFmpeg
import MediaProtocol

extension Reading {
    /// Words, the camera and the place, by the names that libavformat has for them.
    mutating func readWords(from all: [MediaTags]) {
        func first(_ names: String...) -> String? { Reading.first(names, in: all) }
        make = first(
            "com.apple.quicktime.make", "make", "com.android.manufacturer", "manufacturer",
            "com.apple.proapps.manufacturer", "encoder_device_manufacturer"
        )
        model = first(
            "com.apple.quicktime.model", "model", "com.android.model", "com.apple.proapps.modelname",
            "com.arri.camera.CameraModel", "camera_type"
        )
        serial = first(
            "com.apple.proapps.serialno", "com.arri.camera.CameraSerialNumber", "serial_number", "serial",
            "camera_serial_number", "camera_id"
        )
        lens = first(
            "com.apple.quicktime.camera.lens_model", "com.arri.camera.LensModel", "com.arri.camera.LensType",
            "lens_type", "lens_model", "lens"
        )
        title = first("com.apple.quicktime.title", "com.apple.quicktime.displayname", "title")
        caption = first(
            "com.apple.quicktime.description", "com.apple.quicktime.comment", "description", "comment"
        )
        creator = first(
            "com.apple.quicktime.author", "com.apple.quicktime.artist", "artist", "author", "originator"
        )
        copyright = first("com.apple.quicktime.copyright", "copyright")
        contentIdentifier = first("com.apple.quicktime.content.identifier")
        let places = ["com.apple.quicktime.location.ISO6709", "location"]
        let point = places.lazy.compactMap { Reading.first([$0], in: all) }.compactMap {
            GeographicPoint(iso6709: $0)
        }
        .first
        if let point { (latitude, longitude, altitude) = (point.latitude, point.longitude, point.altitude) }
    }

    /// What cameras for the cinema and recorders write: reel and clip, the letter of the camera, curve and look.
    mutating func readProfessional(from all: [MediaTags]) {
        func first(_ names: String...) -> String? { Reading.first(names, in: all) }
        reel =
            reel
            ?? first("com.apple.proapps.reel", "com.arri.camera.ReelName", "reel", "tape", "reel_number")
        if make == nil, first("com.arri.camera.CameraModel", "com.arri.camera.ReelName") != nil {
            make = "ARRI"
        }
        if make == nil { make = first("company_name").flatMap(Reading.cameraMaker) }
        if model == nil, make != nil { model = first("product_name") }
        if iso == nil { iso = first("com.arri.camera.ExposureIndexAsa").flatMap { Int($0) } }
        var beside = Footage()
        beside.clipName = first(
            "com.arri.camera.ClipName", "com.arri.camera.CameraClipName", "clip_name"
        )
        beside.cameraLetter = first(
            "com.arri.camera.CameraIndex", "com.apple.proapps.cameraID", "camera_number"
        )
        .flatMap { $0.count <= 2 ? $0 : nil }
        beside.captureRate = first(
            "com.android.capture.fps", "com.arri.camera.SensorFps", "sensor_rate", "capture_fps"
        )
        .flatMap(Reading.captureRate)
        beside.gamma = first("com.arri.camera.ColorGammaSxS", "gamma", "viewing_gamma").flatMap(
            CurveName.gamma
        )
        beside.gamut = first("gamut", "viewing_gamut").flatMap(CurveName.gamut)
        beside.look = first(
            "com.arri.camera.LookName", "com.apple.proapps.customgamma", "post_3dlut_embedded_name",
            "com.arri.camera.look.name"
        )
        beside.umid = first(
            "com.arri.camera.SmpteUmid", "material_package_umid", "com.apple.proapps.clipID", "umid"
        )
        .flatMap(UMID.digits)
        beside.mediaID = first(
            "com.arri.camera.RecorderSerialNumber", "com.arri.camera.MediaSerialNumber",
            "com.apple.proapps.mediaID", "media_serial_number"
        )
        var own = footage ?? Footage()
        own.adopt(beside)
        footage = own
    }

    /// The first value with something in it under one of these names, in their order; then in the order of the streams.
    private static func first(_ names: [String], in all: [MediaTags]) -> String? {
        for name in names {
            if let found = all.lazy.compactMap({ $0[name] }).first { return found }
        }
        return nil
    }

    /// The maker of the program that wrote an MXF file, where that program is a camera.
    private static func cameraMaker(_ company: String) -> String? {
        let makers = [
            "Sony", "Canon", "Panasonic", "ARRI", "Blackmagic Design", "RED", "JVC", "Ikegami",
            "Grass Valley",
        ]
        return makers.first { company.lowercased().hasPrefix($0.lowercased()) }
    }

    /// `240`, `59.94`, `24000/1001`, or ARRI's thousandths: `48000`.
    private static func captureRate(_ text: String) -> Rational? {
        if let fraction = ClipRate.fraction(text) { return fraction }
        guard
            let rate = ClipRate.rate(text) ?? Double(text).flatMap({ Rational(Int64(clamping: Int($0)), 1) })
        else { return nil }
        let isThousandths = rate.denominator == 1 && rate.numerator >= 1000
        return isThousandths ? ClipRate.rate("\(Double(rate.numerator) / 1000)") : rate
    }
}

extension MediaStream {
    /// Frames that the timecode of a track counts a second; nil for what is no track of timecode.
    var timecodeRate: Int? {
        guard parameters.codec_tag == MediaStream.timecodeTag else { return nil }
        let rate = pointer.pointee.avg_frame_rate
        guard rate.num > 0, rate.den > 0 else { return nil }
        return Int((Double(rate.num) / Double(rate.den)).rounded())
    }

    /// `tmcd`, the first character lowest.
    private static let timecodeTag: UInt32 = 0x6463_6D74
}
