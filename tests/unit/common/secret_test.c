#include "common/wire/secret.h"
#include "tests/harness/check.h"

#include <string.h>

#define SALT_A STR("000102030405060708090a0b0c0d0e0f")
#define SALT_B STR("f00102030405060708090a0b0c0d0e0f")

static int start(void **state) {
    (void)state;
    Err err = {0};
    check_ok(secret_init(&err));
    check_ok(secret_init(&err));
    return 0;
}

static void hashes_are_those_of_their_standards(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    check_text(sha256_hex(arena, STR("abc")),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_text(sha256_hex(arena, (Str){0}),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_text(blake2b_hex(arena, 64, STR("abc")),
               "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
               "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    check_text(blake2b_hex(arena, 32, STR("abc")),
               "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void a_keyed_hash_depends_on_key_and_bytes(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str key = STR("0123456789abcdef"), other = STR("0123456789abcdeg");
    Str hash = keyed_hash_hex(arena, key, STR("vote"));
    check_int(hash.len, 64);
    check(str_equal(hash, keyed_hash_hex(arena, key, STR("vote"))));
    check(!str_equal(hash, keyed_hash_hex(arena, other, STR("vote"))));
    check(!str_equal(hash, keyed_hash_hex(arena, key, STR("vot"))));
}

static void tokens_are_new_and_kept_as_hashes(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str token = token_new(arena), hash = token_hash(arena, token);
    check_int(token.len, TOKEN_HEX);
    check_int(hash.len, TOKEN_HASH_HEX);
    check(!str_equal(token, token_new(arena)) && !str_equal(token, hash));
    check(str_equal(hash, token_hash(arena, token)));
    check_int(salt_new(arena).len, SALT_HEX);
    check(!str_equal(salt_new(arena), salt_new(arena)));
}

static void secrets_are_equal_or_not(void **state) {
    (void)state;
    check(secret_equal(STR("abc"), STR("abc")));
    check(!secret_equal(STR("abc"), STR("abd")));
    check(!secret_equal(STR("abc"), STR("ab")));
    check(!secret_equal((Str){0}, (Str){0}));
}

static void a_badge_has_one_hash_per_salt(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str one, again, elsewhere, other;
    check_ok(badge_hash(arena, SALT_A, STR("0001234567"), &one, &err));
    check_ok(badge_hash(arena, SALT_A, STR("0001234567"), &again, &err));
    check_ok(badge_hash(arena, SALT_B, STR("0001234567"), &elsewhere, &err));
    check_ok(badge_hash(arena, SALT_A, STR("0001234568"), &other, &err));
    check_int(one.len, BADGE_HASH_HEX);
    check(str_equal(one, again) && !str_equal(one, elsewhere) && !str_equal(one, other));
}

static void what_is_no_badge_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "123", "123456789012345678901", "12 34", "é234", "1234\n"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        Str hash;
        check_status(badge_hash(arena, SALT_A, str_of(bad[i]), &hash, &err), E_INVALID);
        check(!bad[i][0] || !strstr(err.text, bad[i]));
    }
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str hash;
    check_status(badge_hash(arena, STR("short"), STR("0001234567"), &hash, &err), E_INVALID);
}

static void a_pin_matches_its_hash_alone(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str hash, again;
    check_ok(pin_hash(arena, STR("271828"), &hash, &err));
    check_ok(pin_hash(arena, STR("271828"), &again, &err));
    check(hash.len < PIN_HASH_MAX && !str_equal(hash, again));
    check(str_starts(hash, STR("$argon2id$")) && str_find(hash, STR("271828")) < 0);
    check(pin_matches(hash, STR("271828")) && pin_matches(again, STR("271828")));
    check(!pin_matches(hash, STR("271829")));
    check(!pin_matches(hash, STR("27182")));
    check(!pin_matches(STR("$argon2id$nonsense"), STR("271828")));
    check(!pin_matches((Str){0}, STR("271828")));
}

static void what_is_no_pin_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "12345", "1234567890123", "12345a", "１２３４５６"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        Err err = {0};
        AUTO(arena_close_auto) Arena *arena = arena_open();
        Str hash;
        check_status(pin_hash(arena, str_of(bad[i]), &hash, &err), E_INVALID);
    }
}

static void wiping_leaves_nothing(void **state) {
    (void)state;
    char secret[] = "271828";
    secret_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++) check_int(secret[i], 0);
}

/* ---- sealing ---- */
static void what_is_sealed_is_opened_by_one_key_alone(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str public_key, secret_key, other_public, other_secret, sealed = {0}, opened = {0};
    sealing_key_new(arena, &public_key, &secret_key);
    sealing_key_new(arena, &other_public, &other_secret);
    check_ok(seal_text(arena, public_key, STR("vote pour l’été"), &sealed, &err));
    check(str_find(sealed, STR("vote")) < 0);
    check_ok(seal_open(arena, public_key, secret_key, sealed, &opened, &err));
    check_text(opened, "vote pour l’été");
    check_status(seal_open(arena, other_public, other_secret, sealed, &opened, &err), E_INVALID);
    check_status(seal_open(arena, public_key, secret_key, str_first(sealed, sealed.len - 4), &opened, &err),
                 E_INVALID);
    check_status(seal_open(arena, public_key, secret_key, STR("?"), &opened, &err), E_INVALID);
    check_status(seal_open(arena, public_key, secret_key, (Str){0}, &opened, &err), E_INVALID);
    check_status(seal_text(arena, STR("abc"), STR("x"), &sealed, &err), E_INVALID);
}

static void a_seal_does_not_tell_how_long_it_is_nor_that_it_is_the_same(void **state) {
    (void)state;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str public_key, secret_key, one = {0}, other = {0}, again = {0};
    sealing_key_new(arena, &public_key, &secret_key);
    check_ok(seal_text(arena, public_key, STR("a"), &one, &err));
    check_ok(seal_text(arena, public_key, STR("a"), &again, &err));
    check_ok(seal_text(arena, public_key, STR("a much longer text than the other one"), &other, &err));
    check_int(one.len, other.len);
    check(!str_equal(one, again));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_their_standards),
        cmocka_unit_test(a_keyed_hash_depends_on_key_and_bytes),
        cmocka_unit_test(tokens_are_new_and_kept_as_hashes),
        cmocka_unit_test(secrets_are_equal_or_not),
        cmocka_unit_test(a_badge_has_one_hash_per_salt),
        cmocka_unit_test(what_is_no_badge_is_refused),
        cmocka_unit_test(a_pin_matches_its_hash_alone),
        cmocka_unit_test(what_is_no_pin_is_refused),
        cmocka_unit_test(wiping_leaves_nothing),
        cmocka_unit_test(what_is_sealed_is_opened_by_one_key_alone),
        cmocka_unit_test(a_seal_does_not_tell_how_long_it_is_nor_that_it_is_the_same),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
