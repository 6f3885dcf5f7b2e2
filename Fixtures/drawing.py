"""Pictures drawn as SVG: deserts, a studio, a stage.

Gradients, sums of sines, silhouettes and blurred light, in the proportions of
photographs. Every shape takes its numbers from a seed, so that the same call
always draws the same picture.
"""

import math
import random


def number(value):
    """Two decimals are finer than a pixel needs and keep the text the same everywhere."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def points(pairs):
    return " ".join(f"{number(x)},{number(y)}" for x, y in pairs)


def mixed(a, b, share):
    """The colour that lies `share` of the way from `a` to `b`."""
    channels = [(int(a[i:i + 2], 16), int(b[i:i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in channels)


class Picture:
    """An SVG under construction: definitions, and shapes from back to front."""

    def __init__(self, width=900, height=600, mono=False):
        self.width, self.height, self.mono = width, height, mono
        self.definitions, self.shapes, self.count = [], [], 0

    def define(self, text):
        """`text` has a place `{id}`; returns the id it was given."""
        self.count += 1
        name = f"d{self.count}"
        self.definitions.append(text.replace("{id}", name))
        return name

    def add(self, text):
        self.shapes.append(text)

    def vertical(self, *stops, top=0.0, bottom=None):
        bottom = self.height if bottom is None else bottom
        return self.define(
            f'<linearGradient id="{{id}}" gradientUnits="userSpaceOnUse" x1="0" x2="0" '
            f'y1="{number(top)}" y2="{number(bottom)}">{self.stops(stops)}</linearGradient>')

    def radial(self, x, y, radius, *stops, squeeze=1.0):
        """A glow; `squeeze` below one makes it lower than it is wide."""
        return self.define(
            f'<radialGradient id="{{id}}" gradientUnits="userSpaceOnUse" cx="{number(x)}" '
            f'cy="{number(y / squeeze)}" r="{number(radius)}" '
            f'gradientTransform="scale(1 {squeeze})">{self.stops(stops)}</radialGradient>')

    @staticmethod
    def stops(stops):
        return "".join(
            f'<stop offset="{at}" stop-color="{colour}" stop-opacity="{alpha}"/>'
            for at, colour, alpha in ((s + (1,))[:3] for s in stops))

    def blur(self, deviation):
        return self.define(
            f'<filter id="{{id}}" filterUnits="userSpaceOnUse" x="-200" y="-200" '
            f'width="{self.width + 400}" height="{self.height + 400}" '
            f'color-interpolation-filters="sRGB">'
            f'<feGaussianBlur stdDeviation="{number(deviation)}"/></filter>')

    def cover(self, paint, opacity=1.0, blend=None):
        style = f' style="mix-blend-mode:{blend}"' if blend else ""
        self.add(f'<rect width="{self.width}" height="{self.height}" fill="url(#{paint})" '
                 f'opacity="{number(opacity)}"{style}/>')

    def vignette(self, strength=0.55, x=0.5, y=0.5):
        width, height = self.width, self.height
        self.cover(self.radial(width * x, height * y, max(width, height) * 0.72,
                               (0.35, "#000000", 0), (0.75, "#000000", strength * 0.45),
                               (1, "#000000", strength)))

    def svg(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" '
                f'height="{self.height}" viewBox="0 0 {self.width} {self.height}">'
                f'<defs>{"".join(self.definitions)}</defs>'
                f'<rect width="{self.width}" height="{self.height}" fill="#000"/>'
                f'{"".join(self.shapes)}</svg>')


# --- The desert -----------------------------------------------------------------------------

# Sky from the top to the horizon, the sun, ridges from far to near, the ground.
LIGHT = {
    "day": dict(sky=["#456a94", "#7e9cb6", "#cfd3c8", "#efe3c6"], sun="#fff4d6", glow=1.0,
                ridges=["#b9a48a", "#93795f", "#675140", "#3a2c22"], ground="#241a14",
                cloud="#f4f1ea"),
    "gold": dict(sky=["#27365e", "#5f6688", "#c39a78", "#f0bd80"], sun="#ffdda0", glow=1.0,
                 ridges=["#c58a55", "#96592f", "#63391f", "#371f13"], ground="#21130c",
                 cloud="#f3d9c0"),
    "dusk": dict(sky=["#151a38", "#3a345a", "#8a5a58", "#d08a5a"], sun="#ffbf85", glow=0.9,
                 ridges=["#a9652f", "#7c451f", "#4f2c16", "#2c180e"], ground="#1a0e09",
                 cloud="#b98f92"),
    "red": dict(sky=["#120d22", "#3d1a2e", "#7f2a2a", "#c44a32"], sun="#ff8a5c", glow=0.9,
                ridges=["#8f3522", "#66251a", "#3f1712", "#230d0b"], ground="#150807",
                cloud="#c4706a"),
    "mono": dict(sky=["#2b2b2b", "#5d5d5d", "#9d9d9d", "#cfcfcf"], sun="#ffffff", glow=1.0,
                 ridges=["#8b8b8b", "#5f5f5f", "#393939", "#1d1d1d"], ground="#0c0c0c",
                 cloud="#d8d8d8"),
    "storm": dict(sky=["#050505", "#151515", "#3c3c3c", "#757575"], sun="#e9e9e9", glow=0.75,
                  ridges=["#484848", "#303030", "#1c1c1c", "#0e0e0e"], ground="#050505",
                  cloud="#8a8a8a"),
    "night": dict(sky=["#04060f", "#0b1730", "#1f3a5c", "#5a6472"], sun="#d9b48a", glow=0.35,
                  ridges=["#1c2a40", "#131d2d", "#0c131e", "#070b12"], ground="#04060a",
                  cloud="#53637c"),
}


def ridge_line(chance, width, base, swell, roughness=1.0):
    """A sum of sines, each finer one lower, as hills are."""
    waves = []
    for octave in range(7):
        frequency = (0.9 + chance.random() * 0.7) * 1.75 ** octave
        height = swell / 1.9 ** octave * (roughness if octave > 2 else 1)
        waves.append((frequency, height, chance.random() * 2 * math.pi))
    line = []
    for x in range(-4, width + 5, 3):
        y = base + sum(h * math.sin(2 * math.pi * f * x / width + phase) for f, h, phase in waves)
        line.append((x, y))
    return line


def clouds(p, colour, seed, low, opacity, stretch=1.0):
    noise = p.define(
        f'<filter id="{{id}}" filterUnits="userSpaceOnUse" x="0" y="0" width="{p.width}" '
        f'height="{p.height}" color-interpolation-filters="sRGB">'
        f'<feTurbulence type="fractalNoise" baseFrequency="{0.0024 * stretch:.4f} 0.0150" '
        f'numOctaves="5" seed="{seed}"/>'
        f'<feColorMatrix type="matrix" values="0 0 0 0 {int(colour[1:3], 16) / 255:.3f} '
        f'0 0 0 0 {int(colour[3:5], 16) / 255:.3f} 0 0 0 0 {int(colour[5:7], 16) / 255:.3f} '
        f'2.9 0.8 0 0 -1.72"/></filter>')
    fade = p.vertical((0, "#ffffff", 0.9), (0.55, "#ffffff", 0.75), (1, "#ffffff", 0), bottom=low)
    mask = p.define(f'<mask id="{{id}}" maskUnits="userSpaceOnUse" x="0" y="0" width="{p.width}" '
                    f'height="{p.height}"><rect width="{p.width}" height="{number(low)}" '
                    f'fill="url(#{fade})"/></mask>')
    p.add(f'<g mask="url(#{mask})" opacity="{opacity}">'
          f'<rect width="{p.width}" height="{p.height}" filter="url(#{noise})"/></g>')


def stars(p, chance, low, count):
    for _ in range(count):
        x, y = chance.random() * p.width, chance.random() ** 1.2 * low
        size = 0.35 + chance.random() ** 4 * 1.1
        p.add(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}" fill="#eef2ff" '
              f'opacity="{number((0.25 + 0.7 * chance.random()) * (1 - 0.7 * y / low))}"/>')


def desert(p, light, seed, horizon=0.60, sun=(0.5, 0.56), ground=0.86, swell=0.055,
           cloud=0.5, rough=0.5, ridges=4, size=1.0):
    """Sky, sun, ridges and ground. Returns the y on which people stand."""
    tone, chance = LIGHT[light], random.Random(seed)
    width, height = p.width, p.height
    top, middle, low, edge = tone["sky"]
    p.cover(p.vertical((0, top), (0.45, middle), (0.82, low), (1, edge),
                       bottom=height * (horizon + 0.04)))
    if light == "night":
        stars(p, chance, height * horizon, 260)
    reach, glow, x, y = max(width, height), tone["glow"] * size, sun[0] * width, sun[1] * height
    p.cover(p.radial(x, y, reach * 0.62, (0, tone["sun"], 0.75 * tone["glow"]),
                     (0.16, tone["sun"], 0.42 * tone["glow"]),
                     (0.45, tone["sun"], 0.13 * tone["glow"]), (1, tone["sun"], 0)))
    if cloud:
        clouds(p, tone["cloud"], seed, height * (horizon + 0.02), cloud)
    p.cover(p.radial(x, y, reach * 0.17 * glow + 1, (0, "#ffffff", 0.95 * tone["glow"]),
                     (0.28, tone["sun"], 0.7 * tone["glow"]), (1, tone["sun"], 0)))
    for index, colour in enumerate(tone["ridges"][:ridges]):
        share = index / max(1, ridges - 1)
        base = height * (horizon + (ground - horizon - 0.02) * share ** 1.15)
        line = ridge_line(chance, width, base, height * swell * (1 - 0.62 * share),
                          rough * (1.3 - share))
        crest = min(y for _, y in line)
        paint = p.vertical((0, mixed(colour, tone["sun"], 0.16 * (1 - share))),
                           (1, mixed(colour, "#000000", 0.42)),
                           top=crest, bottom=crest + height * 0.26)
        p.add(f'<polygon points="{points(line + [(width + 4, height), (-4, height)])}" '
              f'fill="url(#{paint})"/>')
        # Dust in the air: what is near the sun is lit by it, far ridges the most.
        p.cover(p.radial(x, y, reach * 0.42, (0, tone["sun"], 0.34 * tone["glow"] * (1 - share)),
                         (1, tone["sun"], 0)))
    floor = height * ground
    paint = p.vertical((0, mixed(tone["ground"], tone["ridges"][3], 0.5)), (1, tone["ground"]),
                       top=floor, bottom=height)
    line = ridge_line(chance, width, floor, height * 0.004, 1.0)
    p.add(f'<polygon points="{points(line + [(width + 4, height), (-4, height)])}" '
          f'fill="url(#{paint})"/>')
    return floor


def shadow(p, x, y, length, thick, strength=0.55):
    """Long and soft, away from a low sun; `length` may be negative."""
    soft = p.blur(max(1.2, thick * 0.5))
    p.add(f'<ellipse cx="{number(x + length / 2)}" cy="{number(y)}" rx="{number(abs(length) / 2)}" '
          f'ry="{number(thick)}" fill="#000" opacity="{strength}" filter="url(#{soft})"/>')


def limb(x1, y1, r1, x2, y2, r2):
    """A tapered stroke with round ends, as one path."""
    angle = math.atan2(y2 - y1, x2 - x1)
    sx, sy = -math.sin(angle), math.cos(angle)
    return (f"M{number(x1 + sx * r1)} {number(y1 + sy * r1)}"
            f"A{number(r1)} {number(r1)} 0 0 1 {number(x1 - sx * r1)} {number(y1 - sy * r1)}"
            f"L{number(x2 - sx * r2)} {number(y2 - sy * r2)}"
            f"A{number(r2)} {number(r2)} 0 0 1 {number(x2 + sx * r2)} {number(y2 + sy * r2)}Z")


# Joints in thousandths of the height, the feet at 0 and y upward negative:
# (shoulder, elbow, hand) of both arms, (knee, foot) of both legs.
POSES = {
    "stand": dict(arms=[[(-98, -800), (-128, -640), (-118, -490)], [(98, -800), (128, -640), (120, -490)]],
                  legs=[[(-62, -250), (-72, -12)], [(60, -250), (78, -12)]]),
    "pockets": dict(arms=[[(-98, -800), (-165, -645), (-82, -505)], [(98, -800), (165, -645), (82, -505)]],
                    legs=[[(-56, -250), (-60, -12)], [(64, -255), (92, -12)]]),
    "walk": dict(arms=[[(-70, -800), (-130, -660), (-92, -520)], [(72, -800), (98, -650), (158, -540)]],
                 legs=[[(-72, -262), (-175, -40)], [(88, -270), (148, -12)]]),
    "stride": dict(arms=[[(-70, -800), (-92, -645), (-30, -530)], [(72, -800), (128, -655), (100, -510)]],
                   legs=[[(-30, -258), (-84, -14)], [(52, -262), (42, -18)]]),
    "raised": dict(arms=[[(-98, -800), (-165, -690), (-215, -815)], [(98, -810), (160, -960), (205, -1120)]],
                   legs=[[(-92, -255), (-128, -12)], [(78, -260), (122, -12)]]),
    "wide": dict(arms=[[(-98, -805), (-235, -880), (-352, -985)], [(98, -805), (238, -890), (348, -1000)]],
                 legs=[[(-96, -255), (-150, -12)], [(96, -255), (150, -12)]]),
    "lean": dict(arms=[[(-98, -800), (-60, -690), (-190, -760)], [(98, -800), (195, -700), (150, -570)]],
                 legs=[[(-130, -270), (-90, -12)], [(84, -250), (150, -12)]]),
    "guitar": dict(arms=[[(-98, -800), (-160, -650), (-30, -560)], [(98, -800), (190, -680), (250, -640)]],
                   legs=[[(-80, -255), (-110, -12)], [(74, -255), (110, -12)]]),
    "bow": dict(arms=[[(-98, -800), (-170, -815), (-245, -800)], [(98, -800), (170, -815), (245, -800)]],
                legs=[[(-60, -250), (-72, -12)], [(60, -250), (72, -12)]]),
}


def person(p, x, y, height, pose="stand", colour="#0a0808", hair="short", tilt=0, mirror=False,
           rim=None, coat=False):
    """A silhouette. `rim` is the colour of light from behind."""
    k = height / 1000
    body = POSES[pose]
    parts = ["M-112 -818 C-118 -838 -62 -858 -34 -868 L34 -868 C62 -858 118 -838 112 -818 "
             "C108 -730 92 -640 80 -560 L92 -455 L-92 -455 L-80 -560 C-92 -640 -108 -730 -112 -818Z",
             "M-32 -905 L32 -905 L38 -850 L-38 -850Z",
             "M0 -1000 C44 -1000 60 -966 57 -930 C54 -890 30 -862 0 -862 "
             "C-30 -862 -54 -890 -57 -930 C-60 -966 -44 -1000 0 -1000Z"]
    if hair == "long":
        parts.append("M0 -1008 C54 -1008 72 -968 68 -922 C70 -872 88 -836 78 -784 L30 -812 L-34 -810 "
                     "L-80 -778 C-90 -836 -70 -872 -68 -922 C-72 -968 -54 -1008 0 -1008Z")
    elif hair == "quiff":
        parts.append("M-56 -940 C-70 -1000 -30 -1026 12 -1022 C52 -1018 74 -990 58 -940Z")
    if coat:
        parts.append("M-100 -560 L100 -560 L128 -330 C60 -318 -60 -318 -128 -330Z")
    for shoulder, elbow, hand in body["arms"]:
        parts += [limb(*shoulder, 42, *elbow, 31), limb(*elbow, 31, *hand, 21)]
        parts.append(limb(*hand, 24, hand[0] + (hand[0] - elbow[0]) * 0.12,
                          hand[1] + (hand[1] - elbow[1]) * 0.12, 19))
    for side, (knee, foot) in zip((-44, 44), body["legs"]):
        parts += [limb(side, -480, 58, *knee, 42), limb(*knee, 42, *foot, 26)]
        parts.append(limb(foot[0], -14, 20, foot[0] + (24 if foot[0] > 0 else -24), -12, 14))
    path = " ".join(parts)
    place = (f"translate({number(x)} {number(y)}) rotate({tilt}) "
             f"scale({number(-k * 1000) if mirror else number(k * 1000)} {number(k * 1000)}) scale(.001)")
    if rim:
        # The light comes from above and behind: it edges shoulders and hair, not shoes.
        soft = p.blur(height * 0.010)
        fade = p.vertical((0, "#ffffff", 1), (0.45, "#ffffff", 0.55), (0.85, "#ffffff", 0),
                          top=y - height * 1.1, bottom=y)
        mask = p.define(f'<mask id="{{id}}" maskUnits="userSpaceOnUse" x="0" y="0" width="{p.width}" '
                        f'height="{p.height}"><rect width="{p.width}" height="{p.height}" fill="url(#{fade})"/></mask>')
        p.add(f'<g mask="url(#{mask})"><g filter="url(#{soft})" opacity=".75" '
              f'transform="translate(0 {number(-height * 0.008)})"><path transform="{place}" d="{path}" '
              f'fill="{rim}"/></g></g>')
    p.add(f'<path transform="{place}" d="{path}" fill="{colour}"/>')


GUITAR_BODY = ("M0 -.012 C.1 -.012 .165 -.07 .165 -.15 C.165 -.215 .108 -.24 .108 -.288 "
               "C.108 -.33 .142 -.352 .128 -.405 C.118 -.442 .066 -.442 .045 -.408 L.028 -.382 L-.028 -.382 L-.045 -.408 "
               "C-.066 -.442 -.118 -.442 -.128 -.405 C-.142 -.352 -.108 -.33 -.108 -.288 C-.108 -.24 -.165 -.215 -.165 -.15 "
               "C-.165 -.07 -.1 -.012 0 -.012Z")
GUITAR_NECK = ("M-.017 -.42 L-.013 -.93 L.013 -.93 L.017 -.42Z "
               "M-.013 -.93 L-.03 -.955 L-.026 -1.02 Q0 -1.04 .026 -1.02 L.03 -.955 L.013 -.93Z")


def slung_guitar(p, x, y, height, colour, rim, mirror=False):
    """The guitar of a person in the pose of that name, drawn over it; its edge catches the light."""
    size = height * 0.60
    side = -1 if mirror else 1
    p.add(f'<g transform="translate({number(x - side * height * 0.03)} {number(y - height * 0.55)}) '
          f'scale({number(side * size)} {number(size)}) rotate(70) translate(0 .2)">'
          f'<path d="{GUITAR_BODY} {GUITAR_NECK}" fill="{colour}" stroke="{rim}" stroke-opacity=".38" '
          f'stroke-width="{1.1 / size:.4f}"/></g>')


def car(p, x, y, length, paint, glass, rim="#ffffff", lamps=False, mirror=False):
    """A long American sedan from the side."""
    dark = mixed(paint, "#000000", 0.62)
    shadow(p, x - length * 0.56, y + length * 0.004, length * 1.12, length * 0.022, 0.8)
    fill = p.define(f'<linearGradient id="{{id}}" x1="0" x2="0" y1="0" y2="1">'
                    f'{p.stops([(0, mixed(paint, rim, 0.30)), (0.40, mixed(paint, rim, 0.10)), (0.52, paint), (1, dark)])}'
                    f'</linearGradient>')
    p.add(f'<g transform="translate({number(x)} {number(y)}) scale({number(-length if mirror else length)} '
          f'{number(length)})">'
          f'<path fill="url(#{fill})" d="M-.5 -.062 L-.506 -.118 Q-.505 -.148 -.47 -.152 L-.235 -.168 '
          f'L-.125 -.252 Q-.108 -.266 -.08 -.267 L.095 -.267 Q.13 -.266 .152 -.252 L.262 -.172 L.468 -.166 '
          f'Q.502 -.162 .506 -.135 L.5 -.062 Q.49 -.05 .44 -.05 L-.44 -.05 Q-.49 -.05 -.5 -.062Z"/>'
          f'<path fill="{glass}" opacity=".8" d="M-.205 -.169 L-.118 -.238 Q-.108 -.246 -.092 -.247 L-.022 -.248 '
          f'L-.022 -.170Z M-.004 -.170 L-.004 -.248 L.09 -.248 Q.118 -.247 .134 -.235 L.222 -.172Z"/>'
          f'<path stroke="{mixed(paint, rim, 0.45)}" stroke-width=".005" opacity=".7" d="M-.495 -.118 L.495 -.128"/>'
          f'<path stroke="#000" stroke-width=".003" opacity=".55" d="M-.02 -.168 L-.016 -.056 M.2 -.168 L.19 -.06"/>'
          f'<rect x="-.525" y="-.088" width=".075" height=".016" rx=".008" fill="{mixed(rim, "#222222", 0.45)}"/>'
          f'<rect x=".45" y="-.088" width=".075" height=".016" rx=".008" fill="{mixed(rim, "#222222", 0.5)}"/>'
          f'<circle cx="-.488" cy="-.122" r=".017" fill="{mixed(rim, "#444444", 0.2)}"/>'
          + "".join(f'<circle cx="{at}" cy="-.058" r=".066" fill="#060505"/>'
                    f'<circle cx="{at}" cy="-.056" r=".056" fill="#0d0b0b"/>'
                    f'<circle cx="{at}" cy="-.056" r=".027" fill="{mixed(rim, "#333333", 0.6)}"/>'
                    f'<circle cx="{at}" cy="-.056" r=".009" fill="#111"/>' for at in (-0.325, 0.325))
          + "</g>")
    if lamps:
        sign = 1 if mirror else -1
        lx, ly = x + sign * length * 0.49, y - length * 0.12
        soft = p.blur(length * 0.03)
        end = lx + sign * length * 1.5
        fade = p.define(f'<linearGradient id="{{id}}" gradientUnits="userSpaceOnUse" x1="{number(lx)}" x2="{number(end)}" '
                        f'y1="0" y2="0">{p.stops([(0, "#ffe9c0", 0.6), (0.5, "#ffe2b0", 0.2), (1, "#ffd9a0", 0)])}</linearGradient>')
        cone = [(lx, ly - 2), (end, ly - length * 0.09), (end, y + length * 0.05), (lx, ly + 3)]
        p.add(f'<polygon filter="url(#{soft})" fill="url(#{fade})" points="{points(cone)}"/>')
        p.cover(p.radial(lx, ly, length * 0.16, (0, "#fff3d6", 1), (0.15, "#ffe2b0", 0.6),
                         (1, "#ffd08a", 0)))


def joshua_tree(p, x, y, height, seed, colour="#0c0907"):
    """A trunk that forks, and at the end of every arm a ball of blades."""
    chance, lines, tufts = random.Random(seed), [], []

    def grow(x, y, angle, length, thick, depth):
        bend = chance.uniform(-0.3, 0.3)
        mx, my = x + math.cos(angle) * length * 0.5, y + math.sin(angle) * length * 0.5
        angle = angle + bend + (-math.pi / 2 - angle) * 0.35
        ex, ey = mx + math.cos(angle) * length * 0.5, my + math.sin(angle) * length * 0.5
        lines.append((x, y, mx, my, ex, ey, thick))
        if depth == 0 or (depth < 3 and chance.random() < 0.16):
            tufts.append((ex, ey, angle))
            return
        for side in (-1, 1):
            grow(ex, ey, angle + side * chance.uniform(0.4, 0.95), length * chance.uniform(0.58, 0.8),
                 thick * 0.74, depth - 1)

    grow(x, y, -math.pi / 2 + chance.uniform(-0.12, 0.12), height * 0.36, height * 0.062, 3)
    shape = "".join(f'<path d="M{number(a)} {number(b)}Q{number(c)} {number(d)} {number(e)} {number(f)}" '
                    f'stroke-width="{number(w)}"/>' for a, b, c, d, e, f, w in lines)
    blades = []
    for tx, ty, angle in tufts:
        for _ in range(34):
            turn = angle + chance.gauss(0, 0.95)
            reach = height * chance.uniform(0.06, 0.105)
            blades.append(f"M{number(tx)} {number(ty)}l{number(math.cos(turn) * reach)} "
                          f"{number(math.sin(turn) * reach)}")
    p.add(f'<g stroke="{colour}" fill="none" stroke-linecap="round">{shape}'
          f'<path d="{"".join(blades)}" stroke-width="{number(max(0.8, height * 0.010))}"/></g>')


def scrub(p, y, seed, colour, count=60, depth=0.12):
    """Low bushes, so that the ground is not a board."""
    chance, blades = random.Random(seed), []
    for _ in range(count):
        near = chance.random()
        x, base = chance.random() * p.width, y + near * p.height * depth
        size = p.height * (0.006 + 0.022 * near) * chance.uniform(0.5, 1.2)
        for _ in range(9):
            turn = -math.pi / 2 + chance.gauss(0, 0.75)
            blades.append(f"M{number(x + chance.gauss(0, size * 0.35))} {number(base)}"
                          f"l{number(math.cos(turn) * size)} {number(math.sin(turn) * size)}")
    p.add(f'<path d="{"".join(blades)}" stroke="{colour}" stroke-width="1.1" fill="none" opacity=".75"/>')


def road(p, floor, vanish, colour, line):
    """A straight road to the horizon and the poles beside it."""
    width, height = p.width, p.height
    x = width * vanish
    p.add(f'<polygon points="{points([(x - 1.5, floor), (x + 1.5, floor), (width * 0.80, height), (width * 0.22, height)])}" '
          f'fill="{colour}"/>')
    for step in range(12):
        near, far = (step + 0.55) / 12, step / 12
        a, b = far ** 2.3, near ** 2.3
        y1, y2 = floor + (height - floor) * a, floor + (height - floor) * b
        cx1 = x + (width * 0.51 - x) * a
        cx2 = x + (width * 0.51 - x) * b
        p.add(f'<polygon fill="{line}" opacity=".75" points="'
              f'{points([(cx1 - 0.4 - 4 * a, y1), (cx1 + 0.4 + 4 * a, y1), (cx2 + 0.4 + 4 * b, y2), (cx2 - 0.4 - 4 * b, y2)])}"/>')
    previous = None
    for step in range(7):
        near = 0.86 * 0.52 ** step
        px = x + (width * 1.06 - x) * near
        foot = floor + (height - floor) * near * 0.62
        tall = height * 0.62 * near + 3
        thick = max(0.7, 6 * near)
        arm = tall * 0.16
        p.add(f'<path d="M{number(px)} {number(foot)}V{number(foot - tall)}M{number(px - arm)} '
              f'{number(foot - tall * 0.92)}h{number(arm * 2)}" stroke="#0f0b09" '
              f'stroke-width="{number(thick)}" fill="none"/>')
        ends = [(px - arm, foot - tall * 0.93), (px + arm, foot - tall * 0.93)]
        if previous:
            for (ax, ay), (bx, by) in zip(previous, ends):
                p.add(f'<path d="M{number(ax)} {number(ay)}Q{number((ax + bx) / 2)} '
                      f'{number((ay + by) / 2 + abs(ax - bx) * 0.09)} {number(bx)} {number(by)}" '
                      f'stroke="#0f0b09" stroke-width="{number(max(0.4, thick * 0.18))}" fill="none"/>')
        previous = ends


# --- The studio -----------------------------------------------------------------------------

ROOM = {
    "warm": dict(wall="#8c6a45", plank="#3b2817", floor="#5a3a22", light="#ffd9a0", guitar="#a3301a",
                 amp="#1b1512", cloth="#6d5a42", knob="#e9dcc0"),
    "ochre": dict(wall="#b0742f", plank="#4a2c12", floor="#6a3f1c", light="#ffc472", guitar="#b5401c",
                  amp="#1d130d", cloth="#7c5a34", knob="#f0d9a8"),
    "blue": dict(wall="#5d6a82", plank="#222a3a", floor="#343c4c", light="#cfe0ff", guitar="#8f2f24",
                 amp="#14161c", cloth="#565a62", knob="#dfe3ea"),
    "mono": dict(wall="#7a7a7a", plank="#2a2a2a", floor="#474747", light="#f4f4f4", guitar="#5c5c5c",
                 amp="#151515", cloth="#5f5f5f", knob="#e4e4e4"),
}


def room(p, tone, seed, floor=0.74, lamp=(0.55, 0.28), rug=None):
    """A wall of planks, a floor, and one lamp on it. Returns the y where things stand."""
    chance, width, height = random.Random(seed), p.width, p.height
    line = height * floor
    p.add(f'<rect width="{width}" height="{number(line)}" fill="{tone["wall"]}"/>')
    x = -chance.random() * 40
    while x < width:
        step = max(width, height) * chance.uniform(0.035, 0.055)
        p.add(f'<rect x="{number(x)}" width="{number(step)}" height="{number(line)}" '
              f'fill="{tone["plank"]}" opacity="{number(chance.uniform(0.02, 0.26))}"/>')
        p.add(f'<rect x="{number(x)}" width="2" height="{number(line)}" fill="{tone["plank"]}" opacity=".75"/>')
        x += step
    p.cover(p.radial(lamp[0] * width, lamp[1] * height, max(width, height) * 0.36, (0, tone["light"], 0.62),
                     (0.22, tone["light"], 0.28), (1, tone["light"], 0)), blend="screen")
    p.add(f'<rect y="{number(line)}" width="{width}" height="{number(height - line)}" '
          f'fill="url(#{p.vertical((0, mixed(tone["floor"], tone["light"], 0.12)), (1, mixed(tone["floor"], "#000000", 0.6)), top=line)})"/>')
    for step in range(-14, 15):
        p.add(f'<path d="M{number(width / 2 + step * width * 0.045)} {number(line)}'
              f'L{number(width / 2 + step * width * 0.115)} {height}" stroke="{tone["plank"]}" '
              f'stroke-width="1.2" opacity=".4"/>')
    p.add(f'<rect y="{number(line - height * 0.022)}" width="{width}" height="{number(height * 0.022)}" '
          f'fill="{tone["plank"]}" opacity=".85"/>')
    if rug:
        near, far = line + height * 0.21, line + height * 0.045
        shape = [(width * 0.2, far), (width * 0.8, far), (width * 0.93, near), (width * 0.07, near)]
        p.add(f'<polygon points="{points(shape)}" fill="{rug}"/>')
        for inset in (0.02, 0.045):
            inner = [(width * (0.2 + inset), far + height * inset * 0.5), (width * (0.8 - inset), far + height * inset * 0.5),
                     (width * (0.93 - inset * 1.8), near - height * inset * 0.8), (width * (0.07 + inset * 1.8), near - height * inset * 0.8)]
            p.add(f'<polygon points="{points(inner)}" fill="none" stroke="{mixed(rug, tone["light"], 0.35)}" '
                  f'stroke-width="2" opacity=".7"/>')
        for step in range(9):
            cx, cy = width * (0.26 + step * 0.06), (near + far) / 2
            p.add(f'<polygon points="{points([(cx, cy - height * .028), (cx + width * .022, cy), (cx, cy + height * .032), (cx - width * .022, cy)])}" '
                  f'fill="{mixed(rug, tone["light"], 0.22)}" opacity=".7"/>')
    return line


def lamplight(p, tone, lamp, reach=0.62, dark=0.9):
    """The light of one lamp, laid over everything at the end."""
    x, y, size = lamp[0] * p.width, lamp[1] * p.height, max(p.width, p.height)
    p.cover(p.radial(x, y, size * reach * 1.15, (0, "#000000", 0), (0.28, "#000000", dark * 0.22),
                     (0.62, "#000000", dark * 0.66), (1, "#000000", dark)))
    p.cover(p.radial(x, y, size * 0.5, (0, tone["light"], 0.13), (1, tone["light"], 0)), blend="screen")


def amplifier(p, x, y, width, height, tone, knobs=6, pilot="#ff5a36"):
    """Cabinet, grille cloth, a panel of knobs; `x` is the middle, `y` the floor."""
    left, top = x - width / 2, y - height
    cell = p.define(f'<pattern id="{{id}}" patternUnits="userSpaceOnUse" width="4" height="4">'
                    f'<rect width="4" height="4" fill="{mixed(tone["cloth"], "#000000", 0.55)}"/>'
                    f'<path d="M0 1H4M1 0V4" stroke="{tone["cloth"]}" stroke-width=".8" opacity=".55"/></pattern>')
    edge = width * 0.045
    panel = height * 0.17
    shadow(p, left - width * 0.03, y, width * 1.06, height * 0.02, 0.85)
    p.add(f'<rect x="{number(left)}" y="{number(top)}" width="{number(width)}" height="{number(height)}" '
          f'rx="{number(width * 0.025)}" fill="{tone["amp"]}"/>'
          f'<rect x="{number(left)}" y="{number(top)}" width="{number(width)}" height="2" rx="1" '
          f'fill="{mixed(tone["amp"], tone["light"], 0.45)}" opacity=".8"/>'
          f'<rect x="{number(left + edge)}" y="{number(top + edge)}" width="{number(width - 2 * edge)}" '
          f'height="{number(panel - edge)}" fill="{mixed(tone["amp"], "#000000", 0.4)}"/>'
          f'<rect x="{number(left + edge)}" y="{number(top + panel + edge * 0.5)}" width="{number(width - 2 * edge)}" '
          f'height="{number(height - panel - edge * 1.5)}" fill="url(#{cell})" stroke="#000" stroke-opacity=".5"/>')
    shade = p.vertical((0, "#000000", 0.55), (0.2, "#000000", 0), (1, "#000000", 0.35),
                       top=top + panel, bottom=y)
    p.add(f'<rect x="{number(left + edge)}" y="{number(top + panel + edge * 0.5)}" width="{number(width - 2 * edge)}" '
          f'height="{number(height - panel - edge * 1.5)}" fill="url(#{shade})"/>')
    middle = top + (panel + edge) / 2
    radius = min(panel * 0.17, width * 0.024)
    for step in range(knobs):
        kx = left + width * (0.15 + 0.62 * step / max(1, knobs - 1))
        p.add(f'<circle cx="{number(kx)}" cy="{number(middle)}" r="{number(radius)}" fill="{tone["knob"]}"/>'
              f'<path d="M{number(kx)} {number(middle)}l{number(radius * 0.2)} {number(-radius)}" stroke="#222" stroke-width=".8"/>')
    lx = left + width * 0.885
    p.add(f'<circle cx="{number(lx)}" cy="{number(middle)}" r="{number(radius * 0.8)}" fill="{pilot}"/>')
    p.cover(p.radial(lx, middle, radius * 7, (0, pilot, 0.7), (0.3, pilot, 0.2), (1, pilot, 0)), blend="screen")
    p.add(f'<path d="M{number(x - width * 0.11)} {number(top)}q{number(width * 0.11)} {number(-height * 0.06)} '
          f'{number(width * 0.22)} 0" fill="none" stroke="{mixed(tone["amp"], "#000000", 0.3)}" stroke-width="{number(width * 0.02)}"/>')


def guitar(p, x, y, height, tone, tilt=-6):
    """A thinline with two horns; `y` is where it stands."""
    colour = tone["guitar"]
    fill = p.define(f'<radialGradient id="{{id}}" cx=".42" cy=".4" r=".75">'
                    f'{p.stops([(0, mixed(colour, tone["light"], 0.34)), (0.45, colour), (1, mixed(colour, "#000000", 0.72))])}'
                    f'</radialGradient>')
    shadow(p, x - height * 0.16, y, height * 0.32, height * 0.012, 0.8)
    p.add(f'<g transform="translate({number(x)} {number(y)}) rotate({tilt}) scale({number(height)})">'
          f'<path fill="#170d09" d="{GUITAR_NECK}"/>'
          f'<path fill="url(#{fill})" d="{GUITAR_BODY}" stroke="{mixed(colour, tone["light"], 0.5)}" stroke-width=".004"/>'
          f'<path fill="#0d0705" d="M-.095 -.25 q-.022 .05 .0 .1 q.012 .02 .004 .035 q-.012 -.01 -.02 -.035 q-.022 -.05 .016 -.1Z '
          f'M.095 -.25 q.022 .05 0 .1 q-.012 .02 -.004 .035 q.012 -.01 .02 -.035 q.022 -.05 -.016 -.1Z"/>'
          f'<rect x="-.046" y="-.345" width=".092" height=".032" rx=".006" fill="{mixed(tone["knob"], "#555555", 0.55)}"/>'
          f'<rect x="-.046" y="-.225" width=".092" height=".032" rx=".006" fill="{mixed(tone["knob"], "#555555", 0.55)}"/>'
          f'<rect x="-.05" y="-.15" width=".1" height=".013" rx=".004" fill="{mixed(tone["knob"], "#555555", 0.3)}"/>'
          + "".join(f'<path d="M{at / 1000} -.145 L{at / 1800} -.93" stroke="{tone["knob"]}" stroke-width=".0022" opacity=".6"/>'
                    for at in (-14, -8, -3, 3, 8, 14))
          + "".join(f'<circle cx="{cx}" cy="{cy}" r=".011" fill="{tone["knob"]}" opacity=".85"/>'
                    for cx, cy in ((0.075, -0.105), (0.112, -0.14), (0.062, -0.062), (0.106, -0.088)))
          + "".join(f'<path d="M-.0155 {-0.45 - at * 0.03:.3f}H.0155" stroke="{tone["knob"]}" stroke-width=".002" opacity=".35"/>' for at in range(15))
          + "</g>")


def microphone_stand(p, x, y, height, colour, tilt=0, boom=True):
    arm = height * 0.26 if boom else 0
    p.add(f'<g transform="rotate({tilt} {number(x)} {number(y)})" stroke="{colour}" fill="none" stroke-linecap="round" '
          f'stroke-width="{number(max(1.4, height * 0.012))}">'
          f'<path d="M{number(x)} {number(y)}V{number(y - height)}M{number(x - height * 0.12)} {number(y)}'
          f'Q{number(x)} {number(y - height * 0.05)} {number(x + height * 0.12)} {number(y)}"/>'
          + (f'<path d="M{number(x + arm * 0.3)} {number(y - height * 0.96)}L{number(x - arm)} {number(y - height * 1.08)}"/>' if boom else "")
          + f'<ellipse cx="{number(x - arm)}" cy="{number(y - height * (1.09 if boom else 1.015))}" rx="{number(height * 0.026)}" '
          f'ry="{number(height * 0.036)}" fill="{colour}" stroke="none"/></g>')


def tape_machine(p, tone, turn=0.0, level=0.5):
    """Two reels, two meters and what is written on the box: the picture is all machine."""
    width, height = p.width, p.height
    plate = p.vertical((0, "#585858"), (0.5, "#3b3b3b"), (1, "#161616"))
    p.cover(plate)
    chance = random.Random(11)
    for _ in range(240):
        y = chance.random() * height
        p.add(f'<rect y="{number(y)}" width="{width}" height=".7" fill="{chance.choice(("#ffffff", "#000000"))}" opacity=".022"/>')
    radius = height * 0.285
    for side, cx in enumerate((width * 0.285, width * 0.715)):
        cy = height * 0.36
        full = radius * (0.72 if side == 0 else 0.5)
        soft = p.blur(height * 0.02)
        p.add(f'<circle cx="{number(cx + 6)}" cy="{number(cy + 12)}" r="{number(radius)}" fill="#000" opacity=".7" filter="url(#{soft})"/>')
        p.add(f'<circle cx="{number(cx)}" cy="{number(cy)}" r="{number(full)}" fill="#20150f"/>')
        for ring in range(14):
            p.add(f'<circle cx="{number(cx)}" cy="{number(cy)}" r="{number(full * (0.42 + ring * 0.042))}" fill="none" '
                  f'stroke="#fff" stroke-width=".6" opacity=".05"/>')
        sheen = p.define(f'<linearGradient id="{{id}}" x1="0" y1="0" x2="1" y2="1">'
                         f'{p.stops([(0, "#e6e6e6"), (0.45, "#8c8c8c"), (0.6, "#b9b9b9"), (1, "#3a3a3a")])}</linearGradient>')
        holes = ""
        for third in range(3):
            a = third * 2 * math.pi / 3
            sweep = 0.72
            pts = []
            for r, order in ((0.40, 1), (0.86, -1)):
                for step in range(13):
                    b = a + order * (-sweep + 2 * sweep * step / 12)
                    pts.append((math.cos(b) * radius * r, math.sin(b) * radius * r))
            holes += "M" + "L".join(f"{number(hx)} {number(hy)}" for hx, hy in pts) + "Z"
        degrees = number((turn * (1 if side == 0 else 1.35) + side * 25) % 360)
        p.add(f'<g transform="translate({number(cx)} {number(cy)}) rotate({degrees})">'
              f'<path fill-rule="evenodd" fill="url(#{sheen})" d="M{number(-radius)} 0a{number(radius)} {number(radius)} 0 1 0 '
              f'{number(2 * radius)} 0a{number(radius)} {number(radius)} 0 1 0 {number(-2 * radius)} 0Z{holes}"/>'
              f'<circle r="{number(radius * 0.2)}" fill="#2a2a2a"/><circle r="{number(radius * 0.15)}" fill="#c9c9c9"/>'
              + "".join(f'<rect x="{number(-radius * 0.018)}" y="{number(-radius * 0.15)}" width="{number(radius * 0.036)}" '
                        f'height="{number(radius * 0.1)}" fill="#222" transform="rotate({a})"/>' for a in (0, 120, 240))
              + "</g>")
    y = height * 0.735
    p.add(f'<path d="M{number(width * 0.285 - radius * 0.68)} {number(height * 0.42)}L{number(width * 0.31)} {number(y)}'
          f'L{number(width * 0.69)} {number(y)}L{number(width * 0.715 + radius * 0.46)} {number(height * 0.42)}" '
          f'stroke="#140c08" stroke-width="{number(height * 0.009)}" fill="none"/>')
    for cx in (0.31, 0.69):
        p.add(f'<circle cx="{number(width * cx)}" cy="{number(y)}" r="{number(height * 0.028)}" fill="#8a8a8a"/>'
              f'<circle cx="{number(width * cx)}" cy="{number(y)}" r="{number(height * 0.012)}" fill="#222"/>')
    p.add(f'<rect x="{number(width * 0.43)}" y="{number(y - height * 0.045)}" width="{number(width * 0.14)}" '
          f'height="{number(height * 0.085)}" rx="5" fill="#6c6c6c"/>'
          f'<rect x="{number(width * 0.485)}" y="{number(y - height * 0.035)}" width="{number(width * 0.03)}" '
          f'height="{number(height * 0.065)}" fill="#1d1d1d"/>')
    for side, cx in enumerate((0.40, 0.60)):
        x, top, w, h = width * (cx - 0.075), height * 0.83, width * 0.15, height * 0.13
        glow = p.radial(width * cx, top + h * 0.6, w * 0.7, (0, "#fff6dc"), (1, "#c9a668"))
        p.add(f'<rect x="{number(x)}" y="{number(top)}" width="{number(w)}" height="{number(h)}" rx="4" fill="url(#{glow})"/>')
        lean = -0.95 + 1.5 * min(1, max(0, level + 0.12 * side))
        px, py = width * cx, top + h * 1.02
        p.add(f'<path d="M{number(x + w * 0.14)} {number(top + h * 0.48)}Q{number(px)} {number(top + h * 0.16)} '
              f'{number(x + w * 0.86)} {number(top + h * 0.48)}" fill="none" stroke="#2b2118" stroke-width="1.4"/>'
              f'<path d="M{number(px)} {number(py)}l{number(math.sin(lean) * h * 0.86)} {number(-math.cos(lean) * h * 0.86)}" '
              f'stroke="#1a1008" stroke-width="1.6"/>')
        p.cover(p.radial(width * cx, top + h * 0.5, w * 1.25, (0, "#ffe2a8", 0.35), (1, "#ffe2a8", 0)), blend="screen")
    p.vignette(0.85, 0.5, 0.42)


def house(p, tone, x, y, length):
    """A low house, three lit windows, a porch."""
    tall = length * 0.2
    p.add(f'<path d="M{number(x - length / 2)} {number(y)}V{number(y - tall)}L{number(x - length * 0.57)} {number(y - tall)}'
          f'L{number(x - length * 0.36)} {number(y - tall * 1.62)}L{number(x + length * 0.30)} {number(y - tall * 1.62)}'
          f'L{number(x + length * 0.57)} {number(y - tall)}L{number(x + length / 2)} {number(y - tall)}V{number(y)}Z" fill="#07090e"/>'
          f'<rect x="{number(x + length * 0.16)}" y="{number(y - tall * 2.02)}" width="{number(length * 0.05)}" height="{number(tall)}" fill="#07090e"/>')
    for at, wide in ((-0.34, 0.11), (-0.07, 0.16), (0.27, 0.10)):
        left, top = x + length * (at - wide / 2), y - tall * 0.80
        w, h = length * wide, tall * 0.44
        p.cover(p.radial(left + w / 2, top + h / 2, w * 1.9, (0, "#ffb45e", 0.5), (0.4, "#ff9a3e", 0.16), (1, "#ff9a3e", 0)), blend="screen")
        p.add(f'<rect x="{number(left)}" y="{number(top)}" width="{number(w)}" height="{number(h)}" '
              f'fill="url(#{p.vertical((0, "#ffe0a2"), (1, "#f0953c"), top=top, bottom=top + h)})"/>'
              f'<path d="M{number(left + w / 2)} {number(top)}v{number(h)}M{number(left)} {number(top + h * 0.5)}h{number(w)}" stroke="#1a0f07" stroke-width="1.6"/>')
        p.add(f'<polygon points="{points([(left, y + 1), (left + w, y + 1), (left + w * 1.7, y + tall * 0.55), (left - w * 0.7, y + tall * 0.55)])}" '
              f'fill="#ffb45e" opacity=".12" filter="url(#{p.blur(5)})"/>')


def close_microphone(p, tone, seed):
    """One microphone, near; the lamps of the room out of focus behind it."""
    width, height, chance = p.width, p.height, random.Random(seed)
    p.cover(p.radial(width * 0.68, height * 0.35, width * 0.8, (0, "#6b3f1e"), (0.5, "#2c180d"), (1, "#0b0604")))
    soft = p.blur(3)
    for _ in range(26):
        x, y = chance.gauss(0.66, 0.24) * width, chance.gauss(0.36, 0.2) * height
        r = height * chance.uniform(0.018, 0.062)
        tint = chance.choice(("#ffca7a", "#ff9a4a", "#ffe0b0", "#e06a3a"))
        p.add(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(r)}" fill="{tint}" stroke="{tint}" stroke-width="1.5" '
              f'opacity="{number(chance.uniform(0.08, 0.34))}" filter="url(#{soft})" style="mix-blend-mode:screen"/>')
    x, y, r = width * 0.36, height * 0.42, height * 0.2
    body = p.define(f'<linearGradient id="{{id}}" x1="0" x2="1" y1="0" y2="0">'
                    f'{p.stops([(0, "#0b0908"), (0.35, "#2b2622"), (0.62, "#57493c"), (0.86, "#e8b878"), (0.93, "#8a6238"), (1, "#1a110a")])}</linearGradient>')
    mesh = p.define('<pattern id="{id}" patternUnits="userSpaceOnUse" width="7" height="7">'
                    '<path d="M0 0L7 7M7 0L0 7" stroke="#000" stroke-width="2" opacity=".72"/></pattern>')
    head = (f'M{number(x - r)} {number(y)}C{number(x - r)} {number(y - r * 1.35)} {number(x + r)} {number(y - r * 1.35)} {number(x + r)} {number(y)}'
            f'L{number(x + r * 0.92)} {number(y + r * 0.75)}L{number(x - r * 0.92)} {number(y + r * 0.75)}Z')
    p.add(f'<path d="{head}" fill="url(#{body})"/><path d="{head}" fill="url(#{mesh})"/>'
          f'<rect x="{number(x - r * 1.05)}" y="{number(y + r * 0.02)}" width="{number(r * 2.1)}" height="{number(r * 0.2)}" rx="4" fill="url(#{body})"/>'
          f'<path d="M{number(x - r * 0.92)} {number(y + r * 0.75)}H{number(x + r * 0.92)}L{number(x + r * 0.62)} {number(y + r * 1.15)}'
          f'L{number(x + r * 0.54)} {number(height + 10)}H{number(x - r * 0.54)}L{number(x - r * 0.62)} {number(y + r * 1.15)}Z" fill="url(#{body})"/>'
          f'<rect x="{number(x - r * 0.66)}" y="{number(y + r * 1.1)}" width="{number(r * 1.32)}" height="{number(r * 0.09)}" fill="url(#{body})"/>')
    p.vignette(0.75)


# --- The stage ------------------------------------------------------------------------------

def beams(p, lamps, seed, smoke=0.75, foot=1.0):
    """Light through haze. A lamp is (x, degrees from straight down, spread, colour, strength)."""
    width, height = p.width, p.height
    noise = p.define(
        f'<filter id="{{id}}" filterUnits="userSpaceOnUse" x="0" y="0" width="{width}" height="{height}" '
        f'color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="0.0060 0.0085" '
        f'numOctaves="4" seed="{seed}"/><feColorMatrix type="matrix" values="{smoke * 2.4:.2f} 0 0 0 {0.80 - smoke * 1.2:.2f} '
        f'{smoke * 2.4:.2f} 0 0 0 {0.80 - smoke * 1.2:.2f} {smoke * 2.4:.2f} 0 0 0 {0.80 - smoke * 1.2:.2f} 0 0 0 0 1"/></filter>')
    mask = p.define(f'<mask id="{{id}}" maskUnits="userSpaceOnUse" x="0" y="0" width="{width}" height="{height}">'
                    f'<rect width="{width}" height="{height}" filter="url(#{noise})"/></mask>')
    soft, core = p.blur(max(width, height) * 0.011), p.blur(max(width, height) * 0.004)
    p.add(f'<g mask="url(#{mask})">')
    for x, degrees, spread, colour, strength in lamps:
        length = height * 1.25 * foot
        x *= width
        angle = math.radians(degrees)
        ex, ey = x + math.sin(angle) * length, math.cos(angle) * length
        paint = p.define(f'<linearGradient id="{{id}}" gradientUnits="userSpaceOnUse" x1="{number(x)}" y1="0" x2="{number(ex)}" y2="{number(ey)}">'
                         f'{p.stops([(0, mixed(colour, "#ffffff", 0.6), strength), (0.1, mixed(colour, "#ffffff", 0.15), strength * 0.85), (0.5, colour, strength * 0.42), (0.8, colour, strength * 0.16), (1, colour, 0)])}</linearGradient>')
        for filter_, wide, opacity in ((soft, 1.0, 0.75), (core, 0.42, 0.55)):
            half = width * spread * wide
            nx, ny = math.cos(angle), -math.sin(angle)
            shape = [(x - nx * 6, -8 - ny * 6), (x + nx * 6, -8 + ny * 6),
                     (ex + nx * half, ey + ny * half), (ex - nx * half, ey - ny * half)]
            p.add(f'<polygon points="{points(shape)}" fill="url(#{paint})" opacity="{opacity}" '
                  f'filter="url(#{filter_})" style="mix-blend-mode:screen"/>')
    p.add("</g>")
    for x, _, _, colour, strength in lamps:
        p.cover(p.radial(x * width, -4, max(width, height) * 0.075, (0, "#ffffff", 0.9 * strength),
                         (0.12, mixed(colour, "#ffffff", 0.5), 0.5 * strength),
                         (0.4, colour, 0.12 * strength), (1, colour, 0)), blend="screen")


def haze(p, x, y, colour, strength, reach=0.5, squeeze=0.8):
    p.cover(p.radial(p.width * x, p.height * y, max(p.width, p.height) * reach,
                     (0, colour, strength), (0.35, colour, strength * 0.45), (1, colour, 0), squeeze=squeeze), blend="screen")


def stage_floor(p, y, colour):
    top = p.height * y
    p.add(f'<rect y="{number(top)}" width="{p.width}" height="{number(p.height - top)}" '
          f'fill="url(#{p.vertical((0, mixed("#000000", colour, 0.34)), (0.3, mixed("#000000", colour, 0.12)), (1, "#000000"), top=top)})"/>')
    return top


def crowd(p, seed, y=0.93, size=0.03, tint="#1a0a08", arms=0.12, rows=3):
    """Heads from behind, the near ones larger and black."""
    chance, width, height = random.Random(seed), p.width, p.height
    unit = max(width, height)
    for row in range(rows):
        near = row / max(1, rows - 1)
        r = unit * size * (0.55 + 0.65 * near)
        base = height * y + height * 0.075 * near
        colour = mixed(tint, "#000000", near)
        x, shapes = -r * chance.random(), []
        while x < width + r:
            cy = base + chance.gauss(0, r * 0.28)
            shapes.append(f'<ellipse cx="{number(x)}" cy="{number(cy)}" rx="{number(r * chance.uniform(0.38, 0.47))}" ry="{number(r * 0.56)}"/>')
            shapes.append(f'<path d="M{number(x - r * 1.05)} {number(height + 5)}V{number(cy + r * 1.15)}Q{number(x - r)} {number(cy + r * 0.62)} {number(x)} {number(cy + r * 0.55)}'
                          f'Q{number(x + r)} {number(cy + r * 0.62)} {number(x + r * 1.05)} {number(cy + r * 1.15)}V{number(height + 5)}Z"/>')
            if chance.random() < arms:
                side = chance.choice((-1, 1))
                ax, ay = x + side * r * 0.85, cy + r * 0.8
                bx, by = ax + side * r * chance.uniform(-0.1, 0.4), ay - r * chance.uniform(1.0, 1.4)
                hx, hy = bx + chance.uniform(-0.35, 0.35) * r, by - r * chance.uniform(0.8, 1.3)
                shapes.append(f'<path d="{limb(ax, ay, r * 0.2, bx, by, r * 0.14)} {limb(bx, by, r * 0.14, hx, hy, r * 0.1)} {limb(hx, hy, r * 0.14, hx, hy - r * 0.2, r * 0.1)}"/>')
            x += r * chance.uniform(1.35, 2.0)
        p.add(f'<g fill="{colour}">{"".join(shapes)}</g>')


def hall(p, seed):
    """The auditorium from the stage: boxes, arches of the gallery, the discs under the dome."""
    width, height, chance = p.width, p.height, random.Random(seed)
    p.cover(p.vertical((0, "#0a0e1c"), (0.3, "#1a1418"), (0.7, "#2a120b"), (1, "#070302")))

    def curve(y, x):
        return height * y - ((x / width - 0.5) * 2) ** 2 * height * 0.085

    for layer, (cy, rx) in enumerate(((0.06, 0.050), (0.13, 0.042), (0.19, 0.034))):
        count = 7 + layer * 2
        for step in range(count):
            x = width * (0.5 + (step - (count - 1) / 2) * (0.155 - layer * 0.035))
            y = height * cy + abs(step - (count - 1) / 2) ** 1.6 * height * 0.006
            glow = p.define(f'<radialGradient id="{{id}}" cx=".5" cy=".75" r=".7">{p.stops([(0, "#7f8db5"), (0.6, "#3a4365"), (1, "#12162a")])}</radialGradient>')
            p.add(f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(width * rx)}" ry="{number(height * rx * 0.42)}" '
                  f'fill="url(#{glow})" opacity="{0.9 - layer * 0.18}"/>')
    tiers = [(0.435, 0.125, 30, "#e9a25a", 0.85), (0.535, 0.052, 44, "#ffb86a", 1), (0.610, 0.056, 40, "#ffae5c", 1), (0.692, 0.062, 36, "#ff9f4c", 0.9)]
    for y, tall, count, colour, strength in tiers:
        step = width / count
        shapes = []
        for i in range(count + 1):
            x = (i - 0.0) * step
            base = curve(y, x)
            top = base - height * tall
            w = step * 0.36
            lit = 0.35 + 0.65 * chance.random()
            shapes.append(f'<path d="M{number(x - w)} {number(base)}V{number(top + w)}A{number(w)} {number(w)} 0 0 1 {number(x + w)} {number(top + w)}V{number(base)}Z" '
                          f'fill="{mixed("#170905", colour, lit * strength * 0.8)}"/>')
        p.add("".join(shapes))
        line = [(x, curve(y, x)) for x in range(0, width + 1, 10)]
        p.add(f'<polyline points="{points(line)}" fill="none" stroke="{mixed("#2a0f08", colour, 0.5)}" stroke-width="{number(height * 0.012)}"/>')
        p.add(f'<polyline points="{points([(x, yy + height * 0.012) for x, yy in line])}" fill="none" stroke="#190705" stroke-width="{number(height * 0.014)}"/>')
        soft = p.blur(height * 0.02)
        p.add(f'<polyline points="{points([(x, yy - height * tall * 0.4) for x, yy in line])}" fill="none" stroke="{colour}" stroke-width="{number(height * tall * 0.8)}" '
              f'opacity=".2" filter="url(#{soft})" style="mix-blend-mode:screen"/>')
    for row in range(9):
        y = 0.735 + row * 0.024
        line = [(x, curve(y, x) + height * 0.03 * ((x / width - 0.5) * 2) ** 2) for x in range(0, width + 1, 10)]
        p.add(f'<polyline points="{points(line)}" fill="none" stroke="{mixed("#6a1f14", "#0a0302", row / 9)}" stroke-width="{number(height * 0.016)}" '
              f'stroke-dasharray="{number(5 + row)} {number(1.2 + row * 0.25)}"/>')
