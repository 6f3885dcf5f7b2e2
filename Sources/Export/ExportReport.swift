public import Catalog
public import Files

/// What an export tells while it works.
public enum ExportEvent: Hashable, Sendable {
    /// What is being done now.
    public enum Stage: String, Sendable {
        /// Making pictures, copying clips.
        case making
        /// Reading everything again against its seals.
        case checking
    }

    /// A stage is so far: files made or bytes read, of how many.
    case progress(Stage, done: Int64, of: Int64)
    /// This file is finished.
    case made(path: String)
}

/// What was written.
public struct ExportReport: Sendable {
    /// The package's folder.
    public let place: Path
    /// The files that show assets, in their order, ready to be put on record.
    public let delivered: [DeliveredFile]
    /// Of a review, its proofs in their order.
    public let proofs: [SentProof]
    /// How many files the package has, pages and seals included.
    public let files: Int
    /// How many bytes they are.
    public let bytes: Int64
    /// SHA-256 of the bag's tag manifest.
    public let seal: SHA256Digest
    /// How long it took, in seconds.
    public let seconds: Double
}
