import MediaProtocol

/// GPMF, in which GoPro cameras say what they are: four characters, a type, a size, a count, and the values.
struct GoProNotes {
    private(set) var model: String?
    private(set) var serial: String?
    private(set) var firmware: String?
    /// The name of the first device in a track of measurements: `Hero6 Black`.
    private(set) var device: String?

    /// Containers within containers, at the most.
    private static let deepest = 8

    init(_ bytes: ArraySlice<UInt8>) { walk(ByteView(bytes), depth: 0) }

    private mutating func walk(_ view: ByteView, depth: Int) {
        guard depth < GoProNotes.deepest else { return }
        var place = 0
        while let key = view.text(place, 4), let type = view.big(place + 4, 1),
            let size = view.big(place + 5, 1),
            let count = view.big(place + 6, 2)
        {
            let length = size * count
            guard let value = view.part(place + 8, length) else { return }
            if type == 0 {
                walk(ByteView(value), depth: depth + 1)
            } else if type == UInt8(ascii: "c") {
                take(key, ByteView(value).text(0, length))
            }
            place += 8 + (length + 3) / 4 * 4
        }
    }

    private mutating func take(_ key: String, _ text: String?) {
        switch key {
        case "MINF": model = model ?? text
        case "CASN": serial = serial ?? text
        case "FMWR": firmware = firmware ?? text
        case "DVNM": device = device ?? text
        default: break
        }
    }

    /// What they say, as a note.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.make = "GoPro"
        // Early firmware names the device of its track `Camera`, which says nothing.
        reading.model = model ?? device.flatMap { $0 == "Camera" ? nil : $0 }
        reading.serial = serial
        return reading
    }
}
