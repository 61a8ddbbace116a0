#include "kiosk/ui/qr.h"

#include <qrencode.h>
#include <string.h>

static QRcode *encode(Str content, QRecLevel level) {
    QRcode *code = QRcode_encodeData((int)content.len, (const unsigned char *)content.at, 0, level);
    if (code && code->width <= QR_MODULES_MAX) return code;
    QRcode_free(code);
    return NULL;
}

Status qr_encode(Arena *arena, Str content, QrSymbol *out, Err *err) {
    enum { CONTENT_MAX = 3000 };
    if (content.len == 0) return err_set(err, E_INVALID, "nothing to put into a QR code");
    if (content.len > CONTENT_MAX) return err_set(err, E_TOOBIG, "too long for a QR code");
    QRcode *code = encode(content, QR_ECLEVEL_M);
    if (!code) code = encode(content, QR_ECLEVEL_L);
    if (!code) return err_set(err, E_TOOBIG, "too long for a QR code that a phone reads");
    size_t count = (size_t)code->width * (size_t)code->width;
    uint8_t *modules = arena_alloc(arena, count);
    for (size_t i = 0; i < count; i++) modules[i] = code->data[i] & 1;
    *out = (QrSymbol){modules, code->width};
    QRcode_free(code);
    return OK;
}
