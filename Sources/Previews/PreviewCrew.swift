internal import Catalog
internal import Files
internal import Foundation
internal import MediaProtocol
internal import Workers

/// Previews to be made of one original that is here.
struct PreviewJob: Sendable {
    let work: PreviewWork
    /// Where the original lies, the likeliest first.
    let copies: [FileCopy]
    let digests: Digests
    let wantsLarge: Bool
    let wantsStrip: Bool
}

/// What came of a job.
enum PreviewJobOutcome: Sendable {
    case made(PreviewFacts)
    case failed(reason: String)
    /// No copy has the original's bytes, or can be read.
    case absent(reason: String)
    /// Nothing further can be made: the worker does not start, or the disk takes no more.
    case stopped(any Error)
}

/// The threads that make previews, each with a worker of its own.
final class PreviewCrew {
    struct Result: Sendable {
        let job: PreviewJob
        let outcome: PreviewJobOutcome
    }

    let work: BoundedQueue<PreviewJob>
    let results: BoundedQueue<Result>
    /// Jobs that may be given out and not yet answered.
    let capacity: Int
    private let done = DispatchSemaphore(value: 0)
    private let threads: Int

    init(_ request: PreviewRequest) {
        threads = max(1, request.threads)
        capacity = threads * 4
        work = BoundedQueue(capacity: capacity)
        results = BoundedQueue(capacity: capacity)
        for _ in 0..<threads {
            let (work, results, done) = (work, results, done)
            let thread = Thread {
                PreviewCrew.make(request, work, results)
                done.signal()
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }

    /// A thread's whole work; its worker has ended when this returns.
    private static func make(
        _ request: PreviewRequest,
        _ work: BoundedQueue<PreviewJob>,
        _ results: BoundedQueue<Result>
    ) {
        let maker = PreviewMaker(request)
        while let job = work.pop() {
            guard results.push(Result(job: job, outcome: maker.make(job))) else { break }
        }
    }

    /// Ends all threads and waits for them; what they have at hand is finished, and nobody asks for it.
    func dismiss() {
        _ = work.cancel()
        _ = results.cancel()
        for _ in 0..<threads { done.wait() }
    }
}

/// One thread's way from a job to files that have their names.
private struct PreviewMaker {
    private let folder: PreviewFolder
    private let access: FileAccess
    private let worker: Worker
    private let buffer = BlockBuffer()

    init(_ request: PreviewRequest) {
        folder = request.folder
        access = request.access
        worker = Worker(request.worker)
    }

    func make(_ job: PreviewJob) -> PreviewJobOutcome {
        var reason = "no copy of it is recorded"
        for copy in job.copies {
            if let complaint = complaint(about: copy, job.digests) {
                reason = complaint
                continue
            }
            return make(job, from: copy.location)
        }
        return .absent(reason: reason)
    }

    /// What is wrong with a copy; nil when it is the original.
    ///
    /// Previews are filed under the digest, so another content must never get there. Size and time tell; where the time
    /// moved, as on cards after a change of the clock, the bytes do.
    private func complaint(about copy: FileCopy, _ digests: Digests) -> String? {
        do throws(FileError) {
            guard let status = try access.statusIfThere(of: copy.location) else {
                return "it is not there any more"
            }
            if status.identity == copy.identity { return nil }
            guard status.identity.size == copy.identity.size,
                try Digests.ofFile(copy.location, access: access, buffer: buffer) == digests
            else { return "it holds other bytes than were recorded" }
            return nil
        } catch {
            return error.reason
        }
    }

    private func make(_ job: PreviewJob, from source: Path) -> PreviewJobOutcome {
        var unfinished: [(part: PreviewFolder.Part, path: Path)] = [(.small, folder.cache.temporary())]
        if job.wantsLarge { unfinished.append((.large, folder.cache.temporary())) }
        if job.wantsStrip { unfinished.append((.strip, folder.cache.temporary())) }
        func path(_ part: PreviewFolder.Part) -> [UInt8]? { unfinished.first { $0.part == part }?.path.bytes }
        let order = PreviewOrder(
            source: source.bytes, small: path(.small) ?? [], large: path(.large), strip: path(.strip))
        // What the worker wrote before it failed or died is of no use, and has no name yet.
        defer { for file in unfinished { try? access.discard(file.path) } }
        let answer: WorkerAnswer
        do {
            answer = try worker.answers(to: [.preview(order)]).first ?? .lost(reason: "there was no answer")
        } catch {
            return .stopped(error)
        }
        do throws(FileError) {
            switch answer {
            case .reply(.previewed(let facts)):
                let made: [PreviewFolder.Part: Bool] = [
                    .small: true, .large: facts.large != nil, .strip: facts.strip != nil,
                ]
                for part in PreviewFolder.Part.allCases {
                    let name = folder.name(part, of: job.work.digest)
                    if made[part] == true, let file = unfinished.first(where: { $0.part == part }) {
                        try folder.cache.place(file.path, at: name)
                    } else {
                        // What an earlier way of making left must not stand beside what it does not fit.
                        try folder.cache.remove(name)
                    }
                }
                return .made(facts)
            case .reply(.failed(let reason)), .lost(let reason):
                try confirmRoom()
                return .failed(reason: reason)
            case .reply:
                return .failed(reason: "the media reader answered another question")
            }
        } catch {
            return .stopped(error)
        }
    }

    /// A worker that cannot write says so of the picture; the disk is to blame, and all others would fail alike.
    private func confirmRoom() throws(FileError) {
        let free = try folder.cache.room()
        guard free < PreviewBuilder.leastFree / 8 else { return }
        throw FileError(
            "write previews", folder.cache.path, .noRoom(needed: PreviewBuilder.leastFree, available: free))
    }
}
