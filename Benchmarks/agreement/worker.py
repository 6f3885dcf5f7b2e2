"""Asks a worker about one file after another, as an import does, and starts a new one when it dies."""
import base64
import json
import select
import subprocess


class Worker:
    # What Workers/WorkerProgram.swift allows.
    MEMORY = 1 << 30
    SECONDS = 30

    def __init__(self, program):
        self.program = program
        self.process = None

    def read(self, path: bytes) -> dict:
        """The reading, or {"failed": why}."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [self.program, "--memory-limit", str(self.MEMORY)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            place = {"path": path.decode()}
        except UnicodeDecodeError:
            place = {"path64": base64.b64encode(path).decode()}
        line = b""
        try:
            self.process.stdin.write(json.dumps({"read": place}).encode() + b"\n")
            self.process.stdin.flush()
            if select.select([self.process.stdout], [], [], self.SECONDS)[0]:
                line = self.process.stdout.readline()
            else:
                self.process.kill()
        except BrokenPipeError:
            pass
        if not line:
            status = self.process.wait()
            self.process = None
            return {"failed": f"the worker died or was stopped (status {status})"}
        reply = json.loads(line)
        if "reading" in reply:
            reading = reply["reading"]
            reading.pop("rawTags", None)
            return reading
        return {"failed": reply.get("failed", {}).get("reason", "it gave another answer")}
