#pragma once
#include "CVips.h"

#include <vips/vips.h>

// The steps from a file to a finished picture, for what makes one picture of it and for what makes several.

/// Where a picture comes from: a file's path, or bytes.
typedef struct {
    const char *path;
    const void *bytes;
    size_t length;
    cvips_format format;
} cvips_source;

/// Lets go of what the last picture left behind, so that it is not taken for this one's.
void cvips_step_forget_errors(void);

/// Puts the reason of the last failure into words. Returns -1.
int cvips_step_fail(char *reason, size_t room);

/// Opens lazily; `shrink` is 1, or 2, 4 or 8 for a JPEG decoded at a fraction of its size.
int cvips_step_load(const cvips_source *from, int shrink, VipsFailOn fail_on, VipsImage **out);

/// Puts the next step in the picture's place.
void cvips_step_follow(VipsImage **image, VipsImage *next);

/// Each of these puts its result in the picture's place, and returns 0, or -1.
int cvips_step_flatten(VipsImage **image);
int cvips_step_resize(VipsImage **image, int long_edge);
int cvips_step_to_srgb(VipsImage **image, const cvips_order *order);
int cvips_step_turn_upright(VipsImage **image, int orientation);
int cvips_step_forget(VipsImage **image);
/// Lays words over all of the picture, which is sRGB then; a picture too small to be read on is laid on a dark ground.
int cvips_step_mark(VipsImage **image, const char *words);

/// Not zero when libjpeg went on over damaged data.
int cvips_step_is_damaged(void);
