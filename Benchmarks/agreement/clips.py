"""Clips and sounds, beside ffprobe; for time, camera and place beside ExifTool too."""
import fractions
import json
import os
import re
import subprocess
import tempfile

from field import Argument, Field

TITLE = "Clips and sounds beside ffprobe and ExifTool"

KINDS = ("video/", "audio/", "application/vnd.rn-realmedia", "application/mxf")
WANTED = """
MIMEType Error Make Model SerialNumber CameraSerialNumber GPSLatitude# GPSLongitude# GPSCoordinates# GPSPosition#
DateTimeOriginal OffsetTimeOriginal CreationDate CreationDateValue ContentCreateDate CreateDate MediaCreateDate
TrackCreateDate DateTimeDigitized TimeZone ProductionDate LocationInformation MajorBrand Manufacturer
""".split()


class Said(dict):
    """What both say of one file: ffprobe's answer under `probe`, ExifTool's tags by group and name."""

    def first(self, *keys):
        for key in keys:
            names = [key] if not key.startswith("*") else [name for name in self if name.endswith(key[1:])]
            for name in names:
                value = self.get(name)
                if value is not None and str(value).strip("\0 \t\r\n") not in ("", "0000:00:00 00:00:00"):
                    return value
        return None

    @property
    def video(self):
        return next((stream for stream in self["probe"].get("streams", []) if is_picture(stream)), None)

    @property
    def sounds(self):
        return [stream for stream in self["probe"].get("streams", []) if stream.get("codec_type") == "audio"]

    @property
    def format(self):
        return self["probe"].get("format", {})


def is_picture(stream) -> bool:
    still = stream.get("disposition", {})
    return stream.get("codec_type") == "video" and not still.get("attached_pic") and not still.get("timed_thumbnails")


def peer(paths: list) -> dict:
    """ffprobe a file at a time, ExifTool once for all that ffprobe calls a clip or a sound."""
    said = {}
    for path in paths:
        probe = probed(path)
        if probe is not None:
            said[path] = Said(probe=probe)
    tags = tagged(list(said))
    for path, entry in tags.items():
        said[path].update(entry)
    # A photograph is a clip of one frame to ffprobe.
    return {path: entry for path, entry in said.items()
            if str(entry.get("File:MIMEType", "video/")).startswith(KINDS)}


STILL = ("image2", "_pipe", "gif", "webp_pipe", "tty", "lrc", "srt", "ass", "webvtt", "subviewer", "hls", "concat")


