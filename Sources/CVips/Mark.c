#include "CVips.h"
#include "Steps.h"

#include <string.h>
#include <vips/vips.h>

// Words all over a picture. They stand in rows across the whole of it, so that no part that is worth anything can be cut
// out without them, white with a dark rim, so that they are read on snow and at night alike.

/// What is smaller than this is laid on a dark ground of this size: on a stamp's worth of pixels no word can be read.
static const int least_edge = 320;

/// One row of the words, and its half shifted under it, as a tile: 0 where nothing stands, 255 where a letter does.
static int tile_of(VipsObject *context, const char *words, int size, VipsImage **out) {
    VipsImage **t = (VipsImage **)vips_object_local_array(context, 8);
    gchar *escaped = g_markup_escape_text(words, -1);
    gchar *markup = g_strdup_printf("<span letter_spacing=\"%d\">%s</span>", size * 1024 / 8, escaped);
    gchar *font = g_strdup_printf("Inter, DejaVu Sans, Sans %d", size);
    int result = vips_text(&t[0], markup, "font", font, "dpi", 72, NULL);
    g_free(escaped);
    g_free(markup);
    g_free(font);
    if (result != 0) return -1;
    double most = 0;
    if (vips_max(t[0], &most, NULL) != 0) return -1;
    if (most < 128 || t[0]->Xsize < size * 2) {
        // Without a font the words are an empty picture, and a proof without words must not leave.
        vips_error("mark", "no font draws the words that must stand on it");
        return -1;
    }
    int across = t[0]->Xsize + size * 3, down = size * 5;
    int height = VIPS_MAX(down, t[0]->Ysize + size);
    if (vips_embed(t[0], &t[1], size, (height - t[0]->Ysize) / 2, across, height, NULL) != 0) return -1;
    if (vips_wrap(t[1], &t[2], "x", across * 2 / 5, "y", 0, NULL) != 0) return -1;
    if (vips_join(t[1], t[2], &t[3], VIPS_DIRECTION_VERTICAL, NULL) != 0) return -1;
    *out = vips_image_copy_memory(t[3]);
    return *out ? 0 : -1;
}

/// The words over all of a picture of this size, slanted.
static int mask_of(VipsObject *context, const char *words, int width, int height, VipsImage **out) {
    VipsImage **t = (VipsImage **)vips_object_local_array(context, 5);
    int size = VIPS_CLIP(13, VIPS_MAX(width, height) / 46, 64);
    if (tile_of(context, words, size, &t[0]) != 0) return -1;
    // The square that covers the picture however it is turned.
    int side = width + height;
    if (vips_replicate(t[0], &t[1], side / t[0]->Xsize + 2, side / t[0]->Ysize + 2, NULL) != 0) return -1;
    if (vips_crop(t[1], &t[2], 0, 0, side, side, NULL) != 0) return -1;
    if (vips_rotate(t[2], &t[3], -18, NULL) != 0) return -1;
    int left = (t[3]->Xsize - width) / 2, top = (t[3]->Ysize - height) / 2;
    if (left < 0 || top < 0) return -1;
    if (vips_crop(t[3], &t[4], left, top, width, height, NULL) != 0) return -1;
    *out = vips_image_copy_memory(t[4]);
    return *out ? 0 : -1;
}

/// One colour over the picture, as much as the mask says.
static int cover(VipsObject *context, VipsImage *below, VipsImage *mask, double share, double shade, VipsImage **out) {
    VipsImage **t = (VipsImage **)vips_object_local_array(context, 6);
    // below · (1 − a) + shade · a, where a is the mask's part of its share
    if (vips_linear1(mask, &t[0], share / 255, 0, NULL) != 0) return -1;
    if (vips_linear1(t[0], &t[1], -1, 1, NULL) != 0) return -1;
    if (vips_multiply(below, t[1], &t[2], NULL) != 0) return -1;
    if (vips_linear1(t[0], &t[3], shade, 0, NULL) != 0) return -1;
    return vips_add(t[2], t[3], out, NULL);
}

static int mark(VipsObject *context, VipsImage *image, const char *words, VipsImage **out) {
    VipsImage **t = (VipsImage **)vips_object_local_array(context, 8);
    int width = image->Xsize, height = image->Ysize;
    if (mask_of(context, words, width, height, &t[0]) != 0) return -1;
    double blur = VIPS_MAX(1.2, VIPS_MAX(width, height) / 640.0);
    if (vips_gaussblur(t[0], &t[1], blur, NULL) != 0) return -1;
    if (vips_linear1(t[1], &t[2], 1.7, 0, "uchar", TRUE, NULL) != 0) return -1;
    if (cover(context, image, t[2], 0.5, 0, &t[3]) != 0) return -1;
    if (cover(context, t[3], t[0], 0.7, 255, &t[4]) != 0) return -1;
    if (vips_cast_uchar(t[4], &t[5], NULL) != 0) return -1;
    if (vips_copy(t[5], &t[6], "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0) return -1;
    *out = vips_image_copy_memory(t[6]);
    return *out ? 0 : -1;
}

int cvips_step_mark(VipsImage **image, const char *words) {
    VipsImage *next = NULL;
    if (vips_image_get_bands(*image) == 1) {
        if (vips_bandjoin((VipsImage *[]){*image, *image, *image}, &next, 3, NULL) != 0) return -1;
        cvips_step_follow(image, next);
        next = NULL;
    }
    // What is laid over it is read in another order than it is decoded in.
    next = vips_image_copy_memory(*image);
    if (!next) return -1;
    cvips_step_follow(image, next);
    int width = vips_image_get_width(*image), height = vips_image_get_height(*image);
    if (width < least_edge || height < least_edge) {
        next = NULL;
        VipsArrayDouble *ground = vips_array_double_newv(1, 22.0);
        int result = vips_gravity(
            *image, &next, VIPS_COMPASS_DIRECTION_CENTRE, VIPS_MAX(width, least_edge), VIPS_MAX(height, least_edge),
            "extend", VIPS_EXTEND_BACKGROUND, "background", ground, NULL
        );
        vips_area_unref(VIPS_AREA(ground));
        if (result != 0) return -1;
        cvips_step_follow(image, next);
    }
    VipsObject *context = VIPS_OBJECT(vips_image_new());
    next = NULL;
    int result = mark(context, *image, words, &next);
    g_object_unref(context);
    if (result != 0) return -1;
    cvips_step_follow(image, next);
    return 0;
}
