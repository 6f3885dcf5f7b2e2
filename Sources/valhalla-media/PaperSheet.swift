import CPaper
import MediaProtocol

/// The measures of a page, in points, and the styles that stand on it.
struct PaperSheet {
    let width: Double
    let height: Double
    let margin = 48.0
    let foot = 54.0

    var column: Double { width - 2 * margin }
    var bottom: Double { height - foot }

    init(_ size: PaperOrder.Size, isLandscape: Bool) {
        let (short, long) =
            switch size {
            case .a4: (595.276, 841.89)
            case .letter: (612.0, 792.0)
            }
        (width, height) = isLandscape ? (long, short) : (short, long)
    }

    static let ink: UInt32 = 0x1A1A1A
    static let dim: UInt32 = 0x6F6A63
    static let hairline: UInt32 = 0xC9C5BF
    static let alarm: UInt32 = 0xA3271F

    static func style(_ style: PaperText.Style, isRight: Bool = false) -> cpaper_style {
        let right: Int32 = isRight ? 1 : 0
        return switch style {
        case .body: cpaper_style(CPAPER_SANS, 9.5, 400, 0, 14.5, right, ink)
        case .cell: cpaper_style(CPAPER_SANS, 7.6, 400, 0, 10.8, right, ink)
        case .strong: cpaper_style(CPAPER_SANS, 7.6, 600, 0, 10.8, right, ink)
        case .dim: cpaper_style(CPAPER_SANS, 7.2, 400, 0, 10.8, right, dim)
        case .work: cpaper_style(CPAPER_SERIF, 10, 400, 1, 12, right, ink)
        case .code: cpaper_style(CPAPER_MONO, 6.6, 400, 0, 10.8, right, ink)
        case .warning: cpaper_style(CPAPER_SANS, 7.2, 600, 0, 10.8, right, alarm)
        }
    }

    static let title = cpaper_style(CPAPER_SERIF, 22, 400, 0, 28, 0, ink)
    static let heading = cpaper_style(CPAPER_SANS, 10, 600, 0, 14, 0, ink)
    static let columnHead = cpaper_style(CPAPER_SANS, 6.8, 600, 0, 9.6, 0, dim)
    static let columnHeadRight = cpaper_style(CPAPER_SANS, 6.8, 600, 0, 9.6, 1, dim)
    static let footer = cpaper_style(CPAPER_SANS, 7, 400, 0, 10, 0, dim)
    static let mark = cpaper_style(CPAPER_SANS, 92, 600, 0, 92, 0, alarm)
}

extension cpaper_style {
    fileprivate init(
        _ face: cpaper_face, _ size: Double, _ weight: Int32, _ italic: Int32, _ leading: Double,
        _ right: Int32,
        _ color: UInt32
    ) {
        self.init(
            face: face, size: size, weight: weight, is_italic: italic, leading: leading, is_right: right,
            color: color)
    }
}
