import CFFmpeg
import CZstd
import MediaProtocol

/// Everything that the container says, verbatim, as the JSON that is kept on the shelf of raw tags.
struct RawTags {
    private var json: [UInt8] = [UInt8(ascii: "[")]

    init(container: borrowing Container, streams: [MediaStream], notes: ContainerNotes) {
        add("format.name", container.demuxer)
        add("format.duration", container.duration)
        add("format.bit_rate", container.context.pointee.bit_rate)
        add(container.tags, under: "format")
        for stream in streams {
            let prefix = "stream.\(stream.index)"
            addFacts(of: stream, under: prefix)
            add(stream.tags, under: prefix)
        }
        for text in notes.texts { add(text.key, text.value) }
        json.append(UInt8(ascii: "]"))
    }

    private mutating func addFacts(of stream: MediaStream, under prefix: String) {
        let parameters = stream.parameters
        let kind = av_get_media_type_string(parameters.codec_type).map { String(cString: $0) }
        add("\(prefix).codec_type", kind)
        add("\(prefix).codec_name", stream.codec)
        add("\(prefix).codec_tag", parameters.codec_tag == 0 ? nil : String(parameters.codec_tag, radix: 16))
        add("\(prefix).time_base", stream.pointer.pointee.time_base)
        add("\(prefix).duration", stream.duration)
        add("\(prefix).nb_frames", stream.pointer.pointee.nb_frames)
        add("\(prefix).bit_rate", parameters.bit_rate)
        if stream.isVideo {
            add("\(prefix).width", Int64(parameters.width))
            add("\(prefix).height", Int64(parameters.height))
            add("\(prefix).r_frame_rate", stream.pointer.pointee.r_frame_rate)
            add("\(prefix).avg_frame_rate", stream.pointer.pointee.avg_frame_rate)
            add("\(prefix).sample_aspect_ratio", stream.pointer.pointee.sample_aspect_ratio)
            add("\(prefix).orientation", Int64(stream.orientation))
        }
        if stream.isAudio {
            add("\(prefix).sample_rate", Int64(parameters.sample_rate))
            add("\(prefix).channels", Int64(parameters.ch_layout.nb_channels))
        }
    }

    private mutating func add(_ key: String, _ value: String?) {
        if let value { add(Array(key.utf8), type: "String", Array(value.utf8)) }
    }

    private mutating func add(_ key: String, _ value: Double?) {
        if let value { add(Array(key.utf8), type: "Double", Array("\(value)".utf8)) }
    }

    private mutating func add(_ key: String, _ value: Int64) {
        if value != 0 { add(Array(key.utf8), type: "Int", Array("\(value)".utf8)) }
    }

    private mutating func add(_ key: String, _ value: AVRational) {
        if value.num != 0, value.den != 0 {
            add(Array(key.utf8), type: "Rational", Array("\(value.num)/\(value.den)".utf8))
        }
    }

    private mutating func add(_ tags: MediaTags, under prefix: String) {
        for pair in tags.pairs {
            add(Array("\(prefix).".utf8) + pair.key, type: "String", pair.value)
        }
    }

    /// Text that is not UTF-8 is kept as bytes in hexadecimal and marked by its type, not mended.
    private mutating func add(_ key: [UInt8], type: String, _ value: [UInt8]) {
        if json.count > 1 { json.append(UInt8(ascii: ",")) }
        json.append(UInt8(ascii: "["))
        let name = String(decoding: key, as: UTF8.self)
        json.append(jsonString: name.utf8)
        json.append(UInt8(ascii: ","))
        if String(validating: value, as: UTF8.self) != nil {
            json.append(jsonString: type.utf8)
            json.append(UInt8(ascii: ","))
            json.append(jsonString: value)
        } else {
            json.append(jsonString: "Bytes".utf8)
            json.append(UInt8(ascii: ","))
            json.append(jsonString: value.hexadecimal.utf8)
        }
        json.append(UInt8(ascii: "]"))
    }

    /// By zstd at its fastest level and without a dictionary: the one for stills knows nothing of clips.
    func compressed() -> [UInt8] {
        let bound = ZSTD_compressBound(json.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let written = ZSTD_compress(buffer.baseAddress, bound, json, json.count, 1)
            count = ZSTD_isError(written) == 0 ? written : 0
        }
    }
}

extension [UInt8] {
    /// Appends UTF-8 as a JSON string.
    fileprivate mutating func append(jsonString text: some Sequence<UInt8>) {
        append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0..<0x20:
                append(contentsOf: "\\u00".utf8)
                append(contentsOf: [byte].hexadecimal.utf8)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Two lowercase digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
