import Foundation
import MediaProtocol
import Testing
import Workers

/// Workers written in shell: each misbehaves in its own way, for real.
@Suite("A worker")
final class WorkerTests {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func worker(_ script: String, seconds: Double = 10) throws -> Worker {
        let file = folder.appending(path: "worker")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path())
        return Worker(
            WorkerProgram(
                path: Array(file.path().utf8),
                name: "the reader",
                memoryLimit: 1 << 30,
                secondsPerRequest: seconds
            )
        )
    }

    private func request(_ name: String) -> Request { .read(path: Array("/\(name)".utf8)) }

    private func failed(_ name: String) -> WorkerAnswer {
        .reply(.failed(reason: "{\\\"read\\\":{\\\"path\\\":\\\"/\(name)\\\"}}".replacing("\\\"", with: "'")))
    }

    /// Answers every line with itself, its quotes turned, as a failure.
    private let echo = """
        while read -r line; do
          said=$(printf %s "$line" | tr '"' "'")
          printf '{"failed":{"reason":"%s"}}\\n' "$said"
        done
        """

    @Test("answers in the order of the questions")
    func order() throws {
        let worker = try worker(echo)
        let names = (0..<40).map { "picture \($0)" }
        #expect(try worker.answers(to: names.map(request)) == names.map(failed))
    }

    @Test("that crashes over one file is blamed for that file alone")
    func crash() throws {
        let worker = try worker(
            """
            while read -r line; do
              case $line in *bad*) kill -SEGV $$ ;; esac
              said=$(printf %s "$line" | tr '"' "'")
              printf '{"failed":{"reason":"%s"}}\\n' "$said"
            done
            """
        )
        let answers = try worker.answers(to: ["a", "bad", "b", "c"].map(request))
        #expect(answers[0] == failed("a"))
        #expect(answers[1] == .lost(reason: "the reader crashed (Segmentation fault)"))
        #expect(answers[2...] == [failed("b"), failed("c")])
        #expect(try worker.answers(to: [request("d")]) == [failed("d")])
    }

    @Test("that hangs is stopped at its time, and the next file gets another")
    func hang() throws {
        let worker = try worker(
            """
            while read -r line; do
              case $line in *slow*) sleep 60 ;; esac
              said=$(printf %s "$line" | tr '"' "'")
              printf '{"failed":{"reason":"%s"}}\\n' "$said"
            done
            """,
            seconds: 0.5
        )
        let answers = try worker.answers(to: ["slow", "b"].map(request))
        #expect(answers == [.lost(reason: "the reader took longer than 0.5 s and was stopped"), failed("b")])
    }

    @Test("that answered in time is believed, however late we come for the answer")
    func patience() throws {
        let worker = try worker(echo, seconds: 0.5)
        try worker.send(request("a"))
        Thread.sleep(forTimeInterval: 1.2)
        #expect(try worker.receive() == failed("a"))
    }

    @Test("that talks nonsense is not believed")
    func nonsense() throws {
        let worker = try worker("while read -r line; do echo 'hello there'; done")
        #expect(
            try worker.answers(to: [request("a")])
                == [.lost(reason: "the reader answered in words that are not the protocol's")]
        )
    }

    @Test("that ends without a word is told by its code")
    func ended() throws {
        let worker = try worker("read -r line; exit 7")
        #expect(try worker.answers(to: [request("a")]) == [.lost(reason: "the reader ended with code 7")])
    }

    @Test("that is not there is an error that says what to do")
    func missing() throws {
        let worker = Worker(.reader(in: Array("/nowhere".utf8)))
        let error = try #require(throws: WorkerError.self) { _ = try worker.answers(to: [request("a")]) }
        #expect(error.path == "/nowhere/valhalla-read")
        #expect(error.next.contains("make build"))
    }

    @Test("takes more questions than a socket holds without either side waiting for the other")
    func manyQuestions() throws {
        let worker = try worker(echo)
        let names = (0..<60).map { "\($0)-" + String(repeating: "x", count: 3_000) }
        #expect(try worker.answers(to: names.map(request)) == names.map(failed))
    }
}
