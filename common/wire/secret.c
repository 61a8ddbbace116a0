#include "common/wire/secret.h"

#include "common/base/rng.h"
#include "common/wire/base64.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

/* FACTS: 19 MiB and two passes take 24 ms; more memory would hurt small machines more than attackers. */
enum { SLOW_PASSES = 2, SLOW_MEMORY_BYTES = 19 * 1024 * 1024, HASH_BYTES_MAX = 64, TOKEN_BYTES = 32 };

_Static_assert(TOKEN_HEX == 2 * TOKEN_BYTES, "a token is 256 bits");
_Static_assert(SALT_HEX == 2 * crypto_pwhash_SALTBYTES, "the salt of Argon2id");
_Static_assert(PIN_HASH_MAX >= crypto_pwhash_STRBYTES, "the hash of a PIN fits");

Status secret_init(Err *err) {
    return sodium_init() < 0 ? err_set(err, E_INTERNAL, "libsodium does not start") : OK;
}

static Str hex_of(Arena *arena, const unsigned char *bytes, size_t count) {
    char *hex = arena_alloc(arena, 2 * count + 1);
    sodium_bin2hex(hex, 2 * count + 1, bytes, count);
    return (Str){hex, 2 * count};
}

static Str random_hex(Arena *arena, size_t count) {
    unsigned char bytes[HASH_BYTES_MAX];
    assert(count <= sizeof bytes);
    random_secret(bytes, count);
    Str hex = hex_of(arena, bytes, count);
    sodium_memzero(bytes, sizeof bytes);
    return hex;
}

Str token_new(Arena *arena) {
    return random_hex(arena, TOKEN_BYTES);
}

Str salt_new(Arena *arena) {
    return random_hex(arena, crypto_pwhash_SALTBYTES);
}

Str token_hash(Arena *arena, Str token) {
    return blake2b_hex(arena, TOKEN_HASH_HEX / 2, token);
}

bool secret_equal(Str a, Str b) {
    if (!a.at || !b.at || a.len != b.len) return false;
    return sodium_memcmp(a.at, b.at, a.len) == 0;
}

/* ---- badges and PINs ---- */
static bool is_badge(Str badge) {
    if (badge.len < BADGE_DIGITS_MIN || badge.len > BADGE_DIGITS_MAX) return false;
    for (size_t i = 0; i < badge.len; i++) {
        char byte = badge.at[i];
        bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
        if (!letter && !(byte >= '0' && byte <= '9')) return false;
    }
    return true;
}

static bool is_pin(Str pin) {
    if (pin.len < PIN_DIGITS_MIN || pin.len > PIN_DIGITS_MAX) return false;
    for (size_t i = 0; i < pin.len; i++)
        if (pin.at[i] < '0' || pin.at[i] > '9') return false;
    return true;
}

