import CFFmpeg

/// Takes out of H.264 and HEVC what cameras and encoders write between the pictures about themselves.
///
/// AVCHD cameras put place, time, maker and exposure there, encoders their settings: all of it is "user data
/// unregistered" (SEI message 5), which no decoder needs. Every other message stays, and no picture is touched.
struct StreamNotes {
    private let isHEVC: Bool
    /// How many bytes tell the length of a unit; nil where units stand between start codes.
    private let lengthSize: Int?

    /// User data that is not registered with anybody.
    static let unregistered = 5

    /// Nil for codecs that have no such messages.
    init?(_ parameters: AVCodecParameters) {
        switch parameters.codec_id {
        case AV_CODEC_ID_H264: isHEVC = false
        case AV_CODEC_ID_HEVC: isHEVC = true
        default: return nil
        }
        let extra = UnsafeBufferPointer(
            start: parameters.extradata,
            count: Int(max(0, parameters.extradata_size))
        )
        // avcC and hvcC begin with their version; start codes begin with nought.
        if extra.count > 22, extra[0] == 1 {
            lengthSize = Int(extra[isHEVC ? 21 : 4] & 3) + 1
        } else if extra.count > 4, extra[0] == 1, !isHEVC {
            lengthSize = Int(extra[4] & 3) + 1
        } else {
            lengthSize = nil
        }
    }

    /// The packet's bytes without the notes; nil when there are none.
    func stripped(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var kept: [UInt8] = []
        var copied = 0
        for unit in units(of: bytes) {
            guard let left = withoutNotes(bytes[unit.content]) else { continue }
            kept += bytes[copied..<unit.whole.lowerBound]
            copied = unit.whole.upperBound
            if left.isEmpty { continue }
            if let lengthSize {
                kept += (0..<lengthSize).reversed().map { UInt8(truncatingIfNeeded: left.count >> ($0 * 8)) }
            } else {
                kept += bytes[unit.whole.lowerBound..<unit.content.lowerBound]
            }
            kept += left
        }
        guard copied > 0 else { return nil }
        return kept + bytes[copied...]
    }

    /// The decoder's set-up without the notes; nil when there are none.
    func strippedSetup(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard lengthSize != nil else { return stripped(bytes) }
        // avcC has no room for notes; hvcC lists units by their kind.
        guard isHEVC, bytes.count > 23 else { return nil }
        var kept: [UInt8] = []
        var arrays: UInt8 = 0
        var place = 23
        for _ in 0..<bytes[22] {
            guard place + 3 <= bytes.count else { return nil }
            let start = place
            let kind = bytes[place] & 0x3F
            let count = Int(bytes[place + 1]) << 8 | Int(bytes[place + 2])
            place += 3
            for _ in 0..<count {
                guard place + 2 <= bytes.count else { return nil }
                place += 2 + (Int(bytes[place]) << 8 | Int(bytes[place + 1]))
            }
            guard place <= bytes.count else { return nil }
            if kind == 39 || kind == 40 { continue }
            arrays += 1
            kept += bytes[start..<place]
        }
        guard arrays != bytes[22] else { return nil }
        return Array(bytes[..<22]) + [arrays] + kept + bytes[place...]
    }

    /// Every message of a packet, in its order.
    func messages(of bytes: UnsafeBufferPointer<UInt8>) -> [(kind: Int, payload: [UInt8])] {
        var messages: [(kind: Int, payload: [UInt8])] = []
        for unit in units(of: bytes) {
            let content = bytes[unit.content]
            guard let first = content.first else { continue }
            let kind = isHEVC ? (first >> 1) & 0x3F : first & 0x1F
            guard isHEVC ? kind == 39 || kind == 40 : kind == 6 else { continue }
            let payload = StreamNotes.unescaped(content.dropFirst(isHEVC ? 2 : 1))
            var place = 0
            while place + 2 < payload.count, let kind = StreamNotes.number(payload, &place),
                let size = StreamNotes.number(payload, &place), size <= payload.count - place
            {
                messages.append((kind, Array(payload[place..<place + size])))
                place += size
            }
        }
        return messages
    }

    // MARK: Units

    private struct Unit {
        /// With its length or start code.
        let whole: Range<Int>
        let content: Range<Int>
    }

    private func units(of bytes: UnsafeBufferPointer<UInt8>) -> [Unit] {
        var units: [Unit] = []
        guard let lengthSize else { return StreamNotes.delimited(bytes) }
        var place = 0
        while place + lengthSize <= bytes.count {
            let length = bytes[place..<place + lengthSize].reduce(0) { $0 << 8 | Int($1) }
            let start = place + lengthSize
            guard length > 0, length <= bytes.count - start else { break }
            units.append(Unit(whole: place..<start + length, content: start..<start + length))
            place = start + length
        }
        return units
    }

    private static func delimited(_ bytes: UnsafeBufferPointer<UInt8>) -> [Unit] {
        var starts: [(code: Int, content: Int)] = []
        var place = 0
        while place + 3 <= bytes.count {
            if bytes[place + 2] > 1 {
                place += 3
            } else if bytes[place] == 0, bytes[place + 1] == 0, bytes[place + 2] == 1 {
                let hasFour = place > 0 && bytes[place - 1] == 0
                starts.append((hasFour ? place - 1 : place, place + 3))
                place += 3
            } else {
                place += 1
            }
        }
        return starts.indices.map { index in
            let end = index + 1 < starts.count ? starts[index + 1].code : bytes.count
            return Unit(whole: starts[index].code..<end, content: min(starts[index].content, end)..<end)
        }
    }

    /// Nil when the unit stays as it is; else what is left of it, which may be nothing.
    private func withoutNotes(_ unit: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
        guard let first = unit.first else { return nil }
        let kind = isHEVC ? (first >> 1) & 0x3F : first & 0x1F
        guard isHEVC ? kind == 39 || kind == 40 : kind == 6 else { return nil }
        let header = Array(unit.prefix(isHEVC ? 2 : 1))
        let payload = StreamNotes.unescaped(unit.dropFirst(header.count))
        var kept: [UInt8] = []
        var place = 0
        var hasNotes = false
        // The last byte is the stop bit.
        while place + 2 < payload.count {
            let start = place
            guard let kind = StreamNotes.number(payload, &place),
                let size = StreamNotes.number(payload, &place),
                size <= payload.count - place
            else {
                // What cannot be read cannot be shown to say nothing, and no decoder needs it.
                return kept.isEmpty ? [] : header + StreamNotes.escaped(kept + [0x80])
            }
            place += size
            if kind == StreamNotes.unregistered { hasNotes = true } else { kept += payload[start..<place] }
        }
        guard hasNotes else { return nil }
        return kept.isEmpty ? [] : header + StreamNotes.escaped(kept + [0x80])
    }

    /// 255 for as long as there is more, then the rest.
    private static func number(_ bytes: [UInt8], _ place: inout Int) -> Int? {
        var value = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            value += Int(byte)
            if byte != 255 { return value }
        }
        return nil
    }

    /// Without the threes that keep start codes out of the content.
    private static func unescaped(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var plain: [UInt8] = []
        var noughts = 0
        for byte in bytes {
            if noughts >= 2, byte == 3 {
                noughts = 0
                continue
            }
            noughts = byte == 0 ? noughts + 1 : 0
            plain.append(byte)
        }
        return plain
    }

    private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var safe: [UInt8] = []
        var noughts = 0
        for byte in bytes {
            if noughts >= 2, byte <= 3 {
                safe.append(3)
                noughts = 0
            }
            noughts = byte == 0 ? noughts + 1 : 0
            safe.append(byte)
        }
        return safe
    }
}
