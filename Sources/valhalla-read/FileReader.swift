import CExiv2
import CZstd
import Glibc
import MediaProtocol

/// One file's metadata, asked of exiv2 and expat, and brought into the fields that people search by.
enum FileReader {
    static func read(_ path: [UInt8]) -> Reply {
        guard !path.contains(0) else { return .failed(reason: "a path holds no NUL") }
        var found = cexiv2_reading()
        var reason = [CChar](repeating: 0, count: 512)
        let terminated = path.map { CChar(bitPattern: $0) } + [0]
        guard cexiv2_read(terminated, &found, &reason, reason.count) == 0 else {
            return .failed(reason: text(reason))
        }
        defer { cexiv2_free(&found) }

        let format = withUnsafeBytes(of: found.format) { text($0) }
        let fields = Fields(UnsafeRawBufferPointer(start: found.fields, count: found.fields_size))
        var reading = Reading(format: format, kind: format == "XMP" ? .sidecar : .photo)
        reading.fill(from: fields)
        reading.measure(width: Int(found.width), height: Int(found.height), rotation: Int(found.rotation), fields)
        let damage = withUnsafeBytes(of: found.damage) { text($0) }
        reading.damage = damage.isEmpty ? nil : damage
        reading.rawTags = compressed(UnsafeRawBufferPointer(start: found.tags, count: found.tags_size))
        return .reading(reading)
    }

    /// Level 1: a sixth of the size at 20 µs; higher levels cost more than the disk they save.
    private static func compressed(_ json: UnsafeRawBufferPointer) -> [UInt8] {
        guard json.count > 2 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(json.count)) { buffer, count in
            let written = ZSTD_compress(buffer.baseAddress, buffer.count, json.baseAddress, json.count, 1)
            count = ZSTD_isError(written) == 0 ? written : 0
        }
    }

    private static func text(_ characters: [CChar]) -> String {
        characters.withUnsafeBytes { text($0) }
    }

    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
}
