/* Sealed ops at a hub (PROTOCOL 4), and what it keeps of them: nothing that leads to a person. */
#include "common/db/db.h"
#include "common/wire/secret.h"
#include "common/wire/wire.h"
#include "tests/harness/test_hub.h"

#include <stdio.h>
#include <string.h>

#define IDEA "0192f0c1-7a00-7000-8000-00000000001d"
#define PEOPLE 5
#define FIRST_OP 500 /* no id of it is also one of a record */

typedef struct Scene {
    TestHub *hub;
    TestDevice device;
    Str key;
    int ops;
    Buf lines;
} Scene;

static void scene_close(Scene *scene) {
    buf_free(&scene->lines);
    test_hub_close(scene->hub);
}

static const char *person(Scene *scene, int number) {
    return str_print(scene->hub->arena, "0192f0c1-7a00-7000-8000-0000000002%02d", number).at;
}

static void put_people(Scene *scene) {
    for (int i = 0; i < PEOPLE; i++)
        test_put(scene->hub, K_person, person(scene, i), "org:olivet",
                 str_print(scene->hub->arena,
                           "{\"badges\":[\"badge%04d\"],\"name\":\"Nom%04d P.\",\"name_key\":\"nom%04d p.\","
                           "\"org\":\"olivet\"}",
                           i, i, i)
                     .at);
    test_put(scene->hub, K_idea, IDEA, "public",
             "{\"org\":\"olivet\",\"state\":\"visible\",\"text\":\"Un vélo\",\"votes\":0}");
    test_put(scene->hub, K_time_eater, "mails", "public", "{\"count\":0,\"title\":\"Les mails\"}");
    for (int i = 0; i < PEOPLE; i++)
        test_put(
            scene->hub, K_attendance,
            str_print(scene->hub->arena, "%s~%s~2025-12-02am", TEST_EVENT, person(scene, i)).at, "org:olivet",
            str_print(scene->hub->arena,
                      "{\"at\":1,\"event\":\"" TEST_EVENT
                      "\",\"half\":\"2025-12-02am\",\"method\":\"badge\",\"person\":\"%s\",\"via\":\"d\"}",
                      person(scene, i))
                .at);
}

static Scene scene_open(void) {
    Scene scene = {.hub = test_hub_open(), .lines = buf_new(1 << 20)};
    scene.device = test_pair(scene.hub, "olivet-mairie");
    Answer answer = test_get(scene.hub, scene.device.token, "/v1/hello");
    scene.key = json_get_text(answer_json(scene.hub, &answer), "hub_key");
    check_int(scene.key.len, 64);
    put_people(&scene);
    return scene;
}

static void add_line(Scene *scene, const char *op, const char *by, const char *args) {
    int n = ++scene->ops, number = FIRST_OP + n - 1;
    buf_add_cstr(&scene->lines, test_op(scene->hub, n, number, n > 1 ? number - 1 : 0, op, by, args));
}

static void add_sealed(Scene *scene, const char *op, const char *by, const char *args) {
    Err err = {0};
    Arena *arena = scene->hub->arena;
    Json *clear = NULL, *sealed = NULL;
    AUTO(buf_free) Buf text = buf_new(65536);
    check_ok(json_parse(arena, str_of(args), &clear, &err));
    check_ok(op_args_seal(arena, scene->key, str_of(test_op_id(scene->hub, FIRST_OP + scene->ops)), clear,
                          &sealed, &err));
    json_write(&text, sealed);
    add_line(scene, op, by, str_cstr(arena, buf_str(&text)));
}

static void push(Scene *scene) {
    const char *lines = str_cstr(scene->hub->arena, buf_str(&scene->lines));
    Answer answer =
        test_push(scene->hub, &scene->device, test_ops(scene->hub, &scene->device, "i", 0, lines));
    check_int(answer.status, 200);
}

static const char *verdicts(Scene *scene) {
    Err err = {0};
    Json *doc = NULL;
    AUTO(buf_free) Buf text = buf_new(65536);
    check_ok(json_parse(scene->hub->arena, test_receipt(scene->hub, &scene->device, "i"), &doc, &err));
    for (const Json *one = json_get(doc, "verdicts")->first; one; one = one->next)
        buf_print(&text, "%s%.*s", text.len ? " " : "", STR_FORMAT(json_get_text(one, "code")));
    return str_cstr(scene->hub->arena, buf_str(&text));
}

static Str doc(Scene *scene, const char *kind, const char *id) {
    Answer answer = test_get(scene->hub, scene->hub->admin, "/v1/records/%s/%s", kind, id);
    check_int(answer.status, 200);
    return answer.body;
}

#define VOTE "{\"idea\":\"" IDEA "\",\"value\":1}"

static void a_sealed_vote_is_opened_and_counted(void **state) {
    (void)state;
    AUTO(scene_close) Scene scene = scene_open();
    add_sealed(&scene, "vote", person(&scene, 0), VOTE);
    add_sealed(&scene, "vote", person(&scene, 0), VOTE);
    add_sealed(&scene, "vote", person(&scene, 1), VOTE);
    push(&scene);
    check_text(str_of(verdicts(&scene)), "done done done");
    check(str_find(doc(&scene, "idea", IDEA), STR("\"votes\":2")) >= 0);
}

static void what_is_not_sealed_for_this_op_is_invalid(void **state) {
    (void)state;
    AUTO(scene_close) Scene scene = scene_open();
    Str secret;
    sealing_key_new(scene.hub->arena, &scene.key, &secret);
    add_sealed(&scene, "vote", person(&scene, 0), VOTE); /* to another key */
    add_line(&scene, "vote", person(&scene, 0), VOTE);
    add_line(&scene, "vote", person(&scene, 0), "{\"sealed\":7}");
    push(&scene);
    check_text(str_of(verdicts(&scene)), "invalid invalid invalid");
    check(str_find(doc(&scene, "idea", IDEA), STR("\"votes\":0")) >= 0);
}

