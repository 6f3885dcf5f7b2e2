// What exiv2 and expat know of one file, behind plain C. Nothing here throws, and nothing is kept between calls.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What was found in a file. Release with cexiv2_free.
typedef struct {
    // Pairs of NUL-terminated strings, key then value, of the fields that people search by. A key may come several times,
    // in the file's order; a value that is not UTF-8 was Latin-1 and was turned.
    char *fields;
    size_t fields_size;
    // Every tag, verbatim, as JSON: [["Exif.Photo.ISOSpeedRatings","Short","400"],…]. Values that are no text, or text that is
    // not UTF-8, are base64, and their type says so: "Undefined base64".
    char *tags;
    size_t tags_size;
    // JPEG, DNG, CR2 …; empty when the content is nothing that is known here.
    char format[16];
    // Pixels as stored; 0 when unknown.
    uint32_t width;
    uint32_t height;
    // A further turn to the right in degrees that the container asks for, beside Exif's orientation.
    int32_t rotation;
    // What was wrong with a file that could be read in part; empty when nothing was.
    char damage[256];
} cexiv2_reading;

// Mutes exiv2 and makes it ready; from here on the process ends with its parent, even while it hangs. Call once, before
// all else.
void cexiv2_start(void);

// Reads a file. 0 when something was found; otherwise reason holds why not, in a sentence's words.
int cexiv2_read(const char *path, cexiv2_reading *reading, char *reason, size_t reason_size);

void cexiv2_free(cexiv2_reading *reading);

#ifdef __cplusplus
}
#endif
