/* The parts of the search that need no index: Markdown as plain text, questions, excerpts; and its
 * statements. */
#include "common/replica/search_inside.h"
#include "common/replica/tables.h"
#include "tests/harness/check.h"

#include <stdlib.h>
#include <string.h>

static void marks_go_words_stay(void **state) {
    (void)state;
    static const struct {
        const char *markdown, *plain;
    } rows[] = {
        {"", ""},
        {"Un mot.", "Un mot."},
        {"## Titre\n\nUn **mot** *fort*, __gras__ et `code`.", "Titre\nUn mot fort, gras et code."},
        {"Une ligne\nqui continue", "Une ligne qui continue"},
        {"- un\n- [ ] deux\n1. trois\n> quatre", "un\ndeux\ntrois\nquatre"},
        {"[ici](page:x) et ![un pont](blob:1)", "ici et un pont"},
        {"[sans suite] reste", "[sans suite] reste"},
        {"| A | B |\n|---|---|\n| c | d |", "A · B\nc · d"},
        {"snake_case et 2 * 3 \\* 4", "snake_case et 2 * 3 * 4"},
        {"---\n\n~~vieux~~ <br>neuf <https://a.b>", "vieux neuf <https://a.b>"},
        {"```\n# pas un titre\n```\nfin", "pas un titre\nfin"},
        {"#hashtag et ####### sept", "#hashtag et ####### sept"},
        {"[", "["},
        {"\\", "\\"},
        {"![", "["},
        {"<", "<"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena *arena = arena_open();
        check_text(search_plain(arena, str_of(rows[i].markdown)), rows[i].plain);
        arena_close(arena);
    }
}

static void check_match(const char *typed, bool any_word, bool in_title, const char *expected) {
    Asked asked;
    Arena *arena = arena_open();
    search_ask(arena, str_of(typed), &asked);
    check_text(search_match(arena, &asked, any_word, in_title), expected);
    arena_close(arena);
}

static void questions_are_words_in_quotes(void **state) {
    (void)state;
    check_match("réunion", false, false, "(\"reunion\" *)");
    check_match("Réunions d’équipe", false, false, "((\"reunions\" * OR \"reunion\") AND \"equipe\" *)");
    check_match("le temps", true, false, "((\"temps\" * OR \"temp\"))");
}

static void little_words_are_left_out_unless_alone_or_being_typed(void **state) {
    (void)state;
    check_match("la vie au travail", false, false, "(\"vie\" * AND \"travail\" *)");
    check_match("vie de", false, false, "(\"vie\" * AND \"de\" *)");
    check_match("le ", false, false, "(\"le\" *)");
    check_match("l'", false, false, "(\"l\" *)");
    check_match("l'eau\" OR 1", false, true, "{title} : (\"eau\" * AND \"1\" *)");
}

static void long_questions_are_cut(void **state) {
    (void)state;
    Asked asked;
    char typed[3000];
    for (size_t i = 0; i + 2 < sizeof typed; i += 2) memcpy(typed + i, "\xc3\xa9", 2);
    typed[sizeof typed - 1] = typed[sizeof typed - 2] = '\0';
    Arena *arena = arena_open();
    search_ask(arena, str_of(typed), &asked);
    check_int(asked.count, 1);
    check(asked.words[0].word.len <= SEARCH_ASKED_WORD_BYTES);
    search_ask(arena, STR("a1 b2 c3 d4 e5 f6 g7 h8 i9 j10"), &asked);
    check_int(asked.count, SEARCH_ASKED_WORDS_MAX);
    arena_close(arena);
}

static void check_excerpt(const char *text, const char *typed, size_t chars, const char *expected,
                          const char *marked) {
    Asked asked;
    SearchText out;
    Arena *arena = arena_open();
    search_ask(arena, str_of(typed), &asked);
    bool found = search_excerpt(arena, str_of(text), &asked, chars, &out);
    check(found == (marked != NULL));
    check_text(out.text, expected);
    if (marked) check_text(str_first(str_skip(out.text, out.marks[0].at), out.marks[0].len), marked);
    arena_close(arena);
}

static void excerpts_are_cut_at_words(void **state) {
    (void)state;
    check_excerpt("Court.", "x", 20, "Court.", NULL);
    check_excerpt("Un texte un peu long pour la place.", "x", 19, "Un texte un peu…", NULL);
    check_excerpt("Une phrase. Le cœur du texte est ici, plus loin encore.", "coeur", 24,
                  "Le cœur du texte est…", "cœur");
    check_excerpt("un deux trois quatre cinq six sept huit neuf dix onze", "huit", 20, "…sept huit neuf dix…",
                  "huit");
    check_excerpt("Titre\nUne ligne", "ligne", 40, "Titre · Une ligne", "ligne");
    check_excerpt("éééééééééééééééééééééééé", "x", 10, "éééééééééé…", NULL);
}

static void prepare_all(Db *db, const StmtRow *rows, size_t count, const char *const *may_scan,
                        size_t may_count) {
    for (size_t i = 0; i < count; i++) {
        Err err = {0};
        AUTO(stmt_close_auto) Stmt *stmt = NULL;
        check_ok(stmt_open(&stmt, db, rows[i].sql, &err));
        if (stmt_check_scans(stmt, may_scan, may_count, &err) != OK)
            fail_msg("%s: %s", rows[i].name, err.text);
    }
}

/* Only the technician's count goes through the whole of a table; what reads kind_count is small. */
static void no_statement_scans(void **state) {
    (void)state;
    static const StmtRow own[] = {SEARCH_STATEMENTS(STMT_ROW)}, replica[] = {SEARCHED_STATEMENTS(STMT_ROW)};
    static const char *const small[] = {"item", "kind_count"};
    Err err = {0};
    AUTO(db_close_auto) Db *db = NULL;
    check_ok(db_open(&db, "index", &(DbOptions){.mode = DB_MEMORY}, &err));
    check_ok(db_run(db, SEARCH_TABLES, &err));
    for (size_t i = 0; i < COUNT(own); i++)
        prepare_all(db, &own[i], 1, small, strcmp(own[i].name, "items_count") == 0 ? 1 : 0);
    AUTO(db_close_auto) Db *records = NULL;
    check_ok(db_open(&records, "replica", &(DbOptions){.mode = DB_MEMORY}, &err));
    check_ok(tables_make(records, &err));
    prepare_all(records, replica, COUNT(replica), small, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_go_words_stay),
        cmocka_unit_test(questions_are_words_in_quotes),
        cmocka_unit_test(little_words_are_left_out_unless_alone_or_being_typed),
        cmocka_unit_test(long_questions_are_cut),
        cmocka_unit_test(excerpts_are_cut_at_words),
        cmocka_unit_test(no_statement_scans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
