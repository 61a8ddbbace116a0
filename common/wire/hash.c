#include "common/wire/wire.h"

#include <sodium.h>
#include <string.h>

static void add(crypto_generichash_state *state, Str text) {
    if (text.len) crypto_generichash_update(state, (const unsigned char *)text.at, text.len);
}

static void add_ended(crypto_generichash_state *state, Str text) {
    static const unsigned char nul = 0;
    add(state, text);
    crypto_generichash_update(state, &nul, 1);
}

Hash hash_record(Str kind, Str id, Str scope, Str doc) {
    Hash hash;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    add_ended(&state, kind);
    add_ended(&state, id);
    add_ended(&state, scope);
    add(&state, doc);
    crypto_generichash_final(&state, hash.at, HASH_BYTES);
    return hash;
}

bool hash_equal(Hash a, Hash b) {
    return memcmp(a.at, b.at, HASH_BYTES) == 0;
}

HashHex hash_hex(Hash hash) {
    HashHex hex;
    sodium_bin2hex(hex.text, sizeof hex.text, hash.at, HASH_BYTES);
    return hex;
}

bool hash_from_hex(Str hex, Hash *out) {
    Hash hash;
    if (hex.len != (size_t)2 * HASH_BYTES || !hex_decode(hex, hash.at, HASH_BYTES)) return false;
    for (size_t i = 0; i < hex.len; i++)
        if (hex.at[i] >= 'A' && hex.at[i] <= 'F') return false;
    *out = hash;
    return true;
}

/* ---- sums ---- */
static unsigned __int128 number_of(Hash hash) {
    unsigned __int128 number = 0;
    for (int i = 0; i < HASH_BYTES; i++) number = number << 8 | hash.at[i];
    return number;
}

void sum_add(Sum *sum, Hash hash) {
    sum->count++;
    sum->total += number_of(hash);
}

void sum_remove(Sum *sum, Hash hash) {
    sum->count--;
    sum->total -= number_of(hash);
}

bool sum_equal(Sum a, Sum b) {
    return a.count == b.count && a.total == b.total;
}

HashHex sum_hex(Sum sum) {
    Hash bytes;
    for (int i = HASH_BYTES - 1; i >= 0; i--, sum.total >>= 8) bytes.at[i] = (unsigned char)sum.total;
    return hash_hex(bytes);
}

bool sum_from(int64_t count, Str hex, Sum *out) {
    Hash bytes;
    if (count < 0 || !hash_from_hex(hex, &bytes)) return false;
    *out = (Sum){count, number_of(bytes)};
    return true;
}
