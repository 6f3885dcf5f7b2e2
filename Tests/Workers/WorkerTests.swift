import Foundation
import Glibc
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

    @Test(
        "may answer in parts, and when it dies between two of them that request is lost and the next is answered"
    )
    func parts() throws {
        let worker = try worker(
            """
            part='{"manifest":{"entries":[]}}'
            read -r line; printf '%s\\n' "$part" '{"manifest":{"entries":[],"summary":{"kind":"chain"}}}'
            read -r line; printf '%s\\n' "$part"; exit 3
            """
        )
        let manifest = Request.manifest(path: Array("/a.mhl".utf8))
        let part = WorkerAnswer.reply(.manifest(ManifestPage(entries: [])))
        let last = WorkerAnswer.reply(
            .manifest(ManifestPage(entries: [], summary: ManifestSummary(kind: .chain)))
        )
        try worker.send(manifest)
        #expect([try worker.receive(), try worker.receive()] == [part, last])
        #expect(worker.pending == 0)
        try worker.send(manifest)
        #expect(
            [try worker.receive(), try worker.receive()] == [
                part, .lost(reason: "the reader ended with code 3"),
            ])
        try worker.send(manifest)
        #expect([try worker.receive(), try worker.receive()] == [part, last])
    }

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

    @Test("is given nothing that is open here but its own ends")
    func descriptors() throws {
        // Without the mark that would close it by itself.
        let open = Glibc.open(folder.path(), O_RDONLY)
        defer { close(open) }
        #expect(open > 2)
        let worker = try worker(
            """
            while read -r line; do
              if [ "$(readlink /proc/$$/fd/\(open))" = "\(folder.path())" ]; then said=open; else said=closed; fi
              printf '{"failed":{"reason":"%s"}}\\n' $said
            done
            """
        )
        #expect(try worker.answers(to: [request("a")]) == [.reply(.failed(reason: "closed"))])
    }

    @Test("whose answers waited longer than its time is not blamed for the caller's coming late")
    func lateCaller() throws {
        let worker = try worker(echo, seconds: 0.4)
        try worker.send(request("a"))
        try worker.send(request("b"))
        usleep(900_000)
        #expect(try worker.receive() == failed("a"))
        #expect(try worker.receive() == failed("b"))
    }

    @Test("that crashes while many questions wait still answers in their order")
    func crashInACrowd() throws {
        let worker = try worker(
            """
            while read -r line; do
              case $line in *bad*) kill -SEGV $$ ;; esac
              said=$(printf %s "$line" | tr '"' "'")
              printf '{"failed":{"reason":"%s"}}\\n' "$said"
            done
            """
        )
        let names = (0..<40).map {
            ($0 == 17 ? "bad" : "good") + "\($0)-" + String(repeating: "x", count: 3_000)
        }
        let answers = try worker.answers(to: names.map(request))
        for (index, answer) in answers.enumerated() where index != 17 {
            #expect(answer == failed(names[index]), "question \(index)")
        }
        #expect(answers[17] == .lost(reason: "the reader crashed (Segmentation fault)"))
    }
}

/// The real reader, ended or stopped from outside in the middle of its work.
@Suite("The real reader")
final class RealReaderTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let folder: URL
    let program: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "valhalla-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A copy with a path of its own, by which its process is found among all others.
        program = folder.appending(path: "valhalla-read")
        try FileManager.default.copyItem(
            at: Bundle.main.bundleURL.appending(path: "valhalla-read"), to: program)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func worker(seconds: Double) -> Worker {
        Worker(
            WorkerProgram(
                path: Array(program.path().utf8),
                name: "the reader",
                memoryLimit: 1 << 30,
                secondsPerRequest: seconds
            )
        )
    }

    private func request(_ fixture: String) -> Request {
        .read(path: Array(Self.root.appending(path: "Fixtures/\(fixture)").path().utf8))
    }

    private func isReading(_ answer: WorkerAnswer) -> Bool {
        if case .reply(.reading) = answer { true } else { false }
    }

    private func process() throws -> pid_t {
        let mine = try FileManager.default.contentsOfDirectory(atPath: "/proc").first { number in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/exe"))
                == program.path()
        }
        return try #require(mine.flatMap { pid_t($0) })
    }

    private let requests = [
        "desert/100EOS5D/IMG_4117.JPG", "desert/100LEICA/L1002340.DNG", "rancho/stills/the-house.heic",
    ]

    @Test("that was killed is replaced, and no file is blamed")
    func killed() throws {
        let worker = worker(seconds: 20)
        #expect(isReading(try worker.answers(to: [request(requests[0])])[0]))
        kill(try process(), SIGKILL)
        let answers = try worker.answers(to: requests.map(request))
        #expect(answers.map(isReading) == [true, true, true])
    }

    @Test("that was stopped in its tracks is given up after its time, and no file is blamed")
    func stopped() throws {
        let worker = worker(seconds: 1.5)
        #expect(isReading(try worker.answers(to: [request(requests[0])])[0]))
        kill(try process(), SIGSTOP)
        let start = ContinuousClock.now
        let answers = try worker.answers(to: requests.map(request))
        #expect(answers.map(isReading) == [true, true, true])
        #expect(ContinuousClock.now - start >= .seconds(1.4))
    }

    @Test("that stands still over the only file it has says so of this file")
    func stoppedAlone() throws {
        let worker = worker(seconds: 1.5)
        #expect(isReading(try worker.answers(to: [request(requests[0])])[0]))
        kill(try process(), SIGSTOP)
        #expect(
            try worker.answers(to: [request(requests[1])])
                == [.lost(reason: "the reader took longer than 1.5 s and was stopped")]
        )
        #expect(isReading(try worker.answers(to: [request(requests[1])])[0]))
    }

    @Test("has no memory beyond its limit, and the file that wants more is told so")
    func memory() throws {
        let worker = Worker(
            WorkerProgram(
                path: Array(program.path().utf8),
                name: "the reader",
                memoryLimit: 1 << 20,
                secondsPerRequest: 20
            )
        )
        guard case .lost(let reason) = try worker.answers(to: [request(requests[0])])[0] else {
            Issue.record("a megabyte is not enough for anything")
            return
        }
        #expect(reason.hasPrefix("the reader "))
    }
}
