#include "CVips.h"
#include "Steps.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <vips/vips.h>

/// The last thing a library logged: where libvips gives no reason, as for a PNG's checksums, this is it.
static char logged[256];

static void note(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)data;
    snprintf(logged, sizeof logged, "%s", message);
}

void cvips_step_forget_errors(void) {
    vips_error_clear();
    logged[0] = 0;
}

int cvips_start(void) {
    g_log_set_default_handler(note, NULL);
    if (vips_init("valhalla-media") != 0) return -1;
    // One core a worker; and more threads reserve more address space than the memory limit has.
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    // PDF, SVG, OpenSlide, FITS and whatever ImageMagick can read are none of our formats and the least fuzzed.
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoadJxl", FALSE);
    vips_operation_block_set("VipsForeignLoadJp2k", FALSE);
    // Called for Photoshop's files alone, with bytes and never with a name, so that no ending chooses a delegate.
    vips_operation_block_set("VipsForeignLoadMagick", FALSE);
    vips_operation_block_set("VipsForeignLoadMagick7", FALSE);
    return 0;
}

void cvips_use_one_heap(void) { mallopt(M_ARENA_MAX, 1); }

int cvips_version(int part) { return vips_version(part); }

/// The last message in libvips' buffer, which begins a line; lines that begin with a blank go on with one.
int cvips_step_fail(char *reason, size_t room) {
    const char *all = vips_error_buffer();
    size_t end = strlen(all);
    while (end > 0 && all[end - 1] == '\n') end--;
    size_t start = end;
    while (start > 0 && (all[start - 1] != '\n' || all[start] == ' ')) start--;
    if (end > start)
        snprintf(reason, room, "%.*s", (int)(end - start), all + start);
    else if (logged[0])
        snprintf(reason, room, "libvips cannot decode it: %s", logged);
    else
        snprintf(reason, room, "libvips cannot decode it, and says no more");
    for (char *at = reason; *at; at++)
        if (*at == '\n') *at = ' ';
    cvips_step_forget_errors();
    return -1;
}

int cvips_step_load(const cvips_source *from, int shrink, VipsFailOn fail_on, VipsImage **out) {
    void *bytes = (void *)from->bytes;
    size_t length = from->length;
#define OPTIONS "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on
#define LOAD(name, ...)                                                                                               \
    (from->path ? vips_##name##load(from->path, out, OPTIONS, ##__VA_ARGS__, NULL)                                    \
                : vips_##name##load_buffer(bytes, length, out, OPTIONS, ##__VA_ARGS__, NULL))
    switch (from->format) {
    case CVIPS_JPEG: return LOAD(jpeg, "shrink", shrink);
    case CVIPS_PNG: return LOAD(png);
    case CVIPS_TIFF: return LOAD(tiff);
    case CVIPS_WEBP: return LOAD(webp);
    case CVIPS_GIF: return LOAD(gif);
    case CVIPS_HEIF: return LOAD(heif);
    case CVIPS_JXL: return LOAD(jxl);
    case CVIPS_JP2: return LOAD(jp2k);
    case CVIPS_PSD: {
        if (!from->path) return vips_magickload_buffer(bytes, length, out, OPTIONS, NULL);
        gchar *content = NULL;
        gsize size = 0;
        if (!g_file_get_contents(from->path, &content, &size, NULL)) {
            vips_error("file", "cannot be read");
            return -1;
        }
        int result = vips_magickload_buffer(content, size, out, OPTIONS, NULL);
        if (result == 0) {
            // Loaded lazily: the bytes must live as long as the picture.
            g_object_set_data_full(G_OBJECT(*out), "valhalla-content", content, g_free);
        } else {
            g_free(content);
        }
        return result;
    }
    }
    vips_error("file", "is of no known format");
    return -1;
#undef LOAD
#undef OPTIONS
}

/// Puts the next step in the picture's place.
void cvips_step_follow(VipsImage **image, VipsImage *next) {
    g_object_unref(*image);
    *image = next;
}

int cvips_step_flatten(VipsImage **image) {
    if (!vips_image_hasalpha(*image)) return 0;
    // White is no ink in CMYK.
    double white = 255;
    if ((*image)->Type == VIPS_INTERPRETATION_CMYK) white = 0;
    else if ((*image)->BandFmt == VIPS_FORMAT_USHORT) white = 65535;
    else if ((*image)->Type == VIPS_INTERPRETATION_scRGB) white = 1;
    VipsArrayDouble *background = vips_array_double_newv(1, white);
    VipsImage *next = NULL;
    int result = vips_flatten(*image, &next, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));
    if (result == 0) cvips_step_follow(image, next);
    return result;
}

