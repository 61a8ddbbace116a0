#include "common/wire/gzip.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW_BITS = 15 + 16, GZIP_MEMORY_LEVEL = 8, UNFOLD_STEP_BYTES = 32 * 1024 };

/* ---- packing ---- */
static void deflate_end(z_stream *stream) {
    deflateEnd(stream);
}

static z_const Bytef *input_of(Str bytes) {
    static z_const Bytef none[1] = {0};
    return bytes.len ? (z_const Bytef *)(uintptr_t)bytes.at : none;
}

Status gzip_pack(Buf *out, Str plain, int level, Err *err) {
    AUTO(deflate_end) z_stream stream = {0};
    if (deflateInit2(&stream, level, Z_DEFLATED, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        return err_set(err, E_INTERNAL, "zlib does not take level %d", level);
    if (plain.len > UINT_MAX / 2) return err_set(err, E_TOOBIG, "too long to be packed at once");
    size_t room = deflateBound(&stream, (uLong)plain.len);
    char *to = buf_reserve(out, room);
    if (!to) return err_set(err, E_TOOBIG, "the packed bytes go over the limit");
    stream.next_in = input_of(plain);
    stream.avail_in = (uInt)plain.len;
    stream.next_out = (Bytef *)to;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) return err_set(err, E_INTERNAL, "zlib did not finish");
    out->len += room - stream.avail_out;
    out->at[out->len] = 0;
    return OK;
}

/* ---- unfolding ---- */
struct Gunzip {
    z_stream stream;
    size_t plain_left;
    bool ended;
};

Status gunzip_open(Gunzip **out, size_t max_plain_bytes, Err *err) {
    Gunzip *gunzip = calloc(1, sizeof *gunzip);
    if (!gunzip || inflateInit2(&gunzip->stream, GZIP_WINDOW_BITS) != Z_OK) {
        free(gunzip);
        return err_set(err, E_INTERNAL, "no memory to unfold gzip");
    }
    gunzip->plain_left = max_plain_bytes;
    *out = gunzip;
    return OK;
}

void gunzip_close(Gunzip *gunzip) {
    if (!gunzip) return;
    inflateEnd(&gunzip->stream);
    free(gunzip);
}

static void gunzip_close_auto(Gunzip **gunzip) {
    gunzip_close(*gunzip);
}

/* One step; one byte more than is allowed is asked for, so that "exactly the maximum" and "over it" differ.
 */
static Status unfold_step(Gunzip *gunzip, Buf *out, bool *idle, Err *err) {
    z_stream *stream = &gunzip->stream;
    char step[UNFOLD_STEP_BYTES];
    size_t room = gunzip->plain_left < sizeof step ? gunzip->plain_left + 1 : sizeof step;
    stream->next_out = (Bytef *)step;
    stream->avail_out = (uInt)(room < sizeof step ? room : sizeof step);
    uInt offered = stream->avail_out;
    int code = inflate(stream, Z_NO_FLUSH);
    size_t made = offered - stream->avail_out;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
        return err_set(err, E_CORRUPT, "the gzip data are damaged");
    if (made > gunzip->plain_left)
        return err_set(err, E_TOOBIG, "the gzip data unfold to more than is allowed");
    buf_add(out, (Str){step, made});
    if (out->over) return err_set(err, E_TOOBIG, "the gzip data unfold to more than there is room for");
    gunzip->plain_left -= made;
    gunzip->ended = code == Z_STREAM_END;
    *idle = gunzip->ended || (stream->avail_in == 0 && stream->avail_out > 0) || code == Z_BUF_ERROR;
    return OK;
}

Status gunzip_feed(Gunzip *gunzip, Str packed, Buf *out, bool *ended, Err *err) {
    if (packed.len > UINT_MAX / 2) return err_set(err, E_TOOBIG, "too much gzip data at once");
    gunzip->stream.next_in = input_of(packed);
    gunzip->stream.avail_in = (uInt)packed.len;
    for (bool idle = gunzip->ended; !idle;) TRY(unfold_step(gunzip, out, &idle, err));
    if (gunzip->ended && gunzip->stream.avail_in)
        return err_set(err, E_CORRUPT, "something stands behind the end of the gzip data");
    *ended = gunzip->ended;
    return OK;
}

Status gunzip_all(Buf *out, Str packed, size_t max_plain_bytes, Err *err) {
    AUTO(gunzip_close_auto) Gunzip *gunzip = NULL;
    bool ended = false;
    TRY(gunzip_open(&gunzip, max_plain_bytes, err));
    TRY(gunzip_feed(gunzip, packed, out, &ended, err));
    return ended ? OK : err_set(err, E_CORRUPT, "the gzip data are cut short");
}
