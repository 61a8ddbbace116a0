/* QR symbols. Home of libqrencode. */
#pragma once

#include "common/base/arena.h"
#include "common/base/str.h"

enum {
    QR_MODULES_MAX = 101
}; /* version 21: beyond that a phone does not read 1.24 mm modules from where people stand */

typedef struct QrSymbol {
    const uint8_t *modules; /* count × count, 1 = dark; in the arena */
    int count;
} QrSymbol;

/* Error correction M where it fits QR_MODULES_MAX, else L, else E_TOOBIG. */
CHECKED Status qr_encode(Arena *arena, Str content, QrSymbol *out, Err *err);
