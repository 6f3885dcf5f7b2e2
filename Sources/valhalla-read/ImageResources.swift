/// Photoshop's image resources: IPTC-IIM, its digest and more, in a JPEG, a TIFF or a PSD.
struct ImageResources {
    private var bytes: [UInt8] = []

    init() {}

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A JPEG may have them in several segments, which are one stream.
    mutating func append(_ more: ArraySlice<UInt8>) { bytes += more }

    var isEmpty: Bool { bytes.isEmpty }

    /// The number of each resource and the place of its data.
    func each(_ body: (Int, ArraySlice<UInt8>) -> Void) {
        var offset = 0
        while bytes.has("8BIM", at: offset), let number = bytes.big16(offset + 4), offset + 6 < bytes.count {
            // The name is a Pascal string, and with its length byte is padded to an even count.
            let name = (Int(bytes[offset + 6]) + 2) & ~1
            guard let length = bytes.big32(offset + 6 + name) else { return }
            let start = offset + 10 + name
            guard start + length <= bytes.count else { return }
            body(number, bytes[start..<start + length])
            offset = start + (length + 1) & ~1
        }
    }

    func hand(to findings: Findings) {
        var iptc: [UInt8] = []
        var digest: [UInt8]?
        each { number, data in
            switch number {
            // A second one is a copy that some editor left behind.
            case 0x0404 where iptc.isEmpty: iptc = Array(data)
            case 0x0425 where data.count == 16: digest = Array(data)
            default: break
            }
        }
        guard !iptc.isEmpty else { return }
        findings.addIptc(iptc)
        if let digest { findings.isIptcNewer = MD5.digest(of: iptc) != digest }
    }
}
