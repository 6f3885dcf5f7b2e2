#pragma once
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

// Swift sees no macro that casts or negates.
static const int64_t cffmpeg_no_time = AV_NOPTS_VALUE;
static const int cffmpeg_again = AVERROR(EAGAIN);
static const int cffmpeg_end = AVERROR_EOF;
static const int cffmpeg_invalid_argument = AVERROR(EINVAL);

/// The angle a display matrix turns the picture by, anticlockwise in degrees, and whether it mirrors it as well.
static inline double cffmpeg_rotation(const int32_t *matrix) { return av_display_rotation_get(matrix); }

static inline int cffmpeg_is_mirrored(const int32_t *m) {
    return (double)m[0] * m[4] - (double)m[1] * m[3] < 0;
}

/// Converts a decoded frame to packed RGB, 8 bits, of this size, by the matrix and range that the frame states.
/// Swift would have to take tuples of eight pointers apart to make the same call.
///
/// Of an interlaced frame one field is taken and the lines between are drawn from it: the other field is another
/// moment, and what moved would show as a comb.
static inline int cffmpeg_to_rgb(const AVFrame *frame, uint8_t *pixels, int width, int height) {
    int step = frame->interlaced_frame && frame->height % 4 == 0 ? 2 : 1;
    struct SwsContext *context = sws_getContext(
        frame->width, frame->height / step, (enum AVPixelFormat)frame->format, width, height, AV_PIX_FMT_RGB24,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, NULL, NULL, NULL
    );
    if (!context) return AVERROR(EINVAL);
    int matrix = SWS_CS_DEFAULT;
    switch (frame->colorspace) {
    case AVCOL_SPC_BT709: matrix = SWS_CS_ITU709; break;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: matrix = SWS_CS_BT2020; break;
    case AVCOL_SPC_SMPTE240M: matrix = SWS_CS_SMPTE240M; break;
    case AVCOL_SPC_UNSPECIFIED: matrix = frame->height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601; break;
    default: break;
    }
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    // The formats whose name has a j are full range by definition; the others say so in the frame.
    int full = frame->color_range == AVCOL_RANGE_JPEG || (format && format->name[0] == 'y' && format->name[3] == 'j');
    const int *coefficients = sws_getCoefficients(matrix);
    sws_setColorspaceDetails(context, coefficients, full, coefficients, 1, 0, 1 << 16, 1 << 16);
    uint8_t *planes[4] = {pixels, NULL, NULL, NULL};
    int strides[4] = {width * 3, 0, 0, 0};
    int lines_apart[AV_NUM_DATA_POINTERS];
    for (int plane = 0; plane < AV_NUM_DATA_POINTERS; plane++) lines_apart[plane] = frame->linesize[plane] * step;
    int lines = sws_scale(
        context, (const uint8_t *const *)frame->data, lines_apart, 0, frame->height / step, planes, strides
    );
    sws_freeContext(context);
    return lines == height ? 0 : AVERROR(EINVAL);
}

/// What ffmpeg's own stream copy does: the source's tag where the new container knows it for this codec, else its own.
static inline uint32_t cffmpeg_tag(const AVOutputFormat *format, enum AVCodecID codec, uint32_t tag) {
    uint32_t other = 0;
    int keeps = !format->codec_tag || av_codec_get_id(format->codec_tag, tag) == codec
        || !av_codec_get_tag2(format->codec_tag, codec, &other);
    return keeps ? tag : 0;
}
