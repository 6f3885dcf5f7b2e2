import CZlib

/// What zlib packed, in a PNG's chunks.
enum Inflating {
    /// More than this is no text and no profile but an attack.
    private static let most = 16 << 20

    /// As much as can be unpacked; nil when nothing can.
    static func bytes(of packed: some Collection<UInt8>) -> [UInt8]? {
        var input = Array(packed)
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            var piece = [UInt8](repeating: 0, count: 65_536)
            var status = Z_OK
            while status == Z_OK, output.count < most {
                let room = piece.count
                piece.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(room)
                    status = inflate(&stream, Z_NO_FLUSH)
                }
                let written = room - Int(stream.avail_out)
                output += piece[..<written]
                if written == 0 { break }
            }
        }
        return output.isEmpty ? nil : output
    }
}
