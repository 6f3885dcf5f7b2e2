/// How far a long work is: one line of a terminal, redrawn in place.
///
///     copied and verified   ━━━━━━━━━━━━━────  331 of 430   7.4 GB   318 MB/s   8 s left
///
/// Where nobody watches it draws nothing.
final class ProgressBar {
    /// How far the work is.
    struct Standing {
        /// Things done.
        var done = 0
        /// Things to do; nil while that is not known.
        var total: Int?
        /// Bytes done.
        var bytes: Int64 = 0
        /// Bytes to do; nil while that is not known.
        var totalBytes: Int64?
    }

    private static let widest = 44
    private static let narrowest = 8
    /// Ten times a second is as often as an eye reads.
    private static let pause: Int64 = 100
    /// The rate is that of the last seconds: disks are quick until their caches are full.
    private static let window: Int64 = 10_000

    private let sink: Sink
    private let title: String
    private let clock: () -> Int64
    private let began: Int64
    private var drawnAt: Int64?
    private var samples: [(at: Int64, standing: Standing)] = []
    private var standing = Standing()

    /// A bar behind a title.
    ///
    /// `clock` gives milliseconds that never go back.
    init(_ title: String, on sink: Sink, clock: @escaping () -> Int64) {
        self.sink = sink
        self.title = title
        self.clock = clock
        began = clock()
    }

    /// Shows how far the work is, if the last time was long enough ago.
    func show(_ standing: Standing) {
        self.standing = standing
        guard sink.isTerminal else { return }
        let now = clock()
        if let drawnAt, now - drawnAt < ProgressBar.pause { return }
        drawnAt = now
        samples.append((now, standing))
        samples.removeAll { now - $0.at > ProgressBar.window }
        draw(line(now: now))
    }

    /// Draws for the last time and leaves the line behind; what was never drawn leaves nothing.
    func finish() {
        guard drawnAt != nil else { return }
        drawnAt = nil
        let milliseconds = max(clock() - began, 1)
        var parts = [counted(standing)]
        if standing.bytes > 0 {
            parts.append(byteWords(standing.bytes))
            parts.append(byteWords(standing.bytes * 1_000 / milliseconds) + "/s")
        }
        parts.append(elapsedWords(milliseconds))
        draw("  \(title)   " + parts.joined(separator: "   "))
        sink.line()
    }

    /// Takes the line away.
    func clear() {
        guard drawnAt != nil else { return }
        drawnAt = nil
        draw("")
        sink.flush()
    }

    private func draw(_ line: String) {
        sink.write("\r\u{1B}[K" + line)
        sink.flush()
    }

    /// The line as it is drawn: parts are left out until it fits.
    private func line(now: Int64) -> String {
        let room = (sink.columns ?? 80) - 1
        let (rate, things, left) = pace(now)
        var parts = [counted(standing)]
        if standing.bytes > 0 { parts.append(byteWords(standing.bytes)) }
        if let rate { parts.append(byteWords(rate) + "/s") }
        // Where no bytes are counted, the things themselves tell how quick it is.
        if standing.bytes == 0, let things { parts.append(tenths(things) + " a second") }
        if let left { parts.append(durationWords(left) + " left") }
        let head = "  \(title)   "
        while true {
            let tail = parts.joined(separator: "   ")
            let space = room - head.displayWidth - tail.displayWidth - 2
            if let share, space >= ProgressBar.narrowest {
                return head + bar(share, min(space, ProgressBar.widest)) + "  " + tail
            }
            if share == nil, space >= 0 { return head + tail }
            guard parts.count > 1 else { return (head + tail).clipped(to: room) }
            parts.removeLast()
        }
    }

    private func counted(_ standing: Standing) -> String {
        standing.total.map { "\(grouped(standing.done)) of \(grouped($0))" } ?? grouped(standing.done)
    }

    private var share: Double? {
        if let total = standing.totalBytes, total > 0 {
            return min(1, Double(standing.bytes) / Double(total))
        }
        if let total = standing.total, total > 0 { return min(1, Double(standing.done) / Double(total)) }
        return nil
    }

    private func bar(_ share: Double, _ width: Int) -> String {
        let filled = Int((share * Double(width)).rounded(.down))
        return sink.paint(String(repeating: "━", count: filled), .next)
            + sink.paint(String(repeating: "─", count: width - filled), .dim)
    }

    /// Bytes a second, things a second, and milliseconds to go; nil until there is something to measure.
    private func pace(_ now: Int64) -> (rate: Int64?, things: Double?, left: Int64?) {
        guard let first = samples.first, now - first.at >= 1_000 else { return (nil, nil, nil) }
        let milliseconds = now - first.at
        let rate = (standing.bytes - first.standing.bytes) * 1_000 / milliseconds
        var left: Int64?
        if let total = standing.totalBytes, rate > 0 {
            left = max(0, total - standing.bytes) * 1_000 / rate
        } else if let total = standing.total, standing.done > first.standing.done {
            left =
                Int64(max(0, total - standing.done)) * milliseconds
                / Int64(standing.done - first.standing.done)
        }
        let things = Double(standing.done - first.standing.done) * 1_000 / Double(milliseconds)
        return (rate > 0 ? rate : nil, things > 0 ? things : nil, left)
    }
}
