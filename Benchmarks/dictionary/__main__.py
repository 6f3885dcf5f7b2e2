#!/usr/bin/env python3
"""Makes the dictionary that raw tags are packed with: `dictionary VERSION > Sources/CTagDictionaries/VERSION.c`.

It holds every tag of tags.txt once, as the reader writes it, what is common last: zstd finds the end cheapest. How its codes
are shared out it learns from photographs that never were, drawn from the same list. Nothing of anybody's photographs goes
in, so that the result may be given to all. The same list and the same zstd give the same bytes. A version that was
published once stays as it is for ever: rows were packed with it. Needs libzstd.

Tried on real cameras' files that it knows nothing of: zstd's own trainer left 4 % more, and more room than this changed nothing.
"""
import ctypes
import json
import pathlib
import random
import re
import sys

# Of the tags; the tables of codes come on top.
SIZE = 32 << 10
SAMPLES = 2_000
MODELS = {
    "Canon": ["Canon EOS 5D Mark III", "Canon EOS R5", "Canon PowerShot S90"], "NIKON CORPORATION": ["NIKON D850", "NIKON Z 6"],
    "SONY": ["ILCE-7M3", "DSC-RX100M7"], "FUJIFILM": ["X-T4", "GFX 100S"], "OLYMPUS CORPORATION": ["E-M1MarkII"],
    "Panasonic": ["DC-S1R", "DMC-GH4"], "PENTAX": ["PENTAX K-1"], "SAMSUNG": ["SM-G960F"], "CASIO COMPUTER CO.,LTD.": ["EX-Z750"],
    "SIGMA": ["SIGMA fp"], "Minolta": ["DiMAGE 7"], "Apple": ["iPhone 12 Pro", "iPhone 6"], "Google": ["Pixel 6"], "DJI": ["FC3411"],
    "LEICA CAMERA AG": ["LEICA Q2", "LEICA M10"], "GoPro": ["HERO7 Black"], "Hasselblad": ["X1D-50c"],
}
# How many of a hundred photographs come from a maker.
SHARES = dict(zip(MODELS, [24, 18, 14, 7, 6, 6, 3, 3, 1, 1, 1, 8, 2, 2, 3, 1, 1]))
LENSES = ["EF24-70mm f/2.8L II USM", "AF-S NIKKOR 24-70mm f/2.8G ED", "FE 24-70mm F2.8 GM", "XF23mmF1.4 R", "iPhone 12 Pro back triple camera 4.2mm f/1.6"]
WORDS = "a the and of in on at with from before after the for Photograph portrait live music stage guitar night light".split()
# How often a group stands in a photograph; a list of the maker's always does.
CHANCES = {
    "Exif.Image": 1, "Exif.Photo": 1, "Exif.Iop": 0.6, "Exif.GPSInfo": 0.35, "Exif.Thumbnail": 0.8, "Xmp.xmp": 0.6, "Xmp.photoshop": 0.4,
    "Xmp.dc": 0.5, "Xmp.lr": 0.2, "Xmp.xmpRights": 0.2, "Xmp.xmpMM": 0.35, "Xmp.xapMM": 0.03, "Xmp.aux": 0.3, "Xmp.tiff": 0.12, "Xmp.exif": 0.12,
    "Xmp.crs": 0.35, "Xmp.Iptc4xmpCore": 0.15, "Xmp.Iptc4xmpExt": 0.15, "Xmp.plus": 0.06, "Xmp.digiKam": 0.05, "Iptc.Envelope": 0.25,
    "Iptc.Application2": 0.3,
}


def groups(text: str) -> list[tuple[str, str, list[tuple[str, str, list[str]]]]]:
    """Maker, group, and each tag's name, type and common values."""
    found, maker = [], "*"
    for line in re.sub(r"\n +", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines():
        if line.startswith("== "):
            maker = line[3:]
        elif line.strip():
            head, names = line.split(": ", 1)
            group, kind = head.rsplit(" ", 1)
            tags = []
            for word in names.split():
                name, _, values = word.partition("=")
                place = re.search(r":(?=[A-Z][A-Za-z]*(_x-default)?$)", name)
                own = name[place.end():] if place and "/" not in name[place.start():] else ""
                # A structure's field has its own prefix before its name, and no type behind it.
                if own and name.count("/") and name.endswith(own) and ":" not in name.split("/")[-1].removesuffix(":" + own):
                    own = ""
                tags.append((name.removesuffix(":" + own) if own else name, (own or kind).replace("_", " "),
                             [value.replace("_", " ") for value in values.split("|")] if values else []))
            found.append((maker, group, tags))
    return found


def digits(chance: random.Random, count: int) -> str:
    return str(chance.randrange(10 ** chance.randint(1, count)))


def value(chance: random.Random, kind: str, common: list[str], camera: dict[str, str]) -> str:
    if common:
        text = chance.choice(common)
        for name in re.findall(r"\$([A-Z]+)", text):
            text = text.replace("$" + name, word(chance, name, camera), 1)
        return text.encode().decode("unicode_escape") if "\\u" in text else text
    if kind in ("Short", "Byte", "Long", "SShort", "SLong", "SByte"):
        # Settings that were never touched are most of what a maker notes.
        if chance.random() < 0.45:
            return chance.choice(["0", "0", "0", "1", "65535", "2", "0 0 0 0"])
        return " ".join(digits(chance, 4) for _ in range(chance.choice([1, 1, 1, 2, 4])))
    if kind in ("Rational", "SRational"):
        return f"{digits(chance, 4)}/{chance.choice(['1', '10', '100', '1000', '256'])}"
    if kind == "Undefined":
        return " ".join(str(chance.choice([0, 0, 0, 1, 48, chance.randrange(256)])) for _ in range(chance.choice([1, 4, 8])))
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4))) if kind != "Ascii" else chance.choice(["", "", chance.choice(WORDS)])


