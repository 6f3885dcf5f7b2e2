import Files
import Foundation
import Synchronization
import Testing

@Suite("A queue between threads")
struct QueueTests {
    @Test("gives every element once, and ends everybody's waiting when it is closed")
    func everyElementOnce() {
        let queue = BoundedQueue<Int>(capacity: 3)
        let taken = Mutex<[Int]>([])
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<4 {
            Thread.detachNewThread {
                while let element = queue.pop() { taken.withLock { $0.append(element) } }
                done.signal()
            }
        }
        for number in 0..<1_000 { queue.push(number) }
        queue.close()
        for _ in 0..<4 { done.wait() }
        #expect(taken.withLock { $0.sorted() } == Array(0..<1_000))
        #expect(!queue.push(1))
        #expect(queue.pop() == nil)
    }

    @Test("keeps the order of one thread, and gives back what nobody took")
    func order() {
        let queue = BoundedQueue<Int>(capacity: 200)
        for number in 0..<150 { queue.push(number) }
        #expect((0..<100).map { _ in queue.pop() } == (0..<100).map { $0 })
        #expect(queue.cancel() == Array(100..<150))
        #expect(queue.pop() == nil)
    }

    @Test("stops one who is too quick")
    func bounded() throws {
        let queue = BoundedQueue<Int>(capacity: 2)
        let pushed = Mutex(0)
        Thread.detachNewThread {
            for number in 0..<5 where queue.push(number) { pushed.withLock { $0 += 1 } }
        }
        Thread.sleep(forTimeInterval: 0.05)
        #expect(pushed.withLock { $0 } == 2)
        #expect((0..<5).map { _ in queue.pop() } == [0, 1, 2, 3, 4])
    }
}