def probed(path: bytes):
    try:
        outcome = subprocess.run(
            ["ffprobe", "-v", "quiet", "-of", "json", "-show_format", "-show_streams", b"file:" + path],
            capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return None
    if outcome.returncode != 0:
        return None
    try:
        probe = json.loads(outcome.stdout.decode("utf-8", "replace"))
    except ValueError:
        return None
    name = probe.get("format", {}).get("format_name", "")
    kinds = [stream for stream in probe.get("streams", []) if is_picture(stream) or stream.get("codec_type") == "audio"]
    return probe if kinds and not any(still in name for still in STILL) else None


def tagged(paths: list) -> dict:
    with tempfile.NamedTemporaryFile() as names:
        names.write(b"".join(path + b"\n" for path in paths if b"\n" not in path))
        names.flush()
        outcome = subprocess.run(
            ["exiftool", "-json", "-G1", "-a", "-q", "-charset", "filename=UTF8",
             *("-" + tag for tag in WANTED), "-@", names.name],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    entries = json.loads(outcome.stdout.decode("utf-8", "replace") or "[]")
    return {os.fsencode(entry.pop("SourceFile")): entry for entry in entries}


def concerns(ours, theirs) -> bool:
    if ours is not None:
        return ours["kind"] in ("clip", "sound")
    return theirs is not None and str(theirs.get("File:MIMEType", "")).startswith(KINDS)


# MARK: Values

def plain(words) -> str:
    return " ".join(str(words).replace("\0", " ").split())


def fraction(text):
    try:
        value = fractions.Fraction(str(text).replace(":", "/"))
    except (ValueError, ZeroDivisionError):
        return None
    return value if value > 0 else None


def our_fraction(name):
    return lambda reading: fractions.Fraction(*reading[name]) if reading.get(name) else None


def footage(name):
    return lambda reading: reading.get("footage", {}).get(name)


def their_picture(name):
    return lambda said: said.video.get(name) if said.video else None


def their_size(said):
    """As it is stored."""
    video = said.video
    return (video["width"], video["height"]) if video and video.get("width") and video.get("height") else None


def our_size(reading):
    beside = reading.get("footage", {})
    return (beside["storedWidth"], beside["storedHeight"]) if "storedWidth" in beside else None


def our_shown_size(reading):
    return (reading["width"], reading["height"]) if "width" in reading else None


def their_shown_size(said):
    """By ffprobe's pixel aspect and the turn it tells, as a player shows it."""
    size = their_size(said)
    if size is None:
        return None
    width, height = size
    aspect = fraction(said.video.get("sample_aspect_ratio"))
    if aspect and aspect != 1 and 1 / 8 <= aspect <= 8:
        width = round(float(width * aspect))
    return (height, width) if their_rotation(said) in (90, 270) else (width, height)


def their_rotation(said):
    for beside in (said.video or {}).get("side_data_list", []):
        if "rotation" in beside:
            turn = round(-float(beside["rotation"]) / 90) * 90 % 360
            return turn or None
    return None


def their_rate(said):
    """The nominal rate, unless it counts fields or the ticks of a clock."""
    if not said.video:
        return None
    nominal, average = fraction(said.video.get("r_frame_rate")), fraction(said.video.get("avg_frame_rate"))
    if nominal and average:
        return nominal if nominal <= average * fractions.Fraction(5, 4) else average
    return nominal or average


def near(share, least=0.0):
    return lambda ours, theirs: abs(float(ours) - float(theirs)) <= max(least, share * abs(float(theirs)))


def their_duration(said):
    value = said.format.get("duration")
    return float(value) if value and float(value) > 0 else None


def their_frames(said):
    value = their_picture("nb_frames")(said)
    return int(value) if str(value).isdigit() and int(value) > 0 else None


def their_codec(said):
    stream = said.video or next(iter(said.sounds), None)
    name = stream.get("codec_name") if stream else None
    if name in (None, "unknown"):
        tag = stream.get("codec_tag_string", "") if stream else ""
        return tag if re.fullmatch(r"[ -~]{4}", tag) and not tag.startswith("[") else None
    return name


def their_profile(said):
    stream = said.video or next(iter(said.sounds), None)
    value = stream.get("profile") if stream else None
    # A number is a profile without a name; but ProRes has one of this name.
    is_number = str(value).lstrip("-").isdigit() and value != "4444"
    return None if value in (None, "unknown") or is_number else value


def their_timecode(said):
    video = said.video
    streams = ([video] if video else []) + said["probe"].get("streams", [])
    for tags in [stream.get("tags", {}) for stream in streams] + [said.format.get("tags", {})]:
        for key, value in tags.items():
            if key.lower() == "timecode" and value.strip():
                return value
    return None


def their_color(said):
    if not said.video:
        return None
    names = [said.video.get(key, "unknown") for key in ("color_primaries", "color_transfer", "color_space")]
    return None if set(names) == {"unknown"} else "/".join(names)


def their_scan(said):
    order = their_picture("field_order")(said)
    return {"progressive": "progressive", "tt": "interlaced, top field first", "bt": "interlaced, top field first",
            "bb": "interlaced, bottom field first", "tb": "interlaced, bottom field first"}.get(order)


def their_channels(said):
    return sum(stream.get("channels", 0) for stream in said.sounds)


def their_sample_rate(said):
    return next((int(stream["sample_rate"]) for stream in said.sounds if int(stream.get("sample_rate", 0)) > 0), None)


def text(*keys):
    def value(said):
        found = said.first(*keys)
        return None if found is None else plain(found) or None
    return value


DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?(?: DST)?$")
# Where a camera says it in a field of its own, then the container's clock; a track's only where that is not set.
DATES = ["Keys:CreationDate", "*:CreationDateValue", "H264:DateTimeOriginal", "*:DateTimeOriginal",
         "UserData:ContentCreateDate", "*:ContentCreateDate", "*:ProductionDate", "QuickTime:CreateDate",
         "*:MediaCreateDate", "XMP-xmp:CreateDate", "*:CreateDate"]


def their_dates(said):
    """Every date that ExifTool finds, the one that counts first, and the bext date that it splits in two."""
    dates = []
    for key in DATES:
        names = [key] if not key.startswith("*") else [name for name in said if name.endswith(key[1:])]
        for name in names:
            found = DATE.match(str(said.get(name, "")).strip())
            if found and found[1] > "1904" and not found[0].startswith("1970:01:01"):
                dates.append(("-".join(found.groups()[:3]) + "T" + ":".join(f or "00" for f in found.groups()[3:6]),
                              minutes(found[7])))
    return dates


def minutes(zone):
    if not zone:
        return None
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    return (-1 if zone[0] == "-" else 1) * (int(digits[:2]) * 60 + int(digits[2:]))


def their_date(said):
    return next((date for date, _ in their_dates(said)), None)


def their_offset(said):
    return next((offset for _, offset in their_dates(said)), None)


def our_date(reading):
    import datetime
    if "taken" not in reading:
        return None
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=reading["taken"]["milliseconds"])).strftime(
        "%Y-%m-%dT%H:%M:%S")


def our_position(reading):
    return (reading["latitude"], reading["longitude"]) if "latitude" in reading else None


