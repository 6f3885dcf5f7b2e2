public import Catalog
public import Files
public import Workers

extension ClearanceReport {
    /// Counts items and writes them, as a table, as pages, or as both; returns how many pages there are.
    ///
    /// A table is written as its rows come, so that it takes any number; pages take `mostItems`. Each file is there whole or
    /// not at all. Throws `FileError` and `ExportError`, and what `items` and `row` throw.
    public mutating func write(
        _ items: ((InternalItem) throws -> Void) throws -> Void,
        as row: @escaping (InternalItem) throws -> Row,
        table: Path?,
        pages: Path?,
        _ size: PaperSize,
        _ media: WorkerProgram
    ) throws -> Int? {
        let access = FileAccess()
        let file = try table.map { try NewFile.temporary(in: $0.folder, access: access) }
        var rows: [Row] = []
        do {
            var waiting = csvHead()
            try items { item in
                count(item)
                let row = try row(item)
                if pages != nil { rows.append(row) }
                guard let file else { return }
                waiting += csvLine(row)
                guard waiting.count >= 1 << 18 else { return }
                try file.write(waiting)
                waiting = []
            }
            if let file, let table {
                try file.write(waiting)
                try file.sync()
                try access.place(file.path, at: table)
            }
        } catch {
            if let file { try? access.discard(file.path) }
            throw error
        }
        return try pages.map { try draw(rows, at: $0, size, media) }
    }
}
