/* Secrets and how they are kept: tokens hashed, badges as keyed slow hashes, PINs with Argon2id. Home of
 * sodium beside wire.c. Nothing here ever prints a secret. */
#pragma once

#include "common/base/str.h"

enum {
    TOKEN_HEX = 64,
    TOKEN_HASH_HEX = 64,
    BADGE_HASH_HEX = 32,
    SALT_HEX = 32,
    PIN_DIGITS_MIN = 6,
    PIN_DIGITS_MAX = 12
};
enum { BADGE_DIGITS_MIN = 4, BADGE_DIGITS_MAX = 20, PIN_HASH_MAX = 128 };

CHECKED Status secret_init(Err *err); /* once per process, before anything else here */

Str token_new(Arena *arena);             /* 256 bits from the kernel, hex */
Str token_hash(Arena *arena, Str token); /* BLAKE2b-256, hex: tokens are random, so a fast hash is enough */
bool secret_equal(Str a, Str b);         /* in constant time for equal lengths */
Str salt_new(Arena *arena);

/* Argon2id(badge, salt of the org), about 20 ms. E_INVALID unless it is BADGE_DIGITS_MIN…MAX letters or
 * digits. */
CHECKED Status badge_hash(Arena *arena, Str salt_hex, Str badge, Str *out, Err *err);

CHECKED Status pin_hash(Arena *arena, Str pin, Str *out,
                        Err *err);   /* E_INVALID unless PIN_DIGITS_MIN…MAX digits */
bool pin_matches(Str hash, Str pin); /* about 25 ms */

/* A key to seal ops (PROTOCOL 4) and bundles (9) to, hex. */
void sealing_key_new(Arena *arena, Str *public_hex, Str *secret_hex);

/* Only who has the secret key opens it, not who sealed it. Padded to SEAL_BLOCK bytes, so that its length
 * says little. Base64. E_INVALID: that is no key. */
enum { SEAL_BLOCK = 256 };
CHECKED Status seal_text(Arena *arena, Str public_hex, Str text, Str *out, Err *err);
/* E_INVALID: it was not sealed to this key, or it is not whole. */
CHECKED Status seal_open(Arena *arena, Str public_hex, Str secret_hex, Str sealed, Str *out, Err *err);

Str sha256_hex(Arena *arena, Str bytes);
Str blake2b_hex(Arena *arena, size_t hash_bytes, Str bytes);
Str keyed_hash_hex(Arena *arena, Str key, Str bytes); /* BLAKE2b-256 with a key of 16 to 64 bytes */
void secret_wipe(void *bytes, size_t count);