def their_position(said):
    for key in ["Keys:GPSCoordinates", "UserData:GPSCoordinates", "*:GPSCoordinates", "Composite:GPSPosition"]:
        numbers = re.findall(r"[-+]?\d+(?:\.\d+)?", str(said.first(key) or ""))
        if len(numbers) >= 2:
            return (float(numbers[0]), float(numbers[1]))
    return None


FIELDS = [
    Field("codec", lambda r: r.get("codec"), their_codec),
    Field("profile", lambda r: r.get("codecProfile"), their_profile),
    Field("dimensions", our_size, their_size),
    Field("as shown", our_shown_size, their_shown_size),
    Field("rotation", footage("rotation"), their_rotation),
    Field("frame rate", our_fraction("frameRate"), their_rate),
    Field("frames", lambda r: r.get("frames"), their_frames),
    Field("duration", lambda r: r.get("duration"), their_duration, near(0.001, 0.002)),
    Field("timecode", lambda r: r.get("timecode"), their_timecode),
    Field("pixel format", lambda r: r.get("pixelFormat"), their_picture("pix_fmt")),
    Field("colour", lambda r: r.get("color"), their_color),
    Field("scan", footage("scan"), their_scan),
    Field("sound tracks", footage("audioTracks"), lambda said: len(said.sounds)),
    Field("channels", footage("audioChannels"), their_channels),
    Field("sample rate", footage("sampleRate"), their_sample_rate),
    Field("date", our_date, their_date),
    Field("offset", lambda r: r.get("taken", {}).get("offsetMinutes"), their_offset),
    Field("make", lambda r: r.get("make"), text("Keys:Make", "UserData:Make", "*:Make", "*:Manufacturer")),
    Field("model", lambda r: r.get("model"), text("Keys:Model", "UserData:Model", "*:Model")),
    Field("position", our_position, their_position, lambda a, b: all(abs(x - y) < 1e-3 for x, y in zip(a, b))),
]

# MARK: Where we are right

def is_header(reading, said, ours, theirs):
    """ffprobe wants a picture before it says what the header says."""
    return theirs is None and said.video is not None and "pix_fmt" not in said.video


def is_frames(reading, said, ours, theirs):
    base, rate = fraction(said.video.get("time_base")), our_fraction("frameRate")(reading)
    return theirs is None and rate is not None and base == 1 / rate and said.video.get("duration_ts") == ours


ARGUMENTS = [
    Argument("*", lambda r, s, ours, theirs: is_header(r, s, ours, theirs),
             "What the sequence header in avcC says (ISO/IEC 14496-15 §5.3.3) holds without a picture that could be "
             "decoded; ffprobe says nothing of a clip whose pictures are missing."),
    Argument("frames", lambda r, s, ours, theirs: is_frames(r, s, ours, theirs),
             "A duration in units of one frame is a count of frames: edit units of MXF (SMPTE ST 377-1, B.15), the "
             "equally long frames of DV, the granules of Theora."),
    Argument("profile", lambda r, s, ours, theirs: theirs is None and r.get("codec") == "aac",
             "AudioSpecificConfig names the type of the audio object (ISO/IEC 14496-3 §1.6.2.1), whether or not a frame "
             "can be decoded."),
    Argument("pixel format", lambda r, s, ours, theirs: ours.startswith("gray") and theirs.startswith("yuv"),
             "A stream whose chroma_format_idc is 0 has no colour (ITU-T H.264 §7.4.2.1.1); FFmpeg's decoder adds empty "
             "planes to it."),
    Argument("scan", lambda r, s, ours, theirs: theirs is None and r.get("codec") == "dvvideo",
             "DV says in its source control pack whether frames are interlaced (IEC 61834-4, pack 61h)."),
    Argument("timecode", lambda r, s, ours, theirs: theirs is None and r["kind"] == "sound",
             "A recorder's TimeReference (EBU Tech 3285 §2.3) is timecode at the rate that it names itself."),
    Argument("offset", lambda r, s, ours, theirs: ours == 0 and theirs is None
             and r["taken"]["source"] in ("DateUTC", "ASF.CreationDate"),
             "Matroska's DateUTC (RFC 9559 §5.1.2.11) and ASF's creation date are UTC by definition."),
    Argument("offset", lambda r, s, ours, theirs: ours == 0 and theirs is None and r["taken"]["source"] == "mvhd",
             "ISO/IEC 14496-12 §8.2.2 has mvhd in UTC; it is believed of the recorders that are known to keep to it, "
             "Apple's and Android's."),
    Argument("offset", lambda r, s, ours, theirs: ours is None and r.get("taken", {}).get("source") == "CREATION_TIME",
             "Matroska's DateUTC is when the file was written (RFC 9559 §5.1.2.11); a CREATION_TIME among its tags is "
             "that of the recording it was made of."),
    Argument("date", lambda r, s, ours, theirs: r.get("taken", {}).get("source") in ("DateUTC", "CREATION_TIME"),
             "Matroska's DateUTC is when the file was written (RFC 9559 §5.1.2.11); a CREATION_TIME among its tags is "
             "that of the recording it was made of."),
]
