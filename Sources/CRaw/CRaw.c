#include "CRaw.h"

#define _GNU_SOURCE
#include <dlfcn.h>
#include <libraw/libraw.h>
#include <stdio.h>

struct craw_file {
    libraw_data_t data;
};

static libraw_data_t *data_of(const craw_file *file) { return (libraw_data_t *)&file->data; }

static void silence(void *data, const char *file, const int offset) { (void)data, (void)file, (void)offset; }
static void silence_memory(void *data, const char *file, const char *where) { (void)data, (void)file, (void)where; }

static int fail(int code, char *reason, size_t room) {
    const char *words = "the RAW file is damaged, or written in a way that is not opened here";
    if (code == LIBRAW_IO_ERROR) words = "the RAW file ends before its picture does, or cannot be read";
    if (code == LIBRAW_DATA_ERROR) words = "the RAW file's picture is damaged";
    if (code == LIBRAW_UNSUFFICIENT_MEMORY) words = "decoding it takes more memory than a file may take";
    if (code == LIBRAW_TOO_BIG) words = "it claims to be larger than pictures are";
    snprintf(reason, room, "%s", words);
    return -1;
}

int craw_open(const char *path, craw_file **file, char *reason, size_t room) {
    // Debian's LibRaw develops with as many threads as there are cores; here a core has a worker each.
    void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
    if (set_threads) set_threads(1);

    libraw_data_t *data = libraw_init(LIBRAW_OPTIONS_NONE);
    if (!data) return fail(LIBRAW_UNSUFFICIENT_MEMORY, reason, room);
    libraw_set_dataerror_handler(data, silence, NULL);
    libraw_set_memerror_handler(data, silence_memory, NULL);
    int code = libraw_open_file(data, path);
    if (code == LIBRAW_SUCCESS && data->idata.raw_count == 0) code = LIBRAW_FILE_UNSUPPORTED;
    if (code != LIBRAW_SUCCESS) {
        libraw_close(data);
        if (code == LIBRAW_FILE_UNSUPPORTED) return 1;
        return fail(code, reason, room);
    }
    *file = (craw_file *)data;
    return 0;
}

void craw_size(const craw_file *file, int *width, int *height) {
    const libraw_image_sizes_t *sizes = &data_of(file)->sizes;
    int lies = sizes->flip & 4;
    *width = lies ? sizes->height : sizes->width;
    *height = lies ? sizes->width : sizes->height;
}

int craw_orientation(const craw_file *file) {
    // LibRaw counts in dcraw's bits: 1 mirrors, 2 flips, 4 swaps the axes.
    static const int exif[8] = {1, 2, 4, 3, 5, 8, 6, 7};
    return exif[data_of(file)->sizes.flip & 7];
}

int craw_is_adobe_rgb(const craw_file *file) {
    return data_of(file)->makernotes.common.ColorSpace == LIBRAW_COLORSPACE_AdobeRGB;
}

int craw_preview(craw_file *file, const void **bytes, size_t *length) {
    libraw_data_t *data = data_of(file);
    if (libraw_unpack_thumb(data) != LIBRAW_SUCCESS) return -1;
    if (data->thumbnail.tformat != LIBRAW_THUMBNAIL_JPEG || !data->thumbnail.thumb) return -1;
    *bytes = data->thumbnail.thumb;
    *length = data->thumbnail.tlength;
    return 0;
}

int craw_develop(craw_file *file, int half, craw_picture *picture, char *reason, size_t room) {
    libraw_data_t *data = data_of(file);
    data->params.use_camera_wb = 1;
    data->params.output_color = 1;
    data->params.output_bps = 8;
    data->params.half_size = half;
    // sRGB's own curve; the default is that of BT.709.
    data->params.gamm[0] = 1 / 2.4;
    data->params.gamm[1] = 12.92;
    int code = libraw_unpack(data);
    if (code == LIBRAW_SUCCESS) code = libraw_dcraw_process(data);
    if (code != LIBRAW_SUCCESS) return fail(code, reason, room);
    libraw_processed_image_t *image = libraw_dcraw_make_mem_image(data, &code);
    if (!image) return fail(code, reason, room);
    if (image->type != LIBRAW_IMAGE_BITMAP || (image->colors != 3 && image->colors != 1) || image->bits != 8) {
        snprintf(reason, room, "it has %d colours, which is not a picture to be shown", image->colors);
        libraw_dcraw_clear_mem(image);
        return -1;
    }
    *picture = (craw_picture){image, image->data, image->width, image->height, image->colors};
    return 0;
}

void craw_release(craw_picture *picture) {
    if (picture->memory) libraw_dcraw_clear_mem(picture->memory);
    *picture = (craw_picture){0};
}

void craw_close(craw_file *file) { libraw_close(data_of(file)); }

const char *craw_version(void) { return libraw_version(); }
