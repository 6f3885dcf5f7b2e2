import CExiv2
import MediaProtocol

/// Reads one file after another, and answers each with what it says or with why it says nothing.
final class FileReader {
    private let findings: Findings

    init?() {
        guard let findings = Findings() else { return nil }
        self.findings = findings
    }

    func reply(toPath path: [UInt8]) -> Reply {
        findings.clear()
        do throws(OpenFile.Refusal) {
            let file = try OpenFile(path: path)
            guard let start = file.bytes(at: 0, count: 65_536), !start.isEmpty else {
                throw OpenFile.Refusal(reason: "could not be read: \(systemWords())")
            }
            guard let content = Content(start) else { throw OpenFile.Refusal.unknown }
            var reading = try read(content, of: file, start: start, path: path)
            reading.damage = findings.damage
            (reading.rawTags, reading.rawDictionary) = findings.packedTags()
            return .reading(reading)
        } catch {
            return .failed(reason: error.reason)
        }
    }

    private func read(
        _ content: Content,
        of file: borrowing OpenFile,
        start: [UInt8],
        path: [UInt8]
    ) throws(OpenFile.Refusal) -> Reading {
        switch content {
        case .jpeg: return try JPEGFile(file, start: start, findings).reading(findings)
        case .tiff, .bigTIFF: return try TIFFFile(file, start: start).reading(findings, file, path: path)
        case .raw(let name):
            return RawPicture(file, start: start, format: name).reading(findings, file, path: path)
        case .heif: return try HEIFFile(file, start: start).reading(findings, file)
        case .cr3: return try CR3File(file).reading(findings)
        case .x3f: return try X3FFile(file, start: start, findings).reading(findings)
        case .png: return try PNGFile(file, start: start, findings).reading(findings)
        case .webp: return try WebPFile(file, findings).reading(findings)
        case .jpegXL: return try JXLFile(file, start: start, findings).reading(findings)
        case .jpeg2000: return try JP2File(file, start: start, findings).reading(findings)
        case .gif: return try GIFFile(start: start, findings).reading(findings)
        case .psd: return try PSDFile(file, start: start, findings).reading(findings)
        case .xml: return try XMLFile(file, start: start).reading(findings)
        case .subtitles:
            return SubtitleFile(start: start, isWhole: start.count == file.size).reading(findings)
        case .ale: return try LogExchangeFile(file).reading(findings)
        case .json: return try BlackmagicSidecar(file, path: path).reading(findings)
        case .propertyList: return try PropertyListFile(start: start, path: path).reading()
        case .playlist: return try PlaylistFile(file).reading()
        }
    }
}

extension [UInt8] {
    /// Whether the name ends in a dot and these letters, however they are written.
    func hasEnding(_ ending: StaticString) -> Bool {
        let letters = suffix(ending.utf8CodeUnitCount)
        guard count > letters.count, self[letters.startIndex - 1] == UInt8(ascii: ".") else { return false }
        return ending.withUTF8Buffer { expected in
            zip(letters, expected).allSatisfy { $0 | ((0x41...0x5A).contains($0) ? 0x20 : 0) == $1 }
        }
    }
}

/// The size of a picture as it is stored.
struct PixelSize: Hashable {
    var width: Int
    var height: Int

    /// As it is displayed: the orientations from 5 to 8 lie on their side.
    func displayed(orientation: Int?) -> PixelSize {
        (5...8).contains(orientation ?? 1) ? PixelSize(width: height, height: width) : self
    }
}

extension Reading {
    /// A photograph with everything its tags say, and its size if it is known.
    init(photo format: String, size: PixelSize?, _ findings: Findings) {
        findings.settle()
        self.init(format: format, kind: .photo)
        takeWords(from: findings)
        takeCamera(from: findings)
        takeTime(from: findings)
        // What XMP says of it is not what programs turn the picture by.
        let size = size?.displayed(orientation: Self.orientation(findings, .exifOrientation))
        width = size?.width
        height = size?.height
    }
}