def word(chance: random.Random, name: str, camera: dict[str, str]) -> str:
    hexadecimal = f"{chance.randrange(1 << 128):032x}"
    return {
        "HEX": hexadecimal.upper(), "UUID": "-".join((hexadecimal[:8], hexadecimal[8:12], hexadecimal[12:16], hexadecimal[16:20], hexadecimal[20:])),
        "APEX": f"{digits(chance, 6)}/{chance.choice(['1000000', '256', '65536', '1', '100'])}",
        "DEGREES": f"{chance.randrange(90)}/1 {chance.randrange(60)}/1 {digits(chance, 4)}/100",
        "XMPDEGREES": f"{chance.randrange(90)},{chance.randrange(60)}.{digits(chance, 4)}N",
        "PATH": "|".join(chance.choice(WORDS) for _ in range(2)),
    }.get(name) or camera[name]


def photograph(chance: random.Random, known: list) -> bytes:
    """All tags of one photograph that never was, as the reader writes them."""
    maker = chance.choices(list(SHARES), SHARES.values())[0]
    day = f"{chance.randint(2003, 2024)}:{chance.randint(1, 12):02}:{chance.randint(1, 28):02}"
    time = f"{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}"
    camera = {"MAKER": maker, "MODEL": chance.choice(MODELS[maker]), "LENS": chance.choice(LENSES), "TIME": f"{day} {time}",
              "ISO": f"{day.replace(':', '-')}T{time}{chance.choice(['', '+01:00', '-07:00', 'Z'])}"}
    rows = []
    for owner, group, tags in known:
        if owner not in ("*", maker) or chance.random() > CHANCES.get(group, 0.75):
            continue
        share = chance.uniform(0.3, 1)
        rows += [[f"{group}.{name}", kind, value(chance, kind, common, camera)] for name, kind, common in tags if chance.random() < share]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def content(known: list) -> bytes:
    """Each tag once, with its commonest value: the rarest makers first, the standards last."""
    camera = {"MAKER": "Canon", "MODEL": MODELS["Canon"][0], "LENS": LENSES[0], "TIME": "2016:05:13 20:40:00", "ISO": "2016-05-13T20:40:00+01:00"}

    def order(group: tuple) -> tuple:
        owner, name, _ = group
        return (SHARES.get(owner, 100), name.startswith("Exif"))

    rows = []
    for _, group, tags in sorted(known, key=order):
        for name, kind, common in tags:
            plain = "" if kind in ("String", "XmpText") else "0"
            rows.append([f"{group}.{name}", kind, value(random.Random(5), kind, common[:1], camera) if common else plain])
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()[1:-1] + b","


def finished(tags: bytes, samples: list[bytes], version: int) -> bytes:
    class Parameters(ctypes.Structure):
        _fields_ = [("level", ctypes.c_int), ("notes", ctypes.c_uint), ("number", ctypes.c_uint)]

    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZDICT_finalizeDictionary.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(len(tags) + 4096)
    sizes = (ctypes.c_size_t * len(samples))(*map(len, samples))
    # The number stands in every frame that is packed with it.
    size = zstd.ZDICT_finalizeDictionary(
        room, ctypes.c_size_t(len(room)), tags, ctypes.c_size_t(len(tags)), b"".join(samples), sizes, len(samples), Parameters(1, 0, version))
    if zstd.ZDICT_isError(ctypes.c_size_t(size)):
        sys.exit("zstd could not make a dictionary of it")
    return room.raw[:size]


def literal(bytes_: bytes) -> str:
    """The bytes as a C string, a line for every ninety of them."""
    lines = []
    for start in range(0, len(bytes_), 90):
        line = ""
        for byte in bytes_[start : start + 90]:
            # Three digits, so that a digit behind is none of it; no question mark, which may begin a trigraph.
            line += '\\"' if byte == 0x22 else chr(byte) if 0x20 <= byte < 0x7F and byte not in b'\\?' else f"\\{byte:03o}"
        lines.append(f'    "{line}"')
    return "\n".join(lines)


def main() -> None:
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        sys.exit("usage: dictionary VERSION > Sources/CTagDictionaries/VERSION.c")
    version = int(sys.argv[1])
    known = groups((pathlib.Path(__file__).resolve().parent / "tags.txt").read_text())
    chance = random.Random(version)
    bytes_ = finished(content(known)[-SIZE:], [photograph(chance, known) for _ in range(SAMPLES)], version)
    print(f"// Made by `Benchmarks/dictionary {version}`. Rows were packed with it, so it is never changed: a better one is another version.")
    print("#include <stddef.h>\n")
    print(f"const size_t tag_dictionary_{version}_size = {len(bytes_)};")
    print(f"const char tag_dictionary_{version}[] =\n{literal(bytes_)};")


if __name__ == "__main__":
    main()
