import CPaper
import MediaProtocol

/// Where the columns of a table stand, and what stands in them.
struct PaperColumns {
    private let columns: [PaperTable.Column]
    private let places: [(x: Double, width: Double)]

    /// A picture is no higher than this, so that a row of them fits everywhere.
    private static let tallest = 72.0

    init(_ columns: [PaperTable.Column], x: Double, width: Double, gap: Double) {
        self.columns = columns
        let room = width - gap * Double(columns.count - 1)
        let all = columns.reduce(0) { $0 + $1.share }
        var place = x
        var places: [(x: Double, width: Double)] = []
        for column in columns {
            let width = room * column.share / all
            places.append((place, width))
            place += width + gap
        }
        self.places = places
    }

    func x(_ column: Int) -> Double { places[column].x }

    func width(_ column: Int) -> Double { places[column].width }

    /// What stands in the cells of a row.
    func stacks(of row: [PaperTable.Cell], _ pen: PaperPen) throws(Failure) -> [Stack] {
        var stacks: [Stack] = []
        for (index, cell) in row.enumerated() {
            var pieces: [Stack.Piece] = []
            if let picture = cell.picture.flatMap(PaperPicture.init(path:)) {
                let scale = min(
                    width(index) / Double(picture.width), PaperColumns.tallest / Double(picture.height))
                pieces.append(
                    .picture(
                        picture, width: Double(picture.width) * scale, height: Double(picture.height) * scale)
                )
            }
            for text in cell.texts where !text.text.isEmpty {
                let style = PaperSheet.style(text.style, isRight: columns[index].isRight)
                let lines = try pen.set(text.text, style, width: width(index))
                pieces.append(.lines(lines, 0..<lines.count))
            }
            stacks.append(Stack(pieces))
        }
        return stacks
    }

    /// What stands in a cell, from the top down.
    struct Stack {
        enum Piece {
            case picture(PaperPicture, width: Double, height: Double)
            case lines(PaperPen.Lines, Range<Int>)

            var height: Double {
                switch self {
                case .picture(_, _, let height): height + 4
                case .lines(let lines, let range): Double(range.count) * lines.leading
                }
            }
        }

        private var pieces: [Piece]

        init(_ pieces: [Piece]) { self.pieces = pieces }

        var height: Double { pieces.reduce(0) { $0 + $1.height } }

        /// Takes off as much as there is room for, and from what is not empty one picture or line at least.
        mutating func take(_ room: Double) -> Stack {
            var taken: [Piece] = []
            var left = room
            while let first = pieces.first {
                guard first.height > left else {
                    taken.append(first)
                    left -= first.height
                    pieces.removeFirst()
                    continue
                }
                switch first {
                case .picture where taken.isEmpty:
                    taken.append(first)
                    pieces.removeFirst()
                case .picture: break
                case .lines(let lines, let range):
                    let fitting = min(range.count, max(taken.isEmpty ? 1 : 0, Int(left / lines.leading)))
                    if fitting > 0 {
                        taken.append(.lines(lines, range.prefix(fitting)))
                        pieces[0] = .lines(lines, range.dropFirst(fitting))
                    }
                }
                break
            }
            return Stack(taken)
        }

        func draw(_ pen: PaperPen, x: Double, y: Double) {
            var place = y
            for piece in pieces {
                switch piece {
                case .picture(let picture, let width, let height):
                    pen.draw(picture, x: x, y: place, width: width, height: height)
                case .lines(let lines, let range):
                    for line in range {
                        pen.draw(
                            lines, line: line, x: x,
                            y: place + Double(line - range.lowerBound) * lines.leading)
                    }
                }
                place += piece.height
            }
        }
    }
}
