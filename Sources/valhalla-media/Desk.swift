import CVips
import Glibc
import MediaProtocol

/// Answers requests.
struct Desk {
    /// Starting libvips takes longer than reading a clip: it waits for the first picture.
    private var isVipsStarted = false

    mutating func answer(_ line: [UInt8]) -> Reply {
        let request: Request
        do {
            request = try Request(line: line)
        } catch {
            return .failed(reason: "the request cannot be understood: \(error)")
        }
        do throws(Failure) {
            switch request {
            case .read(let path):
                return .reading(try Reading(container: path))
            case .render(let rendition):
                try startVips()
                let size = try rendition.render()
                return .rendered(width: size.width, height: size.height)
            case .proof(let proof):
                try startVips()
                let size = try proof.make()
                return .rendered(width: size.width, height: size.height)
            case .inspect(let path):
                return .inspected(try Inspection(path: path).items)
            case .remux(let source, let destination):
                try Remux(source: source, destination: destination).run()
                return .remuxed
            case .track:
                return .failed(reason: "valhalla-media reads no tracks; valhalla-read does")
            case .meanColor(let path):
                try startVips()
                return try Desk.meanColor(of: path)
            case .manifest:
                return .failed(reason: "valhalla-media reads no manifests; valhalla-read does")
            case .preview(let order):
                try startVips()
                return .previewed(try order.make())
            case .paper(let order):
                return .drawn(pages: try order.draw())
            case .revise:
                throw Failure("is for valhalla-read: sidecars are revised there")
            }
        } catch {
            return .failed(reason: error.reason)
        }
    }

    private static func meanColor(of path: [UInt8]) throws(Failure) -> Reply {
        var color: [UInt8] = [0, 0, 0]
        let code = (path + [0]).map(CChar.init(bitPattern:)).withUnsafeBufferPointer { path in
            color.withUnsafeMutableBufferPointer { cvips_mean_color(path.baseAddress, $0.baseAddress) }
        }
        guard code == 0 else { throw Failure("is no JPEG that can be decoded") }
        return .meanColor(red: color[0], green: color[1], blue: color[2])
    }

    private mutating func startVips() throws(Failure) {
        if isVipsStarted { return }
        guard cvips_start() == 0 else { throw Failure("libvips cannot be started") }
        isVipsStarted = true
    }
}

/// The lines that come in on standard input.
struct Requests {
    private var buffer: [UInt8] = []
    private var place = 0

    /// The next line without its line feed; nil at the end of the input.
    mutating func next() -> [UInt8]? {
        while true {
            if let end = buffer[place...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { place = end + 1 }
                return Array(buffer[place..<end])
            }
            buffer.removeFirst(place)
            place = 0
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                // A last line without a line feed is a request all the same.
                defer { buffer = [] }
                return buffer.isEmpty ? nil : buffer
            }
            buffer += chunk[..<count]
        }
    }
}

/// Where the replies go out.
struct Replies {
    let descriptor: Int32

    /// Writes all of it; if nobody reads any more there is nobody left to tell.
    func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            written += count
        }
    }
}
