#pragma once
#include <stddef.h>

// Pictures through libvips: one call a picture, from a file, from bytes or from pixels to a finished JPEG that is
// upright, sRGB and carries no metadata but its colour profile.

/// What the content is, so that the loader is chosen by what was recognised and never by a name's ending.
typedef enum {
    CVIPS_JPEG,
    CVIPS_PNG,
    CVIPS_TIFF,
    CVIPS_WEBP,
    CVIPS_GIF,
    CVIPS_HEIF,
    CVIPS_JXL,
    CVIPS_JP2,
    CVIPS_PSD,
} cvips_format;

/// How the picture shall be.
typedef struct {
    /// The longer side in pixels at the most; 0 is the picture's own size.
    int long_edge;
    /// JPEG quality, 1 to 100.
    int quality;
    /// Exif orientation 1 to 8 to apply instead of the one that the picture states; 0 believes the picture.
    int orientation;
    /// AdobeRGB as an ICC profile, for pictures that say by Exif alone that they are.
    const unsigned char *adobe_rgb;
    size_t adobe_rgb_length;
    /// Not zero when it is known from elsewhere that a picture without a profile is AdobeRGB.
    int is_adobe_rgb;
    /// Words to lay over all of the picture, in UTF-8; NULL lays none.
    const char *mark;
} cvips_order;

/// A finished JPEG. Its bytes are released with cvips_release.
typedef struct {
    unsigned char *bytes;
    size_t length;
    int width;
    int height;
} cvips_jpeg;

/// Starts the library: one thread, no cache, silent, and the loaders for formats of no interest here locked away.
/// Returns 0, or -1 when it cannot start.
int cvips_start(void);

/// Keeps the C library to one heap, as MALLOC_ARENA_MAX=1 does for a process that is started with it.
void cvips_use_one_heap(void);

/// The version of the library: part 0 is major, 1 minor, 2 micro.
int cvips_version(int part);

/// A JPEG of the picture in a file. Returns 0, or -1 with the reason.
int cvips_from_file(
    const char *path, cvips_format format, const cvips_order *order, cvips_jpeg *jpeg, char *reason, size_t room
);

/// A JPEG of the picture in these bytes, which stay the caller's. Returns 0, or -1 with the reason.
int cvips_from_bytes(
    const void *bytes, size_t length, cvips_format format, const cvips_order *order, cvips_jpeg *jpeg, char *reason,
    size_t room
);

/// A JPEG of pixels with sRGB's curve, 8 bits, three bands or one, without gaps; they stay the caller's.
/// Returns 0, or -1 with the reason.
int cvips_from_pixels(
    const void *pixels, int width, int height, int bands, const cvips_order *order, cvips_jpeg *jpeg, char *reason,
    size_t room
);

/// The size of the JPEG in these bytes, as stored. Returns 0, or -1 when it is none.
int cvips_jpeg_size(const void *bytes, size_t length, int *width, int *height);

/// Releases the bytes of a JPEG.
void cvips_release(cvips_jpeg *jpeg);

/// Not zero when an ICC profile describes sRGB, by its primaries and its curve, whatever it calls itself.
int cvips_profile_is_srgb(const unsigned char *profile, size_t length);

/// The mean of a JPEG's sRGB pixels, or near enough: it is decoded at an eighth of its size. Returns 0, or -1.
int cvips_mean_color(const char *path, unsigned char *rgb);

/// Cells across and down of the grid that pictures are compared by.
enum { CVIPS_GRID = 32 };

/// The previews of one picture, upright, in sRGB, without metadata. Released with cvips_release_previews.
typedef struct {
    cvips_jpeg small;
    /// Without bytes when it was not wanted, or would be no larger than the small one.
    cvips_jpeg large;
    /// Not zero when the picture has more pixels than the small preview.
    int has_more;
    /// Not zero when a part of the picture could not be decoded.
    int is_damaged;
    /// The mean of the small one's pixels.
    unsigned char color[3];
} cvips_previews;

/// Previews of the picture in a file, in one decode: the large one has the order's long edge, which is `small_edge`
/// when it is not wanted. `grey` has room for CVIPS_GRID squared values and gets the picture's luma, line by line.
/// A picture that is damaged gives what can be decoded of it. Returns 0, or -1 with the reason.
int cvips_previews_from_file(
    const char *path, cvips_format format, const cvips_order *order, int small_edge, cvips_previews *made, float *grey,
    char *reason, size_t room
);

/// Previews of the picture in these bytes, which stay the caller's. Returns 0, or -1 with the reason.
int cvips_previews_from_bytes(
    const void *bytes, size_t length, cvips_format format, const cvips_order *order, int small_edge,
    cvips_previews *made, float *grey, char *reason, size_t room
);

/// Previews of pixels as cvips_from_pixels takes them. Returns 0, or -1 with the reason.
int cvips_previews_from_pixels(
    const void *pixels, int width, int height, int bands, const cvips_order *order, int small_edge,
    cvips_previews *made, float *grey, char *reason, size_t room
);

/// A JPEG of three bands of sRGB, without metadata, not turned and not scaled. Returns 0, or -1 with the reason.
int cvips_plain_jpeg(const void *pixels, int width, int height, cvips_jpeg *jpeg, char *reason, size_t room);

/// Releases the bytes of previews.
void cvips_release_previews(cvips_previews *made);
