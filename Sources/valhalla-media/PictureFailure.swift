extension Failure {
    /// Why a picture could not be made, from what libvips or a library below it wrote into the room that it was given.
    ///
    /// They speak to who programs them: of markers, loaders and schemes. What a person can do something about is
    /// whether the file is damaged or cut off, or of a kind that is not opened here.
    init(picture reason: [CChar]) {
        let said = Failure.text(reason)
        let lower = said.lowercased()
        let words = Failure.words.first { lower.contains($0.sign) }?.words
        self.init(words ?? said)
    }

    /// What they say, and what that means; the first that fits counts.
    ///
    /// Signs are in lower case, as they stand in libvips 8.14 and in libjpeg, libpng, libtiff,
    /// libheif and ImageMagick below it.
    private static let words: [(sign: String, words: String)] = [
        ("premature end", "it ends before its picture does"),
        ("end of file", "it ends before its picture does"),
        ("unexpected end", "it ends before its picture does"),
        ("truncated", "it ends before its picture does"),
        ("not enough data", "it ends before its picture does"),
        ("crc error", "its picture is damaged: a checksum does not fit"),
        ("out of memory", "decoding it takes more memory than a file may take"),
        ("memory allocation", "decoding it takes more memory than a file may take"),
        ("cannot allocate", "decoding it takes more memory than a file may take"),
        ("security limit", "it claims to be larger than pictures are"),
        ("exceeds", "it claims to be larger than pictures are"),
        ("too large", "it claims to be larger than pictures are"),
        (
            "holds no more than 65500",
            "it has more than 65,500 pixels a side, which is more than a JPEG holds"
        ),
        ("unsupported file-type", "it is of a kind of HEIF that is not opened here"),
        ("unsupported feature", "it uses a feature of its format that is not opened here"),
        ("unsupported marker", "its picture is damaged: what stands there is no JPEG"),
        ("unsupported codec", "its pictures are coded in a way that is not opened here"),
        ("not implemented", "its picture is coded in a way that is not opened here"),
        ("is not configured", "its picture is coded in a way that is not opened here"),
        ("unsupported jpeg process", "its picture is coded in a way that is not opened here"),
        ("unsupported", "its picture is coded in a way that is not opened here"),
        ("is of no known format", "it is of a format that is not opened here"),
        ("heif:", "its picture is damaged: it lacks what a HEIF needs"),
        ("vipsjpeg", "its picture is damaged: what stands there is no JPEG"),
        ("magick", "its picture is damaged, or written in a way that is not opened here"),
        ("tiff", "its picture is damaged: its directory leads nowhere"),
        ("png", "its picture is damaged: what stands there is no PNG"),
        ("webp", "its picture is damaged: what stands there is no WebP"),
        ("gif", "its picture is damaged: what stands there is no GIF"),
        ("jxl", "its picture is damaged: what stands there is no JPEG XL"),
        ("jp2k", "its picture is damaged: what stands there is no JPEG 2000"),
        ("cannot be read", "it cannot be read"),
        ("libvips", "its picture is damaged, or written in a way that is not opened here"),
        ("vips", "its picture is damaged, or written in a way that is not opened here"),
    ]
}
