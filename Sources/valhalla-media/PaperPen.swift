import CPaper
import Glibc
import MediaProtocol

/// A document as it is drawn, and the text that is set for it.
final class PaperPen {
    private let paper: OpaquePointer
    private var isClosed = false

    /// Text that was broken into lines.
    final class Lines {
        fileprivate let set: OpaquePointer
        /// How many lines it has.
        let count: Int
        /// From one line to the next, in points.
        let leading: Double

        fileprivate init(_ set: OpaquePointer, leading: Double) {
            self.set = set
            self.leading = leading
            count = Int(cpaper_lines(set))
        }

        deinit { cpaper_release_text(set) }
    }

    init(width: Double, height: Double, title: String, date: Int64) throws(Failure) {
        var reason = [CChar](repeating: 0, count: 256)
        guard let paper = cpaper_open(width, height, title, PaperPen.instant(date), &reason, reason.count)
        else { throw Failure(Failure.text(reason)) }
        self.paper = paper
    }

    deinit { if !isClosed { cpaper_abandon(paper) } }

    /// Breaks a text into lines; what it holds beyond the bound is not told, and that it is not told is.
    func set(_ text: String, _ style: cpaper_style, width: Double) throws(Failure) -> Lines {
        var text = PaperPen.shown(text)
        var style = style
        let set = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                cpaper_set(paper, characters.baseAddress, characters.count, &style, max(1, width))
            }
        }
        guard let set else { throw Failure("there is no memory for it") }
        return Lines(set, leading: style.leading)
    }

    func page() { cpaper_page(paper) }

    func draw(_ lines: Lines, line: Int, x: Double, y: Double) {
        cpaper_line(paper, lines.set, Int32(line), x, y)
    }

    func across(_ lines: Lines, width: Double, height: Double) {
        cpaper_across(paper, lines.set, width, height, 0.16)
    }

    func width(of lines: Lines) -> Double { cpaper_width(lines.set) }

    func rule(x: Double, y: Double, width: Double, thickness: Double, color: UInt32) {
        cpaper_rule(paper, x, y, width, thickness, color)
    }

    func draw(_ picture: PaperPicture, x: Double, y: Double, width: Double, height: Double) {
        picture.bytes.withUnsafeBufferPointer { bytes in
            cpaper_picture(
                paper, bytes.baseAddress, bytes.count, Int32(picture.width), Int32(picture.height), x, y,
                width, height)
        }
    }

    /// Opens a structure element; what fails in it fails the whole.
    func open(_ tag: StaticString) { cpaper_tag(paper, PaperPen.name(tag)) }

    func close(_ tag: StaticString) { cpaper_untag(paper, PaperPen.name(tag)) }

    private static func name(_ tag: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(tag.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    /// The finished file.
    func close() throws(Failure) -> [UInt8] {
        var reason = [CChar](repeating: 0, count: 256)
        var bytes: UnsafeMutablePointer<UInt8>?
        var length = 0
        isClosed = true
        guard cpaper_close(paper, &bytes, &length, &reason, reason.count) == 0, let bytes else {
            throw Failure(Failure.text(reason))
        }
        defer { cpaper_release(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: length))
    }

    /// A cell that goes on for pages would hide the rows behind it.
    private static let mostCharacters = 6_000

    /// Nothing that a page obeys instead of showing: control characters are blanks, marks that turn the reading of what
    /// stands around them are gone, and a line feed is a new line.
    private static func shown(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < mostCharacters else {
                scalars.append("…")
                break
            }
            switch scalar.value {
            case 0x0A, 0x2029: scalars.append("\n")
            case 0x0D, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
            case 0..<0x20, 0x7F..<0xA0, 0x2028: scalars.append(" ")
            default: scalars.append(scalar)
            }
            count += 1
        }
        return String(scalars)
    }

    /// `2016-05-13T16:42:07Z`.
    private static func instant(_ milliseconds: Int64) -> String {
        var time = time_t(max(0, min(milliseconds / 1_000, 253_402_300_799)))
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(parts.tm_year + 1_900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour))"
            + ":\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}

/// A JPEG as a page takes it: its stream as it is, without a word of metadata.
struct PaperPicture {
    let bytes: [UInt8]
    let width: Int
    let height: Int

    /// A preview has a hundredth of this.
    private static let mostBytes = 8_000_000

    /// Nil when there is none, or none that a page can show.
    init?(path: [UInt8]) {
        guard let bytes = PaperPicture.contents(of: path), let file = JPEGFile(bytes),
            let plain = try? file.carrying(PublicMetadata()),
            let frame = file.segments.first(where: { (0xc0...0xc2).contains($0.marker) })?.payload,
            frame.count >= 6
        else { return nil }
        let start = frame.startIndex
        height = Int(frame[start + 1]) << 8 | Int(frame[start + 2])
        width = Int(frame[start + 3]) << 8 | Int(frame[start + 4])
        // A page shows eight bits, grey or in three colours.
        guard frame[start] == 8, [1, 3].contains(frame[start + 5]), (1...16_384).contains(width),
            (1...16_384).contains(height), width * height <= 40_000_000
        else { return nil }
        self.bytes = plain
    }

    private static func contents(of path: [UInt8]) -> [UInt8]? {
        let name = path.map(CChar.init(bitPattern:)) + [0]
        let descriptor = name.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) } ?? -1
        }
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            (1...mostBytes).contains(Int(status.st_size))
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            filled += count
        }
        return bytes
    }
}
