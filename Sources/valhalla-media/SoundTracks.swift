import CFFmpeg

/// The sound of a clip, track by track.
struct SoundTracks {
    /// How many tracks.
    let count: Int
    /// The channels of all of them.
    let channels: Int
    /// Samples a second, of the first that says so.
    let sampleRate: Int?
    /// Bits a sample, of the first.
    let bitDepth: Int?
    /// `2 channels (stereo), 48000 Hz, 24 bit`; tracks that are alike are counted, others follow behind a plus.
    let words: String?

    init(_ streams: [MediaStream]) {
        let tracks = streams.map(\.parameters)
        count = tracks.count
        channels = tracks.reduce(0) { $0 + max(0, Int($1.ch_layout.nb_channels)) }
        sampleRate = tracks.lazy.map { Int($0.sample_rate) }.first { $0 > 0 }
        bitDepth = tracks.lazy.compactMap(SoundTracks.depth).first
        var groups: [(words: String, count: Int)] = []
        for words in tracks.compactMap(SoundTracks.words) {
            if groups.last?.words == words {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((words, 1))
            }
        }
        let parts = groups.map { $0.count > 1 ? "\($0.count) × \($0.words)" : $0.words }
        words = parts.isEmpty ? nil : parts.joined(separator: " + ")
    }

    /// Nil when neither channels nor rate are known; the depth is left out where the codec has none.
    private static func words(_ parameters: AVCodecParameters) -> String? {
        let channels = parameters.ch_layout.nb_channels
        guard channels > 0, parameters.sample_rate > 0 else { return nil }
        let layout = layout(parameters).map { " (\($0))" } ?? ""
        var words =
            "\(channels) \(channels == 1 ? "channel" : "channels")\(layout), \(parameters.sample_rate) Hz"
        if let depth = depth(parameters) { words += ", \(depth) bit" }
        return words
    }

    /// `mono`, `stereo`, `5.1`; nil where the file does not say which channel is which.
    private static func layout(_ parameters: AVCodecParameters) -> String? {
        var layout = parameters.ch_layout
        guard layout.order == AV_CHANNEL_ORDER_NATIVE else { return nil }
        var text = [CChar](repeating: 0, count: 128)
        guard av_channel_layout_describe(&layout, &text, text.count) > 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func depth(_ parameters: AVCodecParameters) -> Int? {
        let exact = av_get_exact_bits_per_sample(parameters.codec_id)
        let depth = parameters.bits_per_raw_sample > 0 ? parameters.bits_per_raw_sample : exact
        return depth >= 8 ? Int(depth) : nil
    }
}
