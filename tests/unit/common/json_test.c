#include "tests/harness/check.h"

#include <string.h>

#include "common/base/json.h"

typedef struct World {
    Arena *arena;
    Err err;
} World;

static int set_up(void **state) {
    static World world;
    world.arena = arena_open();
    *state = &world;
    return 0;
}

static int tear_down(void **state) {
    arena_close(((World *)*state)->arena);
    return 0;
}

static Json *parse(World *world, const char *text) {
    Json *value = NULL;
    check_ok_at(json_parse(world->arena, str_of(text), &value, &world->err), &world->err, text, __FILE__,
                __LINE__);
    return value;
}

static Str written(World *world, const Json *value) {
    AUTO(buf_free) Buf out = buf_new(1 << 16);
    json_write(&out, value);
    check(!out.over);
    return str_copy(world->arena, buf_str(&out));
}

static void check_canonical(World *world, const char *text, const char *canonical) {
    check_text(written(world, parse(world, text)), canonical);
}

static void every_type_is_read(void **state) {
    World *world = *state;
    const Json *map = parse(world, " {\"t\":\"caf\\u00e9\",\"i\":-5,\"b\":true,\"f\":false,\"n\":null,"
                                   "\"l\":[1,[2]],\"m\":{\"x\":\"y\"},\"r\":0.5} ");
    check_int(map->type, JSON_MAP_T);
    check_int(map->count, 8);
    check_text(json_get_text(map, "t"), "café");
    check_int(json_get_int(map, "i", 0), -5);
    check(json_get_bool(map, "b", false));
    check(!json_get_bool(map, "f", true));
    check_int(json_get(map, "n")->type, JSON_NULL_T);
    check_int(json_get(map, "l")->count, 2);
    check_int(json_get(map, "l")->first->next->first->integer, 2);
    check_text(json_get_text(json_get(map, "m"), "x"), "y");
    check(json_get(map, "r")->real == 0.5);
    check_text(map->first->name, "t");
    check_text(map->last->name, "r");
}

static void what_is_not_there_has_an_answer(void **state) {
    World *world = *state;
    const Json *map = parse(world, "{\"t\":\"x\",\"i\":1}");
    check(json_get(map, "z") == NULL);
    check(json_get(NULL, "z") == NULL);
    check(json_get(json_get(map, "t"), "z") == NULL);
    check_text(json_get_text(map, "i"), NULL);
    check_int(json_get_int(map, "t", 7), 7);
    check(json_get_bool(map, "i", true));
}

static void bad_json_is_refused_with_its_place(void **state) {
    World *world = *state;
    const char *const bad[] = {"",
                               "{",
                               "{\"a\":1}x",
                               "{\"a\":1,\"a\":2}",
                               "\"\\u0000\"",
                               "{\"a\\u0000\":1}",
                               "[1,]",
                               "nul",
                               "'a'",
                               "{a:1}",
                               "01",
                               "9223372036854775808",
                               "1e999",
                               "\"\xff\"",
                               "\"\\ud800\"",
                               "\"a\nb\"",
                               "[NaN]"};
    Json *value = NULL;
    for (size_t i = 0; i < COUNT(bad); i++) {
        check_status_at(json_parse(world->arena, str_of(bad[i]), &value, &world->err), E_INVALID, &world->err,
                        bad[i], __FILE__, __LINE__);
        check(value == NULL);
    }
    check_int(json_parse(world->arena, STR("{\n \"a\": x}"), &value, &world->err), E_INVALID);
    check_contains(world->err.text, "line 2, column");
    check_int(json_parse(world->arena, (Str){0}, &value, &world->err), E_INVALID);
    check_int(json_parse(world->arena, (Str){"1\0junk", 6}, &value, &world->err), E_INVALID);
}

static void depth_has_a_limit(void **state) {
    World *world = *state;
    char text[4 * JSON_DEPTH_MAX];
    Json *value = NULL;
    for (size_t depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        Status status = json_parse(world->arena, (Str){text, 2 * depth}, &value, &world->err);
        check_int(status, depth <= JSON_DEPTH_MAX ? OK : E_INVALID);
    }
    AUTO(buf_free) Buf deep = buf_new(1 << 20);
    for (int i = 0; i < 100000; i++) buf_add_byte(&deep, '[');
    check_int(json_parse(world->arena, buf_str(&deep), &value, &world->err), E_INVALID);
}

static void whole_numbers_are_exact(void **state) {
    World *world = *state;
    check(parse(world, "9223372036854775807")->integer == INT64_MAX);
    check(parse(world, "-9223372036854775808")->integer == INT64_MIN);
    check_canonical(world, "[9007199254740993,-1,0]", "[9007199254740993,-1,0]");
}

