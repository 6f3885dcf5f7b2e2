import MediaProtocol

/// Exif, where a camera put it into a clip: in the still it made of it, or as a block of its own.
struct ExifNote {
    private let directory: TIFFDirectory
    private var values: [Int: TIFFDirectory.Entry] = [:]
    private var positions: [Int: TIFFDirectory.Entry] = [:]

    /// Nil when the bytes do not begin as TIFF does.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let directory = TIFFDirectory(bytes) else { return nil }
        self.init(directory)
    }

    /// From a directory without a header.
    init?(headless bytes: ArraySlice<UInt8>) { self.init(TIFFDirectory(headless: bytes)) }

    private init?(_ directory: TIFFDirectory) {
        guard let first = directory.directory(at: directory.first) else { return nil }
        self.directory = directory
        for entry in first.entries { values[entry.tag] = values[entry.tag] ?? entry }
        for pointer in [0x8769] {
            guard let entry = values[pointer],
                let more = directory.directory(at: directory.number(entry.bytes))
            else { continue }
            for entry in more.entries { values[entry.tag] = values[entry.tag] ?? entry }
        }
        if let entry = values[0x8825], let gps = directory.directory(at: directory.number(entry.bytes)) {
            for entry in gps.entries { positions[entry.tag] = positions[entry.tag] ?? entry }
        }
    }

    /// The block behind the first `Exif` within reach, as JPEG has it.
    init?(within bytes: ArraySlice<UInt8>, reach: Int = 4096) {
        let view = ByteView(bytes)
        guard let place = view.firstIndex(of: "Exif\0\0", within: reach) else { return nil }
        self.init(view.rest(place + 6))
    }

    /// What it says of the camera, the exposure, the time and the place.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.make = text(0x010F)
        reading.model = text(0x0110)
        reading.serial = text(0xA431)
        reading.lens = text(0xA434)
        reading.creator = text(0x013B)
        reading.copyright = text(0x8298)
        reading.exposure = rational(0x829A).flatMap { $0.value > 0 ? $0 : nil }
        reading.aperture = rational(0x829D).flatMap { $0.value > 0 ? $0.value : nil }
        reading.iso = values[0x8827].map { directory.number($0.bytes.prefix(2)) }.flatMap {
            $0 > 0 ? $0 : nil
        }
        reading.focalLength = rational(0x920A).flatMap { $0.value > 0 ? $0.value : nil }
        for (tag, offset, name) in [
            (0x9003, 0x9011, "DateTimeOriginal"), (0x9004, 0x9012, "DateTimeDigitized"),
            (0x0132, 0x9010, "DateTime"),
        ] where reading.taken == nil {
            guard let written = text(tag), var taken = WallTime(text: written, source: "Exif.\(name)") else {
                continue
            }
            taken.offsetMinutes = text(offset).flatMap(WallTime.offset)
            reading.taken = taken
        }
        if let latitude = degrees(2, limit: 90), let longitude = degrees(4, limit: 180) {
            reading.latitude = letter(1) == "S" ? -latitude : latitude
            reading.longitude = letter(3) == "W" ? -longitude : longitude
            reading.altitude = positions[6].flatMap { rational($0, 0)?.value }.map { height in
                positions[5]?.bytes.first == 1 ? -height : height
            }
        }
        return reading
    }

    private func text(_ tag: Int) -> String? {
        guard let entry = values[tag], entry.type == 2 || entry.type == 7 else { return nil }
        return ByteView(entry.bytes).text(0, entry.bytes.count)
    }

    private func letter(_ tag: Int) -> String? {
        positions[tag].flatMap { ByteView($0.bytes).text(0, 1) }
    }

    private func rational(_ tag: Int) -> Rational? { values[tag].flatMap { rational($0, 0) } }

    private func rational(_ entry: TIFFDirectory.Entry, _ index: Int) -> Rational? {
        let view = ByteView(entry.bytes)
        guard entry.type == 5, let above = view.part(index * 8, 4), let below = view.part(index * 8 + 4, 4)
        else { return nil }
        return Rational(Int64(directory.number(above)), Int64(directory.number(below)))
    }

    private func degrees(_ tag: Int, limit: Double) -> Double? {
        guard let entry = positions[tag], let whole = rational(entry, 0) else { return nil }
        let minutes = rational(entry, 1)?.value ?? 0
        let seconds = rational(entry, 2)?.value ?? 0
        let degrees = whole.value + minutes / 60 + seconds / 3600
        return degrees.isFinite && degrees >= 0 && degrees <= limit ? degrees : nil
    }
}
