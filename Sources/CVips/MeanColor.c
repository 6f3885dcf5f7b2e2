#include "CVips.h"

#include <vips/vips.h>

int cvips_mean_color(const char *path, unsigned char *rgb) {
    VipsImage *small = NULL, *color = NULL;
    int code = -1;
    if (vips_jpegload(path, &small, "shrink", 8, NULL) != 0) goto done;
    if (vips_colourspace(small, &color, VIPS_INTERPRETATION_sRGB, NULL) != 0) goto done;
    for (int band = 0; band < 3; band++) {
        VipsImage *one = NULL;
        double mean = 0;
        // A grey picture may stay of one band.
        int from = vips_image_get_bands(color) >= 3 ? band : 0;
        if (vips_extract_band(color, &one, from, NULL) != 0) goto done;
        int failed = vips_avg(one, &mean, NULL);
        g_object_unref(one);
        if (failed) goto done;
        rgb[band] = (unsigned char)VIPS_CLIP(0, (int)(mean + 0.5), 255);
    }
    code = 0;
done:
    if (color) g_object_unref(color);
    if (small) g_object_unref(small);
    vips_error_clear();
    return code;
}