/* ---- nothing leads to a person ---- */
static Str ask(Db *db, Arena *arena, const char *sql) {
    Err err = {0};
    bool row = true;
    AUTO(buf_free) Buf text = buf_new(16 << 20);
    AUTO(stmt_close_auto) Stmt *stmt = NULL;
    check_ok(stmt_open(&stmt, db, sql, &err));
    while (true) {
        check_ok(stmt_step(stmt, &row, &err));
        if (!row) return str_copy(arena, buf_str(&text));
        buf_add(&text, stmt_text(stmt, 0));
        buf_add_byte(&text, '\n');
    }
}

/* Every row of every table, a line each: its columns, quoted. */
static Str dump(Scene *scene) {
    Err err = {0};
    Arena *arena = scene->hub->arena;
    DbOptions options = {.mode = DB_READ};
    AUTO(db_close_auto) Db *db = NULL;
    AUTO(buf_free) Buf text = buf_new(64 << 20);
    check_ok(db_open(&db, scene->hub->path, &options, &err));
    Str tables =
            ask(db, arena, "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite%'"),
        table;
    while (str_cut(&tables, '\n', &table) && table.len) {
        Str columns = ask(db, arena,
                          str_print(arena,
                                    "SELECT group_concat('quote(\"' || name || '\")', ' || '' '' || ') FROM "
                                    "pragma_table_info('%.*s')",
                                    STR_FORMAT(table))
                              .at);
        buf_add(&text, ask(db, arena,
                           str_print(arena, "SELECT '%.*s ' || replace(%.*s, char(10), ' ') FROM \"%.*s\"",
                                     STR_FORMAT(table), (int)columns.len - 1, columns.at, STR_FORMAT(table))
                               .at));
    }
    return str_copy(arena, buf_str(&text));
}

static bool names_somebody(Scene *scene, Str line) {
    for (int i = 0; i < PEOPLE; i++) {
        char name[16], badge[16];
        snprintf(name, sizeof name, "Nom%04d", i);
        snprintf(badge, sizeof badge, "badge%04d", i);
        if (str_find(line, str_of(person(scene, i))) >= 0 || str_find(line, str_of(name)) >= 0 ||
            str_find(line, str_of(badge)) >= 0)
            return true;
    }
    return false;
}

/* What they said, and everything that is kept of having said it. */
static bool tells_of_them(Str line) {
    static const char *const parts[] = {"op ",      "op_number ", "fact ",   "'idea'",    "'time_eater'",
                                        "'rating'", IDEA,         "Soupir ", "Parapheur", "mails"};
    for (size_t i = 0; i < COUNT(parts); i++)
        if (i < 3 ? str_starts(line, str_of(parts[i])) : str_find(line, str_of(parts[i])) >= 0) return true;
    return false;
}

static void everybody_votes_declares_and_rates(Scene *scene) {
    scene->hub->clock.wall_ms += 30 * DAY_MS;
    test_put(
        scene->hub, K_event, TEST_EVENT, "pool:agglo",
        str_print(
            scene->hub->arena,
            "{\"ends\":%lld,\"org\":\"olivet\",\"place\":\"Salle\",\"starts\":%lld,\"status\":\"planned\","
            "\"title\":\"Accueil\",\"type\":\"welcome\"}",
            (long long)scene->hub->clock.wall_ms - 1000, (long long)scene->hub->clock.wall_ms - 2000)
            .at);
    for (int i = 0; i < PEOPLE; i++) {
        const char *rating =
            str_print(scene->hub->arena,
                      "{\"event\":\"" TEST_EVENT "\",\"scores\":{\"clair\":%d},\"text\":\"Soupir %d\"}",
                      i % 5 + 1, i)
                .at;
        add_sealed(scene, "vote", person(scene, i), VOTE);
        add_sealed(scene, "declare", person(scene, i), "{\"time_eater\":\"mails\"}");
        add_sealed(scene, "declare", person(scene, i), "{\"text\":\"Parapheur\"}");
        add_sealed(scene, "rate", person(scene, i), rating);
    }
    push(scene);
}

static void nothing_that_is_kept_says_who_voted_declared_or_rated(void **state) {
    (void)state;
    AUTO(scene_close) Scene scene = scene_open();
    everybody_votes_declares_and_rates(&scene);
    check_contains(verdicts(&scene), "done done requested done");
    Str rest = dump(&scene), line;
    int told = 0, named = 0, comments = 0;
    while (str_cut(&rest, '\n', &line)) {
        bool tells = tells_of_them(line), names = names_somebody(&scene, line);
        told += tells, named += names;
        comments += str_starts(line, STR("fact 'comment'"));
        if (tells && names) fail_msg("%.*s", STR_FORMAT(line));
        for (int op = 0; tells && !str_starts(line, STR("op")) && op < scene.ops; op++)
            if (str_find(line, str_of(test_op_id(scene.hub, FIRST_OP + op))) >=
                0) /* which says by whom it is */
                fail_msg("op %d: %.*s", op, STR_FORMAT(line));
    }
    check_int(comments, PEOPLE);
    check(told > 4 * PEOPLE && named >= 2 * PEOPLE);
    check_contains(str_cstr(scene.hub->arena, doc(&scene, "rating", TEST_EVENT)), "\"sum\":15");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_vote_is_opened_and_counted),
        cmocka_unit_test(what_is_not_sealed_for_this_op_is_invalid),
        cmocka_unit_test(nothing_that_is_kept_says_who_voted_declared_or_rated),
    };
    return cmocka_run_group_tests_name("sealed operations", tests, NULL, NULL);
}
