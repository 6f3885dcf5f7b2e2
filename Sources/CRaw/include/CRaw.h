#pragma once
#include <stddef.h>

// RAW files through LibRaw: how large the picture is, the largest preview the camera stored, and a development.

/// An open RAW file.
typedef struct craw_file craw_file;

/// Opens a file. Returns 0; 1 when it is no RAW that LibRaw knows; -1 with the reason when it is one but damaged.
int craw_open(const char *path, craw_file **file, char *reason, size_t room);

/// Size of the picture as it is developed, upright.
void craw_size(const craw_file *file, int *width, int *height);

/// The Exif orientation that the pixels need, 1 to 8. Previews are stored as the sensor sees, and need it too.
int craw_orientation(const craw_file *file);

/// Not zero when the camera was set to AdobeRGB, which then holds for the previews.
int craw_is_adobe_rgb(const craw_file *file);

/// The largest preview, when that is a JPEG: the bytes are the file's own. Returns 0, or -1 when there is none.
int craw_preview(craw_file *file, const void **bytes, size_t *length);

/// Developed pixels: sRGB, 8 bits, upright, three bands, or one from a camera that sees no colour. Released with craw_release.
typedef struct {
    void *memory;
    const unsigned char *pixels;
    int width;
    int height;
    int bands;
} craw_picture;

/// Develops with the camera's white balance; `half` gives half the size at a fraction of the time.
/// Returns 0, or -1 with the reason.
int craw_develop(craw_file *file, int half, craw_picture *picture, char *reason, size_t room);

/// Releases developed pixels.
void craw_release(craw_picture *picture);

/// Closes the file; its preview's bytes go with it.
void craw_close(craw_file *file);

/// The version of LibRaw, as text.
const char *craw_version(void);
