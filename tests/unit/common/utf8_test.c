#include "tests/harness/check.h"

#include "common/base/utf8.h"

static void validity_is_rfc_3629(void **state) {
    (void)state;
    const char *const good[] = {"", "abc", "é", "€", "\xf0\x9f\x98\x80", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"};
    const char *const bad[] = {"\x80",
                               "\xc3",
                               "\xc0\xaf",
                               "\xe0\x80\xaf",
                               "\xed\xa0\x80",
                               "\xf4\x90\x80\x80",
                               "\xf8\x88\x80\x80\x80",
                               "\xff",
                               "a\xe2\x82",
                               "\xe2\x28\xa1"};
    for (size_t i = 0; i < COUNT(good); i++) check(utf8_is_valid(str_of(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++) check(!utf8_is_valid(str_of(bad[i])));
    check(utf8_is_valid((Str){"a\0b", 3}));
    check(utf8_is_valid((Str){0}));
}

static void walking_replaces_what_is_broken(void **state) {
    (void)state;
    const Str text = STR("a\xc3\xa9\xff\xe2\x82\xf0\x9f\x98\x80");
    const int32_t expected[] = {'a', 0xE9, 0xFFFD, 0xFFFD, 0xFFFD, 0x1F600, -1, -1};
    size_t at = 0;
    for (size_t i = 0; i < COUNT(expected); i++) check_int(utf8_next(text, &at), expected[i]);
    check_int(at, text.len);
    check_int(utf8_length(text), 6);
    check_int(utf8_length((Str){0}), 0);
}

static void code_points_are_spelled(void **state) {
    (void)state;
    AUTO(buf_free) Buf out = buf_new(64);
    utf8_add(&out, 'a');
    utf8_add(&out, 0xE9);
    utf8_add(&out, 0x1F600);
    utf8_add(&out, 0xD800);
    utf8_add(&out, 0x110000);
    check_text(buf_str(&out), "aé\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd");
}

static void composing(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const Str composed = STR("caf\xc3\xa9"), apart = STR("cafe\xcc\x81");
    check(utf8_is_nfc(composed) && utf8_is_nfc(STR("plain")) && utf8_is_nfc(STR("")) &&
          utf8_is_nfc((Str){0}));
    check(!utf8_is_nfc(apart) && !utf8_is_nfc(STR("\xff")));
    check(utf8_nfc(arena, composed).at == composed.at);
    check_text(utf8_nfc(arena, apart), "caf\xc3\xa9");
    check_text(utf8_nfc(arena, STR("\xff")), NULL);
    check_text(utf8_nfc(arena, STR("\xe2\x84\xab")), "\xc3\x85"); /* the ångström sign is a letter */
}

static void folding_compares_as_people_do(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    static const struct {
        const char *text, *folded;
    } rows[] = {
        {"École ÉLÉMENTAIRE", "ecole elementaire"},
        {"cœur ŒUVRE", "coeur oeuvre"},
        {"Ægir Straße", "aegir strasse"},
        {"l\xe2\x80\x99"
         "accueil l'accueil",
         "l'accueil l'accueil"},
        {"a \t\n  b\xc2\xa0\xe2\x80\xaf"
         "c",
         "a b c"},
        {"cafe\xcc\x81 garc\xcc\xa7on", "cafe garcon"},
        {"Łódź Ørsted", "lodz orsted"},
        {"ﬁn № ½", "fin no 1\xe2\x81\x84"
                   "2"},
        {"", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(utf8_fold(arena, str_of(rows[i].text)), rows[i].folded);
    check_text(utf8_fold(arena, STR("a\xff")), NULL);
    check_text(utf8_fold(arena, STR("Nguyễn")), "nguyen");
}

static void windows_1252_is_understood(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    check_text(utf8_from_windows1252(arena, STR("caf\xe9 \x80 \x9c\x92 \x81")), "café € œ’ \xef\xbf\xbd");
    char all[256];
    for (int i = 0; i < 256; i++) all[i] = (char)i;
    Str text = utf8_from_windows1252(arena, (Str){all, sizeof(all)});
    check(utf8_is_valid(text));
    check_int(utf8_length(text), 256);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validity_is_rfc_3629),          cmocka_unit_test(walking_replaces_what_is_broken),
        cmocka_unit_test(code_points_are_spelled),       cmocka_unit_test(composing),
        cmocka_unit_test(folding_compares_as_people_do), cmocka_unit_test(windows_1252_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
