import CFFmpeg
import MediaProtocol

extension StreamNotes {
    /// The user data that cameras put between the pictures of a packet, without its escapes.
    func unregisteredData(_ bytes: UnsafeBufferPointer<UInt8>) -> [[UInt8]] {
        messages(of: bytes).filter { $0.kind == StreamNotes.unregistered }.map(\.payload)
    }
}

/// What an AVCHD camera writes into H.264 (IEC 61834-4's packs in "user data unregistered"): its clock, maker and exposure.
///
/// Nothing else in such a stream tells when it was recorded.
struct AVCHDNotes {
    private var packs: [UInt8: [UInt8]] = [:]

    /// The identifier of the message, and `MDPM` behind it.
    private static let mark: [UInt8] =
        [
            0x17, 0xEE, 0x8C, 0x60, 0xF8, 0x4D, 0x11, 0xD9, 0x8C, 0xD6, 0x08, 0x00, 0x20, 0x0C, 0x9A, 0x66,
        ] + Array("MDPM".utf8)

    /// Nil when the message is another's.
    init?(_ message: [UInt8]) {
        guard message.starts(with: AVCHDNotes.mark), message.count > 21 else { return nil }
        var place = 21
        for _ in 0..<message[20] {
            guard place + 5 <= message.count else { break }
            packs[message[place]] = Array(message[place + 1..<place + 5])
            place += 5
        }
        guard !packs.isEmpty else { return nil }
    }

    /// What they say, as a note.
    func reading() -> Reading {
        var reading = ContainerNotes.blank
        reading.taken = taken
        reading.make = packs[0xE0].flatMap { AVCHDNotes.makers[Int($0[0]) << 8 | Int($0[1])] }
        reading.exposure = rational(0xA0) ?? shutter
        reading.aperture = rational(0xA1)?.value
        if let latitude = degrees(0xB2, limit: 90), let longitude = degrees(0xB6, limit: 180),
            packs[0xBE]?.first != UInt8(ascii: "V")
        {
            reading.latitude = packs[0xB1]?.first == UInt8(ascii: "S") ? -latitude : latitude
            reading.longitude = packs[0xB5]?.first == UInt8(ascii: "W") ? -longitude : longitude
            reading.altitude = rational(0xBA).map { packs[0xB9]?.contains(1) == true ? -$0.value : $0.value }
        }
        return reading
    }

    /// Two packs: the zone, then the year in four digits and the month; the day and the time.
    private var taken: WallTime? {
        guard let date = packs[0x18], let time = packs[0x19] else { return nil }
        let fields = (date[1...] + time).map { decimal($0, mask: 0xFF) }
        guard let century = fields[0], let year = fields[1], let month = fields[2], let day = fields[3],
            let hour = fields[4], let minute = fields[5], let second = fields[6]
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let text =
            "\(two(century))\(two(year))-\(two(month))-\(two(day)) \(two(hour)):\(two(minute)):\(two(second))"
        var taken = WallTime(text: text, source: "MDPM.RecordingDate")
        taken?.offsetMinutes = AVCHDNotes.offset(date[0])
        return taken
    }

    /// 40 is summer time, 20 west of Greenwich, 01 half an hour more; all ones is unknown.
    private static func offset(_ byte: UInt8) -> Int? {
        let hours = Int(byte >> 1 & 15)
        guard byte & 0x3F != 0x3F, hours <= 14 else { return nil }
        let minutes = hours * 60 + Int(byte & 1) * 30
        return byte & 0x20 != 0 ? -minutes : minutes
    }

    private static let makers = [0x0103: "Panasonic", 0x0108: "Sony", 0x1011: "Canon", 0x1104: "JVC"]

    private func rational(_ pack: UInt8) -> Rational? {
        guard let bytes = packs[pack] else { return nil }
        let above = Int64(bytes[0]) << 8 | Int64(bytes[1])
        return above == 0 ? nil : Rational(above, Int64(bytes[2]) << 8 | Int64(bytes[3]))
    }

    /// Of the pack that camcorders use for it: in 28,125ths of a second, the second half of it first byte last.
    private var shutter: Rational? {
        guard let bytes = packs[0x7F] else { return nil }
        let value = Int64(bytes[2]) | Int64(bytes[3] & 0x7F) << 8
        return value == 0x7FFF || value == 0 ? nil : Rational(value, 28_125)
    }

    /// Degrees, minutes and seconds in three packs.
    private func degrees(_ first: UInt8, limit: Double) -> Double? {
        guard packs[first] != nil else { return nil }
        let parts = (0..<3).map { index in
            packs[first + index].map {
                (Double(Int($0[0]) << 8 | Int($0[1])), Double(Int($0[2]) << 8 | Int($0[3])))
            }
        }
        var degrees = 0.0
        for (part, unit) in zip(parts, [1.0, 60, 3600]) {
            guard let part, part.1 > 0 else { continue }
            degrees += part.0 / part.1 / unit
        }
        return degrees > 0 && degrees <= limit ? degrees : nil
    }
}
