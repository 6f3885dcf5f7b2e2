internal import MediaProtocol
internal import Storage

/// The columns of an asset that come from its files, and the statements that write them, in one order.
struct AssetColumns {
    let values: [Value]

    private static let names =
        [
            "kind", "file", "name", "format", "unreadable", "damage",
            "wall_ms", "wall_source", "offset_min", "offset_source", "taken_ms", "taken_at", "sort_at",
            "width", "height", "orientation", "make", "model", "serial", "lens", "exposure", "exposure_text",
            "aperture", "iso", "focal_length", "latitude", "longitude", "altitude", "color_profile",
            "codec", "codec_profile", "frame_rate", "frame_rate_text", "frames", "duration", "timecode",
            "reel",
            "pixel_format", "color", "audio",
            "title", "caption", "creator", "credit", "copyright", "usage_terms", "instructions", "place",
            "rating", "label", "burst", "content_id", "file_offset_min",
        ] + FootageColumns.names

    static let insert = """
        INSERT INTO asset (id, stamp, \(names.joined(separator: ", ")))
        VALUES (?, ?, \(Array(repeating: "?", count: names.count).joined(separator: ", ")))
        """

    static let update = """
        UPDATE asset
           SET stamp = ?, present = 1, \(names.map { $0 == "burst" ? kept($0) : "\($0) = ?" }.joined(separator: ", "))
         WHERE id = ?
        """

    /// A burst that was told by the frames beside it is not in any file.
    private static func kept(_ name: String) -> String { "\(name) = coalesce(?, \(name))" }

    init(group: GroupRecord, kind: AssetKind, file: Int64) {
        let reading = group.reading
        let wall = reading?.taken?.milliseconds
        let offset = reading?.taken?.offsetMinutes
        let instant = wall.flatMap { wall in offset.map { wall - Int64($0) * 60_000 } }
        let format = reading?.format ?? AssetColumns.format(of: group)
        var values: [Value] = [
            .text(kind.rawValue), .integer(file), .text(group.name), .text(format), .text(group.unreadable),
            .text(reading?.damage),
        ]
        values += [
            .integer(wall), .text(reading?.taken?.source), .integer(offset),
            .text(offset == nil ? nil : reading?.taken?.source), .integer(wall), .integer(instant),
            .integer(instant ?? wall ?? 0),
        ]
        values += [
            .integer(reading?.width), .integer(reading?.height), .integer(reading?.orientation),
            .text(reading?.make), .text(reading?.model), .text(reading?.serial), .text(reading?.lens),
            .real(reading?.exposure?.value), .text(reading?.exposure.map(AssetColumns.exposureText)),
            .real(reading?.aperture), .integer(reading?.iso), .real(reading?.focalLength),
            .real(reading?.latitude), .real(reading?.longitude), .real(reading?.altitude),
            .text(reading?.colorProfile),
        ]
        values += [
            .text(reading?.codec), .text(reading?.codecProfile), .real(reading?.frameRate?.value),
            .text(reading?.frameRate.map(FootageColumns.text)),
            .integer(reading?.frames), .real(reading?.duration), .text(reading?.timecode),
            .text(reading?.reel),
            .text(reading?.pixelFormat), .text(reading?.color), .text(reading?.audio),
        ]
        values += [
            .text(reading?.title), .text(reading?.caption), .text(reading?.creator), .text(reading?.credit),
            .text(reading?.copyright), .text(reading?.usageTerms), .text(reading?.instructions),
            .text(reading?.place), .integer(reading?.rating), .text(reading?.label), .text(reading?.burst),
            .text(reading?.contentIdentifier), .integer(offset),
        ]
        self.values = values + FootageColumns.values(reading?.footage)
    }

    /// Cameras write 10/2500 and 1/250 for the same time; people read 1/250, and seconds from a quarter up.
    private static func exposureText(_ exposure: Rational) -> String {
        let seconds = exposure.value
        guard seconds > 0 else { return "0" }
        if seconds < 0.26 { return "1/\(Int((1 / seconds).rounded()))" }
        let tenths = (seconds * 10).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
    }

    private static func format(of group: GroupRecord) -> String {
        guard let first = group.files.first, case .read(let content) = first.content else { return "" }
        return content.format
    }
}
