/// Pages to be drawn: a PDF with a few kinds of blocks, one below the other, on as many pages as they need.
///
/// Nothing is interpreted: every text is shown as it stands, on paper that says of itself its title and its date and
/// nothing of where, when or by whom it was made.
public struct PaperOrder: Hashable, Sendable {
    /// The sizes there are.
    public enum Size: String, Sendable, CaseIterable {
        /// 210 × 297 mm.
        case a4
        /// 8.5 × 11 inches.
        case letter
    }

    /// The file to create, absolute; it must not exist.
    public var destination: [UInt8]
    /// The size of the paper.
    public var size: Size
    /// True when the long side lies.
    public var isLandscape = false
    /// What the document is called.
    public var title: String
    /// When it was made, as it says of itself, in milliseconds since 1970.
    public var date: Int64
    /// What stands at the left of every foot, before the page’s number.
    public var footer = ""
    /// What stands across every page, over everything: NOT CLEARED.
    public var mark: String?
    /// What the pages say.
    public var blocks: [PaperBlock]

    /// Blocks of this many characters together are drawn; what is larger is refused.
    public static let mostCharacters = 8_000_000
    /// As many pages are drawn, and no more.
    public static let mostPages = 2_000

    /// Pages in a file.
    public init(destination: [UInt8], size: Size, title: String, date: Int64, blocks: [PaperBlock]) {
        self.destination = destination
        self.size = size
        self.title = title
        self.date = date
        self.blocks = blocks
    }
}

/// One thing on a page.
public enum PaperBlock: Hashable, Sendable {
    /// The head of the document, large.
    case title(String)
    /// The head of a part; it never stands at the foot of a page without what it is the head of.
    case heading(String)
    /// A paragraph; a line feed in it is a new line.
    case paragraph(PaperText)
    /// Names and what is to be said about each.
    case facts([PaperFact])
    /// Rows below a head that is said again on every page.
    case table(PaperTable)
    /// Room, in points.
    case space(Double)
    /// What follows begins a page.
    case pageBreak
}

/// Words, and how they are set.
public struct PaperText: Hashable, Sendable {
    /// How words are set.
    public enum Style: String, Sendable, CaseIterable {
        /// As a letter is.
        case body
        /// As a cell of a table is.
        case cell
        /// A cell that tells which row it is.
        case strong
        /// What stands behind.
        case dim
        /// The title of a work.
        case work
        /// What must be told apart character for character: digests, names of files.
        case code
        /// What must not be overlooked.
        case warning
    }

    /// The words.
    public var text: String
    /// How they are set.
    public var style: Style

    /// Words in a style.
    public init(_ text: String, _ style: Style = .cell) {
        self.text = text
        self.style = style
    }
}

/// A name, and what is to be said about it.
public struct PaperFact: Hashable, Sendable {
    /// The name.
    public var name: String
    /// What is to be said.
    public var text: PaperText

    /// A name, and what is to be said about it.
    public init(_ name: String, _ text: PaperText) {
        self.name = name
        self.text = text
    }
}

/// Rows of cells.
public struct PaperTable: Hashable, Sendable {
    /// A column.
    public struct Column: Hashable, Sendable {
        /// What stands above it.
        public var title: String
        /// Its part of the width, to that of the others.
        public var share: Double
        /// True when what is in it ends at its right edge: figures.
        public var isRight: Bool

        /// A column.
        public init(_ title: String, _ share: Double, isRight: Bool = false) {
            self.title = title
            self.share = share
            self.isRight = isRight
        }
    }

    /// A cell: a picture, and what stands below it.
    public struct Cell: Hashable, Sendable {
        /// A JPEG of ours, absolute; one that is not there or cannot be shown is left out.
        public var picture: [UInt8]?
        /// The paragraphs.
        public var texts: [PaperText]

        /// A cell.
        public init(_ texts: [PaperText], picture: [UInt8]? = nil) {
            self.texts = texts
            self.picture = picture
        }
    }

    /// The columns.
    public var columns: [Column]
    /// The rows, each with a cell for every column.
    public var rows: [[Cell]]

    /// A table.
    public init(_ columns: [Column], _ rows: [[Cell]]) {
        self.columns = columns
        self.rows = rows
    }
}
