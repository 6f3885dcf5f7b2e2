"""Holds what Valhalla reads against ExifTool and ffprobe, field by field and file by file.

    python3 Benchmarks/agreement PROGRAMS FOLDER [--names N]

PROGRAMS holds valhalla and its two workers, FOLDER the files. The folder is imported first, into an archive that is
thrown away: that must end well whatever the files are. Then each file is compared by itself, also companions and
sidecars: an asset's words may come from several files, and the peers read one at a time.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from worker import Worker  # noqa: E402
import stills  # noqa: E402

try:
    import clips  # noqa: E402
except ImportError:
    clips = None

COLUMNS = ["agreed", "argued", "differing", "ours alone", "theirs alone"]


def main() -> None:
    words = argparse.ArgumentParser(prog="agreement", description=__doc__.split("\n")[0])
    words.add_argument("programs", type=pathlib.Path)
    words.add_argument("folder", type=pathlib.Path)
    words.add_argument("--names", type=int, default=20, help="files to name for each field and outcome (0: all)")
    choice = words.parse_args()
    programs, folder = choice.programs.resolve(), choice.folder.resolve()
    ending_well = imported(programs, folder)
    paths = sorted(os.path.join(at, name) for at, _, names in os.walk(os.fsencode(folder))
                   for name in map(os.fsencode, names))
    paths = [path for path in paths if os.path.isfile(path) and not os.path.islink(path)]
    readings = read(programs, paths)
    for module in filter(None, [stills, clips]):
        compare(module, folder, paths, readings, choice.names)
    sys.exit(0 if ending_well else 1)


def imported(programs: pathlib.Path, folder: pathlib.Path) -> bool:
    """Imports the folder as a whole. A signal or a refusal is a failure of the program, whatever the files are."""
    with tempfile.TemporaryDirectory() as scratch:
        archive = os.path.join(scratch, "archive")
        environment = dict(os.environ, VALHALLA_PERSON="agreement")
        subprocess.run([programs / "valhalla", "init", archive], check=True, stdout=subprocess.DEVNULL,
                       env=environment)
        outcome = subprocess.run([programs / "valhalla", "import", folder, "--archive", archive], env=environment,
                                 capture_output=True, text=True, errors="replace")
    # 3 says that some files could not be read, which is what damaged files are for.
    if outcome.returncode in (0, 3):
        print(f"Imported: {next((line for line in outcome.stdout.splitlines() if line.strip()), '')}")
        return True
    print(f"THE IMPORT ENDED WITH {outcome.returncode}:\n{outcome.stderr}")
    return False


def read(programs: pathlib.Path, paths: list) -> dict:
    """What the workers say of each file: the reader of stills first, for it refuses what is none."""
    reader, media = Worker(programs / "valhalla-read"), Worker(programs / "valhalla-media")
    readings = {}
    for path in paths:
        reading = reader.read(path)
        if "failed" in reading and "is not a picture or sidecar that is known here" in reading["failed"]:
            reading = media.read(path)
        readings[path] = reading
    return readings


def compare(module, folder: pathlib.Path, paths: list, readings: dict, most: int) -> None:
    said = module.peer(paths)
    both, names, used = [], {}, {}
    alone = {"ours": [], "theirs": []}
    for path in paths:
        ours, theirs = readings[path], said.get(path)
        if "failed" in ours:
            ours = None
        if not module.concerns(ours, theirs):
            continue
        if ours is not None and theirs is not None:
            both.append(path)
        elif ours is None:
            alone["theirs"].append((path, readings[path]["failed"]))
        else:
            alone["ours"].append((path, ""))
    print(f"\n{module.TITLE}: {len(both)} files that both can read")
    for side, files in alone.items():
        if files:
            print(f"  {len(files)} that only {'we' if side == 'ours' else 'they'} can read:")
            name(folder, files, most)
    width = max(len(field.name) for field in module.FIELDS)
    print(f"\n  {'':{width}}" + "".join(f"{column:>14}" for column in COLUMNS) + f"{'agreement':>14}")
    total = dict.fromkeys(COLUMNS, 0)
    for field in module.FIELDS:
        counts = dict.fromkeys(COLUMNS, 0)
        for path in both:
            outcome, detail = judge(module, field, readings[path], said[path], used)
            if outcome:
                counts[outcome] += 1
                if outcome != "agreed":
                    names.setdefault((field.name, outcome), []).append((path, detail))
        print(f"  {field.name:{width}}" + row(counts))
        for column in COLUMNS:
            total[column] += counts[column]
    print(f"  {'all':{width}}" + row(total))
    for sentence, count in used.items():
        print(f"\n  Argued {count} times: {sentence}")
    for (field, outcome), files in names.items():
        print(f"\n  {field}, {outcome}: {len(files)}")
        name(folder, files, most)


def judge(module, field, reading: dict, said: dict, used: dict):
    ours, theirs = field.ours(reading), field.theirs(said)
    if ours is None and theirs is None:
        return None, ""
    detail = f"{ours!r} | {theirs!r}"
    if ours is not None and theirs is not None and field.same(ours, theirs):
        return "agreed", detail
    for argument in module.ARGUMENTS:
        if argument.field in (field.name, "*") and argument.holds(reading, said, ours, theirs):
            used[argument.sentence] = used.get(argument.sentence, 0) + 1
            return "argued", detail
    return "differing" if None not in (ours, theirs) else "ours alone" if theirs is None else "theirs alone", detail


def row(counts: dict) -> str:
    whole = sum(counts.values())
    right = counts["agreed"] + counts["argued"]
    return "".join(f"{counts[column]:14}" for column in COLUMNS) + (f"{right / whole:14.2%}" if whole else f"{'–':>14}")


def name(folder: pathlib.Path, files: list, most: int) -> None:
    for path, detail in files[:most or None]:
        shown = os.path.relpath(path, os.fsencode(folder)).decode(errors="replace")
        print(f"    {shown}" + (f": {detail}" if detail else ""))
    if most and len(files) > most:
        print(f"    … and {len(files) - most} more")


main()
