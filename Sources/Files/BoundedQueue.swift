internal import Dispatch
internal import Synchronization

/// A queue between threads that holds so many elements and no more: who is too quick waits.
public final class BoundedQueue<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var head = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let slots = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    /// A queue with room for `capacity` elements.
    public init(capacity: Int) {
        // Counted up from nought: Dispatch traps when a semaphore ends below the value it began with.
        for _ in 0..<max(capacity, 1) { slots.signal() }
    }

    /// Puts an element behind the others, when there is room; false when the queue was closed.
    @discardableResult
    public func push(_ element: Element) -> Bool {
        slots.wait()
        let isClosed = state.withLock { state in
            if !state.isClosed { state.elements.append(element) }
            return state.isClosed
        }
        if isClosed { slots.signal() } else { filled.signal() }
        return !isClosed
    }

    /// Takes the first element, when there is one; nil when the queue is closed and empty.
    public func pop() -> Element? {
        filled.wait()
        return taken()
    }

    /// Takes the first element if there is one now.
    public func popNow() -> Element? {
        filled.wait(timeout: .now()) == .success ? taken() : nil
    }

    private func taken() -> Element? {
        let element = state.withLock { state -> Element? in
            guard state.head < state.elements.count else { return nil }
            let element = state.elements[state.head]
            state.head += 1
            // Elements taken are dropped together, now and then: one at a time would move all others each time.
            if state.head == state.elements.count || state.head >= 64 {
                state.elements.removeFirst(state.head)
                state.head = 0
            }
            return element
        }
        // Closed and empty: the wake-up goes on to the next who waits.
        if element == nil { filled.signal() } else { slots.signal() }
        return element
    }

    /// Takes no more elements; those that are in it can still be taken.
    public func close() {
        state.withLock { $0.isClosed = true }
        slots.signal()
        filled.signal()
    }

    /// Closes and gives back what nobody took.
    public func cancel() -> [Element] {
        let rest = state.withLock { state in
            state.isClosed = true
            defer {
                state.elements = []
                state.head = 0
            }
            return Array(state.elements[state.head...])
        }
        slots.signal()
        filled.signal()
        return rest
    }
}