Status badge_hash(Arena *arena, Str salt_hex, Str badge, Str *out, Err *err) {
    unsigned char salt[crypto_pwhash_SALTBYTES], hash[BADGE_HASH_HEX / 2];
    if (salt_hex.len != SALT_HEX || !hex_decode(salt_hex, salt, sizeof salt))
        return err_set(err, E_INVALID, "the salt of the badges must be %d hexadecimal digits", SALT_HEX);
    if (!is_badge(badge))
        return err_set(err, E_INVALID, "a badge number has %d to %d letters or digits", BADGE_DIGITS_MIN,
                       BADGE_DIGITS_MAX);
    if (crypto_pwhash(hash, sizeof hash, badge.at, badge.len, salt, SLOW_PASSES, SLOW_MEMORY_BYTES,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_set(err, E_INTERNAL, "no memory to hash a badge");
    *out = hex_of(arena, hash, sizeof hash);
    return OK;
}

Status pin_hash(Arena *arena, Str pin, Str *out, Err *err) {
    char hash[crypto_pwhash_STRBYTES];
    if (!is_pin(pin))
        return err_set(err, E_INVALID, "a PIN has %d to %d digits", PIN_DIGITS_MIN, PIN_DIGITS_MAX);
    if (crypto_pwhash_str_alg(hash, pin.at, pin.len, SLOW_PASSES, SLOW_MEMORY_BYTES,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_set(err, E_INTERNAL, "no memory to hash a PIN");
    *out = str_copy(arena, str_of(hash));
    return OK;
}

bool pin_matches(Str hash, Str pin) {
    char text[crypto_pwhash_STRBYTES] = {0};
    if (!is_pin(pin) || !hash.at || hash.len >= sizeof text) return false;
    memcpy(text, hash.at, hash.len);
    return crypto_pwhash_str_verify(text, pin.at, pin.len) == 0;
}

/* ---- hashes ---- */
static const unsigned char *bytes_of(Str text) {
    return (const unsigned char *)(text.len ? text.at : "");
}

Str sha256_hex(Arena *arena, Str bytes) {
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes_of(bytes), bytes.len);
    return hex_of(arena, hash, sizeof hash);
}

Str blake2b_hex(Arena *arena, size_t hash_bytes, Str bytes) {
    unsigned char hash[crypto_generichash_BYTES_MAX];
    assert(hash_bytes >= crypto_generichash_BYTES_MIN && hash_bytes <= sizeof hash);
    crypto_generichash(hash, hash_bytes, bytes_of(bytes), bytes.len, NULL, 0);
    return hex_of(arena, hash, hash_bytes);
}

Str keyed_hash_hex(Arena *arena, Str key, Str bytes) {
    unsigned char hash[crypto_generichash_BYTES];
    assert(key.len >= crypto_generichash_KEYBYTES_MIN && key.len <= crypto_generichash_KEYBYTES_MAX);
    crypto_generichash(hash, sizeof hash, bytes_of(bytes), bytes.len, bytes_of(key), key.len);
    return hex_of(arena, hash, sizeof hash);
}

void secret_wipe(void *bytes, size_t count) {
    sodium_memzero(bytes, count);
}

void sealing_key_new(Arena *arena, Str *public_hex, Str *secret_hex) {
    unsigned char public_key[crypto_box_PUBLICKEYBYTES], secret_key[crypto_box_SECRETKEYBYTES];
    crypto_box_keypair(public_key, secret_key);
    *public_hex = hex_of(arena, public_key, sizeof(public_key));
    *secret_hex = hex_of(arena, secret_key, sizeof(secret_key));
    secret_wipe(secret_key, sizeof(secret_key));
}

static Status key_read(Str hex, unsigned char *key, size_t size, Err *err) {
    if (hex.len == 2 * size && hex_decode(hex, key, size)) return OK;
    return err_set(err, E_INVALID, "this is no key to seal with");
}

Status seal_text(Arena *arena, Str public_hex, Str text, Str *out, Err *err) {
    unsigned char key[crypto_box_PUBLICKEYBYTES];
    TRY(key_read(public_hex, key, sizeof key, err));
    size_t room = text.len + SEAL_BLOCK, padded = 0;
    unsigned char *plain = arena_alloc(arena, room), *sealed = NULL;
    if (text.len) memcpy(plain, text.at, text.len);
    if (sodium_pad(&padded, plain, text.len, SEAL_BLOCK, room) != 0)
        return err_set(err, E_INTERNAL, "the text cannot be padded");
    sealed = arena_alloc(arena, padded + crypto_box_SEALBYTES);
    int failed = crypto_box_seal(sealed, plain, padded, key);
    secret_wipe(plain, room);
    if (failed) return err_set(err, E_INVALID, "this key seals nothing");
    *out = base64_encode(arena, (Str){(const char *)sealed, padded + crypto_box_SEALBYTES});
    return OK;
}

static Status unseal(Arena *arena, const unsigned char *public_key, const unsigned char *secret_key,
                     Str bytes, Str *out, Err *err) {
    size_t len = bytes.len > crypto_box_SEALBYTES ? bytes.len - crypto_box_SEALBYTES : 0, plain_len = 0;
    unsigned char *plain = arena_alloc(arena, len + 1);
    if (len == 0 || crypto_box_seal_open(plain, bytes_of(bytes), bytes.len, public_key, secret_key) != 0 ||
        sodium_unpad(&plain_len, plain, len, SEAL_BLOCK) != 0)
        return err_set(err, E_INVALID, "it was not sealed to this key");
    *out = (Str){(const char *)plain, plain_len};
    return OK;
}

Status seal_open(Arena *arena, Str public_hex, Str secret_hex, Str sealed, Str *out, Err *err) {
    unsigned char public_key[crypto_box_PUBLICKEYBYTES], secret_key[crypto_box_SECRETKEYBYTES];
    Str bytes = {0};
    TRY(key_read(public_hex, public_key, sizeof public_key, err));
    TRY(key_read(secret_hex, secret_key, sizeof secret_key, err));
    Status status = base64_decode(arena, sealed, &bytes, err);
    if (status == OK) status = unseal(arena, public_key, secret_key, bytes, out, err);
    secret_wipe(secret_key, sizeof secret_key);
    return status;
}
