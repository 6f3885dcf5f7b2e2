/// What the sequence parameter set of an H.264 stream says (ITU-T H.264 §7.3.2.1 and annex E).
///
/// It stands in the header of MP4, MOV and MKV. Asking FFmpeg for the same facts makes it decode a keyframe, which
/// takes thirty times as long as opening the file does.
struct H264Parameters {
    private(set) var profile = 0
    private(set) var constraints = 0
    private(set) var chromaFormat = 1
    private(set) var bitDepth = 8
    /// Colour primaries, transfer and matrix by the codes of ITU-T H.273; nil when the stream does not say.
    private(set) var color: (primaries: Int, transfer: Int, matrix: Int)?
    private(set) var isFullRange = false
    /// True when every picture is a whole frame: the stream cannot be interlaced.
    private(set) var hasFramesOnly = false
    /// Width of a pixel in its heights, as a fraction; nil when the stream does not say.
    private(set) var pixelAspect: (width: Int, height: Int)?

    /// From `avcC`, as MP4, MOV and MKV keep it; nil when it cannot be understood.
    init?(configuration: [UInt8]) {
        // avcC: version 1, three bytes of profile and level, lengths, then the number of parameter sets.
        guard configuration.count > 8, configuration[0] == 1, configuration[5] & 0x1f > 0 else { return nil }
        let length = Int(configuration[6]) << 8 | Int(configuration[7])
        guard length > 4, configuration.count >= 8 + length, configuration[8] & 0x1f == 7 else { return nil }
        var bits = BitReader(unescaping: configuration[9..<8 + length])
        guard read(&bits) else { return nil }
    }

    private mutating func read(_ bits: inout BitReader) -> Bool {
        profile = bits.number(8)
        constraints = bits.number(8)
        bits.skip(8)
        _ = bits.unsigned()
        // The profiles that may have other than 8 bits of 4:2:0.
        if [100, 110, 122, 244, 44, 83, 86, 118, 128].contains(profile) {
            chromaFormat = bits.unsigned()
            if chromaFormat == 3 { bits.skip(1) }
            bitDepth = bits.unsigned() + 8
            _ = bits.unsigned()
            bits.skip(1)
            if bits.flag() { skipScalingLists(&bits) }
        }
        _ = bits.unsigned()
        switch bits.unsigned() {
        case 0: _ = bits.unsigned()
        case 1:
            bits.skip(1)
            _ = bits.unsigned()
            _ = bits.unsigned()
            let count = bits.unsigned()
            guard count < 256 else { return false }
            for _ in 0..<count { _ = bits.unsigned() }
        default: break
        }
        _ = bits.unsigned()
        bits.skip(1)
        _ = bits.unsigned()
        _ = bits.unsigned()
        hasFramesOnly = bits.flag()
        if !hasFramesOnly { bits.skip(1) }
        bits.skip(1)
        if bits.flag() { for _ in 0..<4 { _ = bits.unsigned() } }
        if bits.flag() { readUsability(&bits) }
        return !bits.isExhausted && bitDepth <= 14 && chromaFormat <= 3
    }

    private func skipScalingLists(_ bits: inout BitReader) {
        for list in 0..<(chromaFormat == 3 ? 12 : 8) where bits.flag() {
            var last = 8
            var next = 8
            for _ in 0..<(list < 6 ? 16 : 64) {
                if next != 0 { next = (last + bits.signed() + 256) & 0xff }
                if next != 0 { last = next }
            }
        }
    }

    /// Video usability information, as far as the colours go.
    private mutating func readUsability(_ bits: inout BitReader) {
        if bits.flag() {
            let code = bits.number(8)
            if code == 255 {
                pixelAspect = (bits.number(16), bits.number(16))
            } else if H264Parameters.aspects.indices.contains(code) {
                pixelAspect = H264Parameters.aspects[code]
            }
        }
        if bits.flag() { bits.skip(1) }
        guard bits.flag() else { return }
        bits.skip(3)
        isFullRange = bits.flag()
        if bits.flag() { color = (bits.number(8), bits.number(8), bits.number(8)) }
    }

    /// Table E-1, from code 0, which says nothing.
    private static let aspects: [(width: Int, height: Int)?] = [
        nil, (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11),
        (80, 33), (18, 11), (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ]

    /// FFmpeg's name for how its decoder would give the pixels.
    var pixelFormat: String? {
        if chromaFormat == 0 { return bitDepth == 8 ? "gray" : "gray\(bitDepth)le" }
        guard (1...3).contains(chromaFormat) else { return nil }
        let layout = ["420p", "422p", "444p"][chromaFormat - 1]
        if bitDepth > 8 { return "yuv\(layout)\(bitDepth)le" }
        return (isFullRange ? "yuvj" : "yuv") + layout
    }

    /// The profile by FFmpeg's numbers, which add two of the constraint flags to the standard's.
    var libavProfile: Int32 {
        var number = Int32(profile)
        if profile == 66, constraints & 0x40 != 0 { number |= 1 << 9 }
        if [110, 122, 244].contains(profile), constraints & 0x10 != 0 { number |= 1 << 11 }
        return number
    }
}

/// Reads bits from the first to the last; past the end come zeros.
private struct BitReader {
    private var bytes: [UInt8] = []
    private var place = 0

    /// True when more was read than there was.
    var isExhausted: Bool { place > bytes.count * 8 }

    /// Without the byte 3 that stands behind two zeros so that no start code appears in the data.
    init(unescaping escaped: ArraySlice<UInt8>) {
        var zeros = 0
        for byte in escaped {
            if zeros >= 2, byte == 3 {
                zeros = 0
                continue
            }
            zeros = byte == 0 ? zeros + 1 : 0
            bytes.append(byte)
        }
    }

    mutating func flag() -> Bool { number(1) == 1 }

    mutating func skip(_ count: Int) { place += count }

    mutating func number(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            let byte = place / 8
            value = value << 1 | (byte < bytes.count ? Int(bytes[byte] >> (7 - place % 8)) & 1 : 0)
            place += 1
        }
        return value
    }

    /// Exp-Golomb: as many zeros as there are bits behind the one.
    mutating func unsigned() -> Int {
        var zeros = 0
        while zeros < 32, !isExhausted, number(1) == 0 { zeros += 1 }
        return (1 << zeros) - 1 + number(zeros)
    }

    mutating func signed() -> Int {
        let value = unsigned()
        return value & 1 == 1 ? (value + 1) / 2 : -value / 2
    }
}