int cvips_step_resize(VipsImage **image, int long_edge) {
    int width = vips_image_get_width(*image), height = vips_image_get_height(*image);
    int longer = VIPS_MAX(width, height);
    if (long_edge <= 0 || longer <= long_edge) return 0;
    double scale = (double)long_edge / longer;
    // Each side by its own factor, so that both come out whole: the longer is exactly what was asked for.
    double across = VIPS_MAX(1, VIPS_RINT(width * scale)) / width;
    double down = VIPS_MAX(1, VIPS_RINT(height * scale)) / height;
    VipsImage *next = NULL;
    if (vips_resize(*image, &next, across, "vscale", down, NULL) != 0) return -1;
    cvips_step_follow(image, next);
    return 0;
}

/// True for a picture that has no profile but says by Exif that it is AdobeRGB, as cameras do (DCF's R03).
static int says_adobe_rgb(VipsImage *image) {
    const char *index = NULL;
    if (!vips_image_get_typeof(image, "exif-ifd4-InteroperabilityIndex")) return 0;
    if (vips_image_get_string(image, "exif-ifd4-InteroperabilityIndex", &index) != 0) {
        vips_error_clear();
        return 0;
    }
    return strncmp(index, "R03", 3) == 0;
}

int cvips_step_to_srgb(VipsImage **image, const cvips_order *order) {
    VipsImage *next = NULL;
    if (vips_copy(*image, &next, "interpretation", vips_image_guess_interpretation(*image), NULL) != 0) return -1;
    cvips_step_follow(image, next);

    int has_profile = vips_image_get_typeof(*image, VIPS_META_ICC_NAME) != 0;
    int three_bands = (*image)->Type == VIPS_INTERPRETATION_sRGB || (*image)->Type == VIPS_INTERPRETATION_RGB16;
    if (!has_profile && three_bands && order->adobe_rgb && (order->is_adobe_rgb || says_adobe_rgb(*image))) {
        vips_image_set_blob_copy(*image, VIPS_META_ICC_NAME, order->adobe_rgb, order->adobe_rgb_length);
        has_profile = 1;
    }
    if (has_profile) {
        const void *profile = NULL;
        size_t length = 0;
        vips_image_get_blob(*image, VIPS_META_ICC_NAME, &profile, &length);
        // The way through the connection space costs more than the decoding, and an sRGB picture is there already.
        if (three_bands && cvips_profile_is_srgb(profile, length)) has_profile = 0;
    }
    const char *assumed = NULL;
    if (!has_profile && (*image)->Type == VIPS_INTERPRETATION_CMYK) assumed = "cmyk";
    if (has_profile || assumed) {
        next = NULL;
        int result = has_profile
            ? vips_icc_transform(
                  *image, &next, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE,
                  "black_point_compensation", TRUE, "depth", 8, NULL
              )
            : vips_icc_transform(
                  *image, &next, "srgb", "input_profile", assumed, "intent", VIPS_INTENT_RELATIVE,
                  "black_point_compensation", TRUE, "depth", 8, NULL
              );
        if (result == 0) {
            cvips_step_follow(image, next);
        } else {
            // A profile that is broken, or made for another kind of picture, is as good as none.
            vips_error_clear();
        }
    }
    if ((*image)->Type != VIPS_INTERPRETATION_sRGB || (*image)->BandFmt != VIPS_FORMAT_UCHAR) {
        next = NULL;
        if (vips_colourspace(*image, &next, VIPS_INTERPRETATION_sRGB, NULL) != 0) return -1;
        cvips_step_follow(image, next);
    }
    if ((*image)->BandFmt != VIPS_FORMAT_UCHAR) {
        next = NULL;
        if (vips_cast_uchar(*image, &next, NULL) != 0) return -1;
        cvips_step_follow(image, next);
    }
    if (vips_image_get_bands(*image) > 3) {
        next = NULL;
        if (vips_extract_band(*image, &next, 0, "n", 3, NULL) != 0) return -1;
        cvips_step_follow(image, next);
    }
    return 0;
}

int cvips_step_turn_upright(VipsImage **image, int orientation) {
    if (orientation < 2 || orientation > 8) return 0;
    VipsImage *next = NULL;
    // Turning reads the picture in another order than it is decoded in.
    if (orientation != 2) {
        next = vips_image_copy_memory(*image);
        if (!next) return -1;
        cvips_step_follow(image, next);
    }
    next = NULL;
    if (vips_copy(*image, &next, NULL) != 0) return -1;
    cvips_step_follow(image, next);
    vips_image_set_int(*image, VIPS_META_ORIENTATION, orientation);
    next = NULL;
    if (vips_autorot(*image, &next, NULL) != 0) return -1;
    cvips_step_follow(image, next);
    return 0;
}

/// A copy without any metadata: what the encoder cannot see it cannot write.
int cvips_step_forget(VipsImage **image) {
    VipsImage *next = NULL;
    if (vips_copy(*image, &next, "xres", 1.0, "yres", 1.0, NULL) != 0) return -1;
    cvips_step_follow(image, next);
    gchar **fields = vips_image_get_fields(*image);
    for (int i = 0; fields && fields[i]; i++) vips_image_remove(*image, fields[i]);
    g_strfreev(fields);
    return 0;
}

