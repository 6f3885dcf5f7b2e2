#include "CVips.h"
#include "Steps.h"

#include <string.h>

/// What a person judges a wall of pictures by and no more: at this quality nobody sees the coding at the size shown.
enum { QUALITY = 80 };

/// A JPEG without metadata: no profile either, for a picture without one is sRGB to whoever shows it, and three
/// kilobytes are a tenth of a small preview.
static int save(VipsImage *image, cvips_jpeg *jpeg) {
    void *bytes = NULL;
    size_t length = 0;
    if (vips_jpegsave_buffer(image, &bytes, &length, "Q", QUALITY, "strip", TRUE, NULL) != 0) return -1;
    *jpeg = (cvips_jpeg){bytes, length, vips_image_get_width(image), vips_image_get_height(image)};
    return 0;
}

/// The pixels in memory, so that they can be read more than once.
static int keep(VipsImage **image) {
    VipsImage *memory = vips_image_copy_memory(*image);
    if (!memory) return -1;
    cvips_step_follow(image, memory);
    return 0;
}

/// No larger than this, by a kernel of four points: the six of Lanczos cost half as much again, for a sharpness that
/// the coding takes away.
static int shrink(VipsImage **image, int long_edge) {
    int width = vips_image_get_width(*image), height = vips_image_get_height(*image);
    int longer = VIPS_MAX(width, height);
    if (longer <= long_edge) return 0;
    double scale = (double)long_edge / longer;
    double across = VIPS_MAX(1, VIPS_RINT(width * scale)) / width;
    double down = VIPS_MAX(1, VIPS_RINT(height * scale)) / height;
    VipsImage *next = NULL;
    if (vips_resize(*image, &next, across, "vscale", down, "kernel", VIPS_KERNEL_CUBIC, NULL) != 0) return -1;
    cvips_step_follow(image, next);
    return 0;
}

/// The mean of each channel, and the luma on a grid of equal cells, each the mean of what lies in it.
static void measure(VipsImage *image, cvips_previews *made, float *grey) {
    const int width = image->Xsize, height = image->Ysize, grid = CVIPS_GRID;
    double sum[3] = {0};
    memset(grey, 0, sizeof(float) * grid * grid);
    for (int y = 0; y < height; y++) {
        const unsigned char *at = VIPS_IMAGE_ADDR(image, 0, y);
        float row[CVIPS_GRID] = {0};
        for (int x = 0; x < width; x++, at += 3) {
            sum[0] += at[0], sum[1] += at[1], sum[2] += at[2];
            float luma = 0.299f * at[0] + 0.587f * at[1] + 0.114f * at[2];
            // A pixel belongs to the cells it overlaps, each by its share: sizes that 32 does not divide must not matter.
            double from = (double)x * grid / width, to = (double)(x + 1) * grid / width;
            for (int cell = (int)from; cell < grid && cell < to; cell++)
                row[cell] += luma * (float)(VIPS_MIN(to, cell + 1) - VIPS_MAX(from, cell));
        }
        double from = (double)y * grid / height, to = (double)(y + 1) * grid / height;
        for (int cell = (int)from; cell < grid && cell < to; cell++) {
            float share = (float)(VIPS_MIN(to, cell + 1) - VIPS_MAX(from, cell));
            for (int x = 0; x < grid; x++) grey[cell * grid + x] += row[x] * share;
        }
    }
    double pixels = (double)width * height;
    for (int band = 0; band < 3; band++) made->color[band] = (unsigned char)(sum[band] / pixels + 0.5);
}

/// Takes the picture over. `order->long_edge` is the large preview's edge, or the small one's where that is all.
static int finish(VipsImage *image, const cvips_order *order, int small_edge, cvips_previews *made, float *grey) {
    int orientation = order->orientation > 0 ? order->orientation : vips_image_get_orientation(image);
    int result = -1;
    if (cvips_step_flatten(&image) == 0 && shrink(&image, order->long_edge) == 0 &&
        cvips_step_to_srgb(&image, order) == 0 && keep(&image) == 0 &&
        cvips_step_turn_upright(&image, orientation) == 0 && cvips_step_forget(&image) == 0) {
        int longer = VIPS_MAX(vips_image_get_width(image), vips_image_get_height(image));
        result = vips_image_get_bands(image) == 3 ? 0 : -1;
        if (result == 0 && longer > small_edge) result = save(image, &made->large);
        if (result == 0) result = shrink(&image, small_edge);
        if (result == 0) result = keep(&image);
        if (result == 0) result = save(image, &made->small);
        if (result == 0) measure(image, made, grey);
    }
    g_object_unref(image);
    if (result != 0) cvips_release_previews(made);
    return result;
}