/* RFC 8785, 3.2.3: by UTF-16 code units, so that U+1F600 comes before U+FB33. */
static void names_are_sorted_as_the_rfc_says(void **state) {
    World *world = *state;
    check_canonical(
        world,
        "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}",
        "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"ö\":7,\"€\":1,\"\xf0\x9f\x98\x80\":5,\"\xef\xac\xb3\":3}");
    check_canonical(world, "{\"b\":{\"z\":1,\"y\":[]},\"\":0,\"a\":{},\"aa\":null}",
                    "{\"\":0,\"a\":{},\"aa\":null,\"b\":{\"y\":[],\"z\":1}}");
}

static void texts_have_the_shortest_escapes(void **state) {
    World *world = *state;
    check_canonical(world, "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"",
                    "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    check_canonical(world, "\"\\b\\t\\n\\f\\r\\u001f\\u007f\"", "\"\\b\\t\\n\\f\\r\\u001f\x7f\"");
}

static void reals_are_spelled_as_ecmascript_does(void **state) {
    World *world = *state;
    static const char *const rows[][2] = {
        {"333333333.33333329", "333333333.3333333"},
        {"1E30", "1e+30"},
        {"4.50", "4.5"},
        {"2e-3", "0.002"},
        {"0.000000000000000000000000001", "1e-27"},
        {"1e21", "1e+21"},
        {"1e20", "100000000000000000000"},
        {"1e-6", "0.000001"},
        {"1e-7", "1e-7"},
        {"1.5e-7", "1.5e-7"},
        {"-0.0", "0"},
        {"5e-324", "5e-324"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"-123.456", "-123.456"},
        {"100.0", "100"},
        {"0.1", "0.1"},
        {"9007199254740994.0", "9007199254740994"},
        {"1.0", "1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) check_canonical(world, rows[i][0], rows[i][1]);
}

static void maps_are_built(void **state) {
    World *world = *state;
    Arena *arena = world->arena;
    Json *map = json_new_map(arena);
    json_put_text(arena, map, "title", STR("old"));
    json_put_int(arena, map, "seats", 12);
    json_put_bool(arena, map, "open", true);
    Json *list = json_put_list(arena, map, "list");
    json_add_text(arena, list, STR("é"));
    json_put_int(arena, json_add_map(arena, list), "n", 1);
    json_put_text(arena, json_put_map(arena, map, "tr"), "en", STR("x"));
    json_put_text(arena, map, "title", STR("new"));
    check_int(map->count, 5);
    check_text(
        written(world, map),
        "{\"list\":[\"é\",{\"n\":1}],\"open\":true,\"seats\":12,\"title\":\"new\",\"tr\":{\"en\":\"x\"}}");
    json_drop(map, "title");
    json_drop(map, "list");
    json_drop(map, "nothing");
    json_put_int(arena, map, "last", 1);
    check_text(written(world, map), "{\"last\":1,\"open\":true,\"seats\":12,\"tr\":{\"en\":\"x\"}}");
    check_int(map->count, 4);
}

static void canonical_documents_are_told_from_others(void **state) {
    World *world = *state;
    const char *const good[] = {"{\"a\":[9007199254740991,-9007199254740991,null,true,\"é\"]}", "\"x\"", "0"};
    const char *const bad[] = {"9007199254740992", "-9007199254740992", "[0.5]",
                               "{\"a\":1e3}",      "\"e\xcc\x81\"",     "{\"e\xcc\x81\":1}",
                               "[[{\"a\":[1.5]}]]"};
    for (size_t i = 0; i < COUNT(good); i++)
        check_int(json_check_canonical(parse(world, good[i]), &world->err), OK);
    for (size_t i = 0; i < COUNT(bad); i++)
        check_int(json_check_canonical(parse(world, bad[i]), &world->err), E_INVALID);
}

static void writing_stops_at_the_ceiling(void **state) {
    World *world = *state;
    AUTO(buf_free) Buf out = buf_new(10);
    json_write(&out, parse(world, "{\"name\":\"a long text\"}"));
    check(out.over);
    check(out.len <= 10);
}

#define with_world(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_world(every_type_is_read),
        with_world(what_is_not_there_has_an_answer),
        with_world(bad_json_is_refused_with_its_place),
        with_world(depth_has_a_limit),
        with_world(whole_numbers_are_exact),
        with_world(names_are_sorted_as_the_rfc_says),
        with_world(texts_have_the_shortest_escapes),
        with_world(reals_are_spelled_as_ecmascript_does),
        with_world(maps_are_built),
        with_world(canonical_documents_are_told_from_others),
        with_world(writing_stops_at_the_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