/// libjpeg goes on over damaged data and only warns; libvips keeps the warning.
int cvips_step_is_damaged(void) {
    static const char *const signs[] = {"premature end of data", "bad Huffman code", "Premature end", NULL};
    for (int i = 0; signs[i]; i++)
        if (strstr(vips_error_buffer(), signs[i])) return 1;
    return 0;
}

/// Takes the picture over.
static int finish(VipsImage *image, const cvips_order *order, cvips_jpeg *jpeg) {
    // Asked before anything is made of it: the steps below do not all carry it on.
    int orientation = order->orientation > 0 ? order->orientation : vips_image_get_orientation(image);
    void *bytes = NULL;
    size_t length = 0;
    int result = -1;
    if (cvips_step_flatten(&image) == 0 && cvips_step_resize(&image, order->long_edge) == 0 && cvips_step_to_srgb(&image, order) == 0 &&
        cvips_step_turn_upright(&image, orientation) == 0 &&
        (!order->mark || cvips_step_mark(&image, order->mark) == 0) && cvips_step_forget(&image) == 0) {
        int width = vips_image_get_width(image), height = vips_image_get_height(image);
        if (width > 65500 || height > 65500) {
            vips_error("JPEG", "holds no more than 65500 pixels a side, and this picture is %d × %d", width, height);
        } else {
            result = vips_jpegsave_buffer(
                image, &bytes, &length, "Q", order->quality, "optimize_coding", TRUE, "profile", "srgb",
                "subsample_mode", order->quality >= 90 ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, NULL
            );
            if (result == 0 && cvips_step_is_damaged()) {
                g_free(bytes);
                result = -1;
            }
            if (result == 0) *jpeg = (cvips_jpeg){bytes, length, width, height};
        }
    }
    g_object_unref(image);
    return result;
}

static int render(const cvips_source *from, const cvips_order *order, cvips_jpeg *jpeg, char *reason, size_t room) {
    // What the last picture left behind must not be taken for this one's.
    cvips_step_forget_errors();
    VipsImage *image = NULL;
    // A truncated picture must not leave as a picture with a grey half. Failing on every warning would be too strict:
    // phones write a few bytes too many between segments.
    if (cvips_step_load(from, 1, VIPS_FAIL_ON_TRUNCATED, &image) != 0) return cvips_step_fail(reason, room);
    if (from->format == CVIPS_JPEG && order->long_edge > 0) {
        int longer = VIPS_MAX(vips_image_get_width(image), vips_image_get_height(image));
        // The decoder's own shrinking is coarse: a factor of two is left to the resampling.
        int shrink = 1;
        while (shrink < 8 && longer / (shrink * 2) >= order->long_edge * 2) shrink *= 2;
        if (shrink > 1) {
            g_object_unref(image);
            image = NULL;
            if (cvips_step_load(from, shrink, VIPS_FAIL_ON_TRUNCATED, &image) != 0) return cvips_step_fail(reason, room);
        }
    }
    return finish(image, order, jpeg) == 0 ? 0 : cvips_step_fail(reason, room);
}

int cvips_from_file(
    const char *path, cvips_format format, const cvips_order *order, cvips_jpeg *jpeg, char *reason, size_t room
) {
    cvips_source from = {path, NULL, 0, format};
    return render(&from, order, jpeg, reason, room);
}

int cvips_from_bytes(
    const void *bytes, size_t length, cvips_format format, const cvips_order *order, cvips_jpeg *jpeg, char *reason,
    size_t room
) {
    cvips_source from = {NULL, bytes, length, format};
    return render(&from, order, jpeg, reason, room);
}

int cvips_from_pixels(
    const void *pixels, int width, int height, int bands, const cvips_order *order, cvips_jpeg *jpeg, char *reason,
    size_t room
) {
    cvips_step_forget_errors();
    VipsImage *image = vips_image_new_from_memory(
        pixels, (size_t)width * height * bands, width, height, bands, VIPS_FORMAT_UCHAR
    );
    if (!image) return cvips_step_fail(reason, room);
    image->Type = bands == 1 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    return finish(image, order, jpeg) == 0 ? 0 : cvips_step_fail(reason, room);
}

int cvips_jpeg_size(const void *bytes, size_t length, int *width, int *height) {
    VipsImage *image = NULL;
    if (vips_jpegload_buffer((void *)bytes, length, &image, NULL) != 0) {
        vips_error_clear();
        return -1;
    }
    *width = vips_image_get_width(image);
    *height = vips_image_get_height(image);
    g_object_unref(image);
    return 0;
}

void cvips_release(cvips_jpeg *jpeg) {
    g_free(jpeg->bytes);
    *jpeg = (cvips_jpeg){0};
}
