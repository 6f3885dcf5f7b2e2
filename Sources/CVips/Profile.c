#include "CVips.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static uint32_t word(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static double fixed(const unsigned char *at) { return (int32_t)word(at) / 65536.0; }

/// The element of a profile under a signature; NULL when it is not there or reaches past the end.
static const unsigned char *element(const unsigned char *profile, size_t length, const char *name, size_t *size) {
    uint32_t count = word(profile + 128);
    if (count > 100 || 132 + (size_t)count * 12 > length) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *entry = profile + 132 + i * 12;
        if (memcmp(entry, name, 4) != 0) continue;
        size_t offset = word(entry + 4), extent = word(entry + 8);
        if (offset > length || extent > length - offset || extent < 12) return NULL;
        *size = extent;
        return profile + offset;
    }
    return NULL;
}

static int is_near(const unsigned char *profile, size_t length, const char *name, const double wanted[3]) {
    size_t size;
    const unsigned char *found = element(profile, length, name, &size);
    if (!found || size < 20 || memcmp(found, "XYZ ", 4) != 0) return 0;
    for (int i = 0; i < 3; i++)
        if (fabs(fixed(found + 8 + i * 4) - wanted[i]) > 0.002) return 0;
    return 1;
}

/// What a tone curve makes of a value between 0 and 1; negative when it is of a kind that sRGB profiles do not use.
static double curve(const unsigned char *found, size_t size, double x) {
    if (memcmp(found, "curv", 4) == 0) {
        uint32_t count = word(found + 8);
        // One entry is a plain gamma and none is linear: neither is sRGB.
        if (count < 2 || 12 + (size_t)count * 2 > size) return -1;
        double place = x * (count - 1);
        uint32_t below = (uint32_t)place;
        if (below > count - 2) below = count - 2;
        const unsigned char *at = found + 12 + (size_t)below * 2;
        double low = at[0] * 256 + at[1], high = at[2] * 256 + at[3];
        return (low + (high - low) * (place - below)) / 65535.0;
    }
    if (memcmp(found, "para", 4) == 0 && size >= 32 && found[8] == 0 && found[9] == 3) {
        double gamma = fixed(found + 12), a = fixed(found + 16), b = fixed(found + 20);
        double c = fixed(found + 24), d = fixed(found + 28);
        return x >= d ? pow(a * x + b, gamma) : c * x;
    }
    return -1;
}

int cvips_profile_is_srgb(const unsigned char *profile, size_t length) {
    // Red, green and blue adapted to D50, as every sRGB profile states them within rounding.
    static const double red[3] = {0.4361, 0.2225, 0.0139};
    static const double green[3] = {0.3851, 0.7169, 0.0971};
    static const double blue[3] = {0.1431, 0.0606, 0.7141};
    if (!profile || length < 132 || memcmp(profile + 16, "RGB ", 4) != 0) return 0;
    size_t size;
    // A table from device to PCS outranks the matrix, and is somebody's own rendering.
    if (element(profile, length, "A2B0", &size)) return 0;
    if (!is_near(profile, length, "rXYZ", red) || !is_near(profile, length, "gXYZ", green) ||
        !is_near(profile, length, "bXYZ", blue))
        return 0;
    static const char *const curves[3] = {"rTRC", "gTRC", "bTRC"};
    for (int i = 0; i < 3; i++) {
        const unsigned char *found = element(profile, length, curves[i], &size);
        if (!found) return 0;
        // The middle tells sRGB from gamma 2.2 (0.2140 and 0.2176); the shadow tells it from gamma alone.
        if (fabs(curve(found, size, 0.5) - 0.2140) > 0.0015) return 0;
        if (fabs(curve(found, size, 0.05) - 0.0039) > 0.001) return 0;
    }
    return 1;
}
