internal import Files
internal import Foundation
internal import Synchronization

/// Replaces several sidecars at a time: nearly all of the time is waiting for the disk, and a disk flushes many files in
/// the time of one.
final class SidecarReplacement: Sendable {
    private static let threads = 8

    private let sidecars: [(file: SidecarFile, bytes: [UInt8])]
    private let next = Atomic<Int>(0)
    private let results = Mutex<[Int: Result<SidecarFile.Written, FileError>]>([:])

    private init(_ sidecars: [(file: SidecarFile, bytes: [UInt8])]) { self.sidecars = sidecars }

    /// What came of each, in the order given.
    static func replace(
        _ sidecars: [(file: SidecarFile, bytes: [UInt8])]
    ) -> [Result<SidecarFile.Written, FileError>] {
        let work = SidecarReplacement(sidecars)
        let done = DispatchSemaphore(value: 0)
        let count = min(threads, sidecars.count)
        for _ in 0..<count {
            let thread = Thread {
                work.run()
                done.signal()
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        for _ in 0..<count { done.wait() }
        return work.results.withLock { results in sidecars.indices.compactMap { results[$0] } }
    }

    private func run() {
        while true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < sidecars.count else { return }
            let result: Result<SidecarFile.Written, FileError>
            do throws(FileError) {
                result = .success(try sidecars[index].file.replace(with: sidecars[index].bytes))
            } catch {
                result = .failure(error)
            }
            results.withLock { $0[index] = result }
        }
    }
}
