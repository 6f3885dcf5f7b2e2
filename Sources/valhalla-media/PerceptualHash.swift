import Glibc

/// Sixty-four bits that are nearly the same for pictures that look nearly the same.
///
/// The picture's luma on a grid of 32 × 32 goes through a cosine transform; of the lowest frequencies each bit says
/// whether it is above their median (Zauner, *Implementation and Benchmarking of Perceptual Image Hash Functions*, 2010,
/// §3.2.1). Rescaling and coding touch other frequencies than these. The luma is taken with sRGB's curve: more or less
/// exposure is then nearly a constant and a factor, and the median knows neither. The constant itself is left out.
enum PerceptualHash {
    /// Goes up with every change that gives another hash for the same picture.
    static let version = 1

    /// Cells across and down of the grid.
    static let grid = 32
    /// Frequencies across and down that count.
    private static let side = 8
    /// Mean square of the frequencies, in steps of luma, below which a picture is a plain surface with noise on it:
    /// its bits would be the noise's, and every black frame like some other.
    private static let plainest = 0.6

    /// The hash of a picture by its luma, 0 to 255, line by line; nil when there is nothing in it to tell it by.
    static func hash(of luma: [Float]) -> UInt64? {
        guard luma.count == grid * grid else { return nil }
        let coefficients = frequencies(of: luma)
        let strength = coefficients.reduce(0) { $0 + $1 * $1 } / Double(coefficients.count)
        guard strength >= plainest else { return nil }
        let sorted = coefficients.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        return coefficients.reduce(UInt64(0)) { $0 << 1 | ($1 > median ? 1 : 0) }
    }

    /// The amplitudes of the frequencies 1 to 8 across and down: those of the plain mean and of bare stripes are left
    /// out, for a gradient in the sky must not decide eight bits at once.
    private static func frequencies(of luma: [Float]) -> [Double] {
        var rows = [Double](repeating: 0, count: grid * side)
        for y in 0..<grid {
            for u in 0..<side {
                var sum = 0.0
                for x in 0..<grid { sum += Double(luma[y * grid + x]) * basis[u * grid + x] }
                rows[y * side + u] = sum
            }
        }
        var found: [Double] = []
        found.reserveCapacity(side * side)
        for v in 0..<side {
            for u in 0..<side {
                var sum = 0.0
                for y in 0..<grid { sum += rows[y * side + u] * basis[v * grid + y] }
                found.append(sum * 2 / Double(grid))
            }
        }
        return found
    }

    /// Cosines of the frequencies 1 to 8, at the middle of each cell.
    private static let basis: [Double] = (0..<side).flatMap { frequency in
        (0..<grid).map { place in
            cos(Double.pi * Double(frequency + 1) * (Double(place) + 0.5) / Double(grid))
        }
    }
}