static int attempt(
    const cvips_source *from, VipsFailOn fail_on, const cvips_order *order, int small_edge, cvips_previews *made,
    float *grey
) {
    VipsImage *image = NULL;
    if (cvips_step_load(from, 1, fail_on, &image) != 0) return -1;
    int longer = VIPS_MAX(vips_image_get_width(image), vips_image_get_height(image));
    made->has_more = longer > small_edge;
    if (from->format == CVIPS_JPEG) {
        // Down to anything that is not below what is wanted: libjpeg scales in the frequency domain, and what that
        // leaves in sharpness nobody sees in a preview, whereas a full decode would double its price.
        int shrink = 1;
        while (shrink < 8 && longer / (shrink * 2) >= order->long_edge) shrink *= 2;
        if (shrink > 1) {
            g_object_unref(image);
            image = NULL;
            if (cvips_step_load(from, shrink, fail_on, &image) != 0) return -1;
        }
    }
    return finish(image, order, small_edge, made, grey);
}

/// Not zero where all but one line of cells is of the middle grey that libjpeg leaves for what it cannot decode.
static int is_nearly_empty(const float *grey) {
    int lost = 0;
    for (int i = 0; i < CVIPS_GRID * CVIPS_GRID; i++) lost += grey[i] > 127 && grey[i] < 129;
    return lost >= CVIPS_GRID * (CVIPS_GRID - 1);
}

static int previews(
    const cvips_source *from, const cvips_order *order, int small_edge, cvips_previews *made, float *grey,
    char *reason, size_t room
) {
    cvips_step_forget_errors();
    *made = (cvips_previews){0};
    int code = attempt(from, VIPS_FAIL_ON_TRUNCATED, order, small_edge, made, grey);
    if (code == 0 && !cvips_step_is_damaged()) return 0;
    if (code != 0) {
        cvips_step_fail(reason, room);
        *made = (cvips_previews){0};
        code = attempt(from, VIPS_FAIL_ON_NONE, order, small_edge, made, grey);
    } else {
        cvips_step_fail(reason, room);
    }
    vips_error_clear();
    made->is_damaged = 1;
    // Half a picture tells its owner more than none, as long as there is something on it.
    if (code == 0 && !is_nearly_empty(grey)) return 0;
    cvips_release_previews(made);
    return -1;
}

int cvips_previews_from_file(
    const char *path, cvips_format format, const cvips_order *order, int small_edge, cvips_previews *made, float *grey,
    char *reason, size_t room
) {
    cvips_source from = {path, NULL, 0, format};
    return previews(&from, order, small_edge, made, grey, reason, room);
}

int cvips_previews_from_bytes(
    const void *bytes, size_t length, cvips_format format, const cvips_order *order, int small_edge,
    cvips_previews *made, float *grey, char *reason, size_t room
) {
    cvips_source from = {NULL, bytes, length, format};
    return previews(&from, order, small_edge, made, grey, reason, room);
}

int cvips_previews_from_pixels(
    const void *pixels, int width, int height, int bands, const cvips_order *order, int small_edge,
    cvips_previews *made, float *grey, char *reason, size_t room
) {
    cvips_step_forget_errors();
    *made = (cvips_previews){.has_more = VIPS_MAX(width, height) > small_edge};
    VipsImage *image = vips_image_new_from_memory(
        pixels, (size_t)width * height * bands, width, height, bands, VIPS_FORMAT_UCHAR
    );
    if (!image) return cvips_step_fail(reason, room);
    image->Type = bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    return finish(image, order, small_edge, made, grey) == 0 ? 0 : cvips_step_fail(reason, room);
}

int cvips_plain_jpeg(const void *pixels, int width, int height, cvips_jpeg *jpeg, char *reason, size_t room) {
    cvips_step_forget_errors();
    VipsImage *image =
        vips_image_new_from_memory(pixels, (size_t)width * height * 3, width, height, 3, VIPS_FORMAT_UCHAR);
    if (!image) return cvips_step_fail(reason, room);
    image->Type = VIPS_INTERPRETATION_sRGB;
    int result = save(image, jpeg);
    g_object_unref(image);
    return result == 0 ? 0 : cvips_step_fail(reason, room);
}

void cvips_release_previews(cvips_previews *made) {
    cvips_release(&made->small);
    cvips_release(&made->large);
}
