/// ICC profiles that pictures are measured by.
enum ColorProfile {
    /// AdobeRGB (1998) by its published primaries and its gamma of 563/256, as an ICC 2 profile.
    ///
    /// Cameras that are set to it say so in Exif and embed no profile; rendered as sRGB such a picture comes out dull.
    static let adobeRGB: [UInt8] = matrixProfile(
        description: "AdobeRGB",
        gamma: 0x0233,
        red: (0.60974, 0.31111, 0.01947),
        green: (0.20528, 0.62567, 0.06087),
        blue: (0.14919, 0.06322, 0.74457)
    )

    /// Primaries adapted to D50, and one curve for the three, in units of 1/256.
    private static func matrixProfile(
        description: String,
        gamma: UInt16,
        red: (Double, Double, Double),
        green: (Double, Double, Double),
        blue: (Double, Double, Double)
    ) -> [UInt8] {
        let white = (0.96420, 1.0, 0.82491)
        let curve =
            Array("curv".utf8) + [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8(gamma >> 8), UInt8(gamma & 0xff), 0, 0]
        let elements: [(name: String, bytes: [UInt8])] = [
            ("desc", textDescription(description)), ("cprt", Array("text\0\0\0\0CC0\0".utf8)),
            ("wtpt", point(white)), ("rXYZ", point(red)), ("gXYZ", point(green)), ("bXYZ", point(blue)),
            ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
        ]
        var table: [UInt8] = []
        var body: [UInt8] = []
        table.append(bigEndian: UInt32(elements.count))
        let start = 128 + 4 + elements.count * 12
        for element in elements {
            table += Array(element.name.utf8)
            table.append(bigEndian: UInt32(start + body.count))
            table.append(bigEndian: UInt32(element.bytes.count))
            body += element.bytes + [UInt8](repeating: 0, count: (4 - element.bytes.count % 4) % 4)
        }
        var header: [UInt8] = []
        header.append(bigEndian: UInt32(start + body.count))
        header += [0, 0, 0, 0] + [2, 0x10, 0, 0] + Array("mntrRGB XYZ ".utf8)
        header += [UInt8](repeating: 0, count: 12) + Array("acsp".utf8) + [UInt8](repeating: 0, count: 28)
        // The illuminant of the connection space, D50.
        header += point(white).dropFirst(8)
        header += [UInt8](repeating: 0, count: 128 - header.count)
        return header + table + body
    }

    private static func point(_ value: (Double, Double, Double)) -> [UInt8] {
        var bytes = Array("XYZ \0\0\0\0".utf8)
        for part in [value.0, value.1, value.2] { bytes.append(bigEndian: UInt32((part * 65_536).rounded())) }
        return bytes
    }

    /// `textDescriptionType`: ASCII, then empty Unicode and script parts, the latter of 67 bytes always.
    private static func textDescription(_ text: String) -> [UInt8] {
        var bytes = Array("desc\0\0\0\0".utf8)
        bytes.append(bigEndian: UInt32(text.utf8.count + 1))
        return bytes + Array(text.utf8) + [0] + [UInt8](repeating: 0, count: 8 + 2 + 1 + 67)
    }
}
