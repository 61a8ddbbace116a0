#include "common/replica/search.h"

#include "common/db/db.h"
#include "common/replica/files.h"
#include "common/replica/search_inside.h"
#include "tests/harness/replica_kit.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEETING "0192f0c1-7a2b-7c3d-8e4f-000000000001"
#define PAST "0192f0c1-7a2b-7c3d-8e4f-000000000002"
#define OFF "0192f0c1-7a2b-7c3d-8e4f-000000000003"
#define HELENE "0192f0c1-7a2b-7c3d-8e4f-000000000004"
#define EXCHANGE "0192f0c1-7a2b-7c3d-8e4f-000000000005"
#define IDEA "0192f0c1-7a2b-7c3d-8e4f-000000000006"
#define NEW_IDEA "0192f0c1-7a2b-7c3d-8e4f-000000000007"

static const Millis now = 1764064800000; /* of the kit */
enum { WHOLE_MS = 1 }; /* the kit's clock stands: any budget above 0 is endless, 0 is one change a step */

static void put(Kit *kit, const char *kind, const char *id, const char *doc) {
    fake_put(kit->hub, kind, id, "public", doc);
}

static void put_event(Kit *kit, const char *id, const char *title, Millis starts, const char *status) {
    Str doc = str_print(
        kit->arena,
        "{\"ends\":%lld,\"org\":\"olivet\",\"place\":\"Salle du Conseil\",\"starts\":%lld,\"status\":"
        "\"%s\",\"title\":\"%s\",\"type\":\"ixpresso\"}",
        (long long)(starts + HOUR_MS), (long long)starts, status, title);
    put(kit, "event", id, doc.at);
}

static void put_town(Kit *kit) {
    put(kit, "org", "olivet", "{\"name\":\"Olivet\",\"type\":\"commune\"}");
    put(kit, "service", "voirie", "{\"name\":\"Voirie\",\"org\":\"olivet\"}");
    put(kit, "service", "parcs", "{\"name\":\"Espaces verts\",\"org\":\"olivet\"}");
    put(kit, "page", "conges",
        "{\"body\":\"## Poser ses congés\\n\\nVous avez **25 jours**. À l’école comme au [cœur de "
        "ville](page:x), "
        "prévenez votre chef d’équipe.\",\"chapter\":\"La vie au "
        "travail\",\"order\":1,\"tags\":[\"repos\",\"RTT\"],"
        "\"title\":\"Mes congés\",\"tr\":{\"en\":{\"body\":\"Ask for your holidays early.\",\"title\":\"My "
        "leave\"}}}");
    put(kit, "page", "repas",
        "{\"body\":\"Le restaurant est ouvert de 11 h 30 à 14 h.\",\"chapter\":\"La vie au "
        "travail\",\"order\":2,"
        "\"title\":\"Mes repas\"}");
    put(kit, "tool", "charte",
        "{\"body\":\"Une réunion commence à l’heure.\",\"project\":1,\"title\":\"Charte des "
        "réunions\",\"type\":\"charter\"}");
    put(kit, "tutor", HELENE,
        "{\"fields\":[\"Conduire une réunion\",\"Œuvrer "
        "ensemble\"],\"kinds\":[\"trainer\"],\"name\":\"Hélène M.\","
        "\"opt_in_at\":1,\"org\":\"olivet\",\"service\":\"voirie\"}");
    put(kit, "rise", EXCHANGE,
        "{\"from_service\":\"voirie\",\"slots\":[],\"state\":\"accepted\",\"theme\":\"Arbres et "
        "trottoirs\",\"to_service\":"
        "\"parcs\"}");
    put_event(kit, MEETING, "Réunion efficace", now + DAY_MS, "planned");
    put_event(kit, PAST, "Réunion efficace", now - DAY_MS, "planned");
    put_event(kit, OFF, "Réunion efficace", now + 2 * DAY_MS, "cancelled");
}

static Kit *town(void) {
    Kit *kit = kit_new();
    put_town(kit);
    kit_pull(kit);
    return kit;
}

static Search *open_search(Kit *kit) {
    return search_open(kit->dir.path, &kit->clock.base);
}

static void catch_up(Search *search) {
    int steps = 0;
    while (search_step(search, WHOLE_MS)) check(++steps < 1000);
}

static SearchResults ask_in(Kit *kit, Search *search, const char *typed, const char *lang) {
    SearchResults out;
    SearchQuestion question = {.typed = str_of(typed), .lang = str_of(lang), .now = now};
    search_find(search, &question, kit->arena, &out);
    return out;
}

static SearchResults ask(Kit *kit, Search *search, const char *typed) {
    return ask_in(kit, search, typed, "fr");
}

static const SearchHit *hit_of(const SearchResults *results, const char *id) {
    for (size_t i = 0; i < results->count; i++)
        if (str_is(results->hits[i].id, id)) return &results->hits[i];
    return NULL;
}

static bool finds(Kit *kit, Search *search, const char *typed, const char *id) {
    SearchResults results = ask(kit, search, typed);
    return !results.any_word && hit_of(&results, id) != NULL;
}

static void close_all(Kit *kit, Search *search) {
    search_close(search);
    kit_free(kit);
}

/* ---- what is found ---- */

static void typed_in_any_way(void **state) {
    (void)state;
    static const struct {
        const char *typed, *id;
    } rows[] = {
        {"conges", "conges"},
        {"CONGÉS", "conges"},
        {"congé", "conges"},
        {"con", "conges"},
        {"c", "conges"},
        {"mes congés", "conges"},
        {"congés mes", "conges"},
        {"cœur", "conges"},
        {"coeur", "conges"},
        {"COEUR DE VILLE", "conges"},
        {"l'école", "conges"},
        {"l’école", "conges"},
        {"ecole", "conges"},
        {"chef d'équipe", "conges"},
        {"chef d’equ", "conges"},
        {"25", "conges"},
        {"25 jours", "conges"},
        {"11 h 30", "repas"},
        {"rtt", "conges"},
        {"vie au travail", "repas"},
        {"la vie", "repas"},
        {"oeuvrer", HELENE},
        {"œuvr", HELENE},
        {"helene", HELENE},
        {"hélène m", HELENE},
        {"voirie", HELENE},
        {"formatrice", HELENE},
        {"olivet", HELENE},
        {"réunions", MEETING},
        {"reunion", MEETING},
        {"ixpresso", MEETING},
        {"ix'presso", MEETING},
        {"salle conseil", MEETING},
        {"charte", "charte"},
        {"outil réunion", "charte"},
        {"leave", "conges"},
        {"holiday", "conges"},
        {"arbre", EXCHANGE},
        {"espaces verts", EXCHANGE},
        {"rencontre", EXCHANGE},
        {"voirie", "voirie"},
    };
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!finds(kit, search, rows[i].typed, rows[i].id))
            fail_msg("« %s » does not find %s", rows[i].typed, rows[i].id);
    close_all(kit, search);
}

static void not_everything_is_found(void **state) {
    (void)state;
    static const char *const nothing[] = {"zzz", "congelateur", "reunionite", "page:x", "2x5", "**"};
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    for (size_t i = 0; i < COUNT(nothing); i++) check_int(ask(kit, search, nothing[i]).count, 0);
    close_all(kit, search);
}

static void nothing_typed_asks_nothing(void **state) {
    (void)state;
    static const char *const blank[] = {"", "   ", "?!", "\"*\"", "’", "\xff\xfe"};
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    for (size_t i = 0; i < COUNT(blank); i++) {
        SearchResults results = ask(kit, search, blank[i]);
        check(!results.asked && results.count == 0);
    }
    check(ask(kit, search, "le").asked);
    close_all(kit, search);
}

static void some_of_the_words_where_none_has_all(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    SearchResults results = ask(kit, search, "restaurant trottoir");
    check(results.any_word);
    check(hit_of(&results, "repas") && hit_of(&results, EXCHANGE));
    check(!hit_of(&results, "conges"));
    close_all(kit, search);
}

static void titles_first_then_what_is_to_come(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    SearchResults results = ask(kit, search, "réunion efficace");
    check_int(results.count, 3);
    check_text(results.hits[0].id, MEETING);
    check(results.hits[0].starts == now + DAY_MS && results.hits[0].ends == now + DAY_MS + HOUR_MS);
    check_int(results.hits[0].type, EventType_ixpresso);
    check_text(results.hits[0].context, "Salle du Conseil");
    const SearchHit *off = hit_of(&results, OFF);
    check(off && off->cancelled && !results.hits[0].cancelled);
    SearchResults wider = ask(kit, search, "réunion");
    const SearchHit *titled = hit_of(&wider, "charte"), *teaches = hit_of(&wider, HELENE);
    check(titled && teaches && titled < teaches);
    check(teaches->starts == INT_ABSENT);
    close_all(kit, search);
}

static void excerpts_show_where_it_matched(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    SearchResults results = ask(kit, search, "coeur");
    const SearchHit *hit = &results.hits[0];
    check_text(hit->title.text, "Mes congés");
    check_int(hit->title.mark_count, 0);
    check_text(hit->context, "La vie au travail");
    check_text(hit->excerpt.text, "Poser ses congés · Vous avez 25 jours. À l’école comme au cœur de ville, "
                                  "prévenez votre chef d’équipe.");
    check_int(hit->excerpt.mark_count, 1);
    check_text(str_first(str_skip(hit->excerpt.text, hit->excerpt.marks[0].at), hit->excerpt.marks[0].len),
               "cœur");
    results = ask(kit, search, "repas");
    check_text(results.hits[0].excerpt.text, "Le restaurant est ouvert de 11 h 30 à 14 h.");
    check_int(results.hits[0].excerpt.mark_count, 0);
    check_int(results.hits[0].title.mark_count, 1);
    close_all(kit, search);
}

static void shown_in_the_language_asked_for(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    SearchResults english = ask_in(kit, search, "leave", "en"), french = ask_in(kit, search, "leave", "fr");
    check_text(english.hits[0].title.text, "My leave");
    check_text(english.hits[0].excerpt.text, "Ask for your holidays early.");
    check_text(french.hits[0].title.text, "Mes congés");
    close_all(kit, search);
}

static void at_most_as_many_as_asked_for(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    SearchResults out;
    catch_up(search);
    SearchQuestion question = {.typed = STR("reunion"), .lang = STR("fr"), .now = now, .limit = 2};
    search_find(search, &question, kit->arena, &out);
    check_int(out.count, 2);
    close_all(kit, search);
}

/* ---- what is not ---- */

static void nothing_personal_nothing_hidden(void **state) {
    (void)state;
    Kit *kit = town();
    fake_put(kit->hub, "person", IDEA, "org:olivet",
             "{\"name\":\"Zénobie Q.\",\"name_key\":\"zenobie q.\",\"org\":\"olivet\"}");
    fake_put(kit->hub, "call_back", NEW_IDEA, "org:olivet",
             "{\"about\":\"zygomatique\",\"at\":1,\"person\":\"" IDEA
             "\",\"state\":\"open\",\"tutor\":\"" HELENE "\"}");
    put(kit, "notice", OFF, "{\"from\":1,\"priority\":1,\"title\":\"xylophone\",\"until\":2}");
    put(kit, "idea", NEW_IDEA,
        "{\"org\":\"olivet\",\"state\":\"new\",\"text\":\"Un kiosque wallon\",\"votes\":0}");
    put(kit, "idea", IDEA,
        "{\"org\":\"olivet\",\"state\":\"visible\",\"text\":\"Un kiosque flamand\",\"votes\":0}");
    kit_pull(kit);
    Search *search = open_search(kit);
    catch_up(search);
    check_int(ask(kit, search, "zenobie").count + ask(kit, search, "zygomatique").count, 0);
    check_int(ask(kit, search, "xylophone").count + ask(kit, search, "wallon").count, 0);
    check(finds(kit, search, "kiosque flamand", IDEA));
    fake_put(kit->hub, "borrow", "page~conges~olivet", "org:olivet",
             "{\"id\":\"conges\",\"kind\":\"page\",\"org\":\"olivet\",\"state\":\"hidden\"}");
    fake_put(kit->hub, "borrow", "page~repas~olivet", "org:olivet",
             "{\"id\":\"repas\",\"kind\":\"page\",\"org\":\"olivet\",\"state\":\"featured\"}");
    kit_pull(kit);
    catch_up(search);
    check(!finds(kit, search, "congés", "conges"));
    check(finds(kit, search, "repas", "repas"));
    fake_remove(kit->hub, "borrow", "page~conges~olivet");
    kit_pull(kit);
    catch_up(search);
    check(finds(kit, search, "congés", "conges"));
    close_all(kit, search);
}

/* search.def names kinds and fields by their names: all of them are there, and nothing secret is. */
static void the_tables_fit_the_kinds(void **state) {
    (void)state;
    uint64_t titled = 0, listed = 0;
    for (size_t i = 0; i < search_kind_count; i++) {
        const SearchKind *row = &search_kinds[i];
        listed |= SEARCH_BIT(row->kind);
        check(kind_info(row->kind)->flags & SEARCHABLE);
        check(!(kind_info(row->kind)->flags & PERSONAL));
        if (row->type_field[0]) check(word_set_of(row->kind, row->type_field) != NULL);
        if (row->starts_field[0]) check(kind_field(row->kind, str_of(row->starts_field))->type == FIELD_TIME);
        if (row->ends_field[0]) check(kind_field(row->kind, str_of(row->ends_field))->type == FIELD_TIME);
    }
    for (size_t i = 0; i < search_field_count; i++) {
        const FieldInfo *field = kind_field(search_fields[i].kind, str_of(search_fields[i].name));
        check(field && !(field->flags & SECRET));
        check(search_fields[i].by_name == (field->target != K_unknown));
        if (search_fields[i].role == SEARCH_TITLE) titled |= SEARCH_BIT(search_fields[i].kind);
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        uint64_t wanted = kind_info((Kind)kind)->flags & SEARCHABLE ? SEARCH_BIT(kind) : 0;
        if ((listed & SEARCH_BIT(kind)) != wanted || (titled & SEARCH_BIT(kind)) != wanted)
            fail_msg("%s is not in search.def as it should", kind_info((Kind)kind)->name);
    }
    for (size_t i = 0; i < search_word_count; i++)
        if (search_words[i].field[0])
            check(kind_field(search_words[i].kind, str_of(search_words[i].field)) != NULL);
    for (size_t i = 0; i < search_state_count; i++) {
        const WordSet *set = word_set_of(search_states[i].kind, search_states[i].field);
        check(set && word_value(set, str_of(search_states[i].word)) > 0);
    }
}

/* ---- following ---- */

static void what_changes_is_followed(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    uint64_t before = search_generation(search);
    check(!search_step(search, WHOLE_MS));
    check(search_generation(search) == before);
    put(kit, "page", "repas",
        "{\"body\":\"Fermé.\",\"chapter\":\"La vie au travail\",\"order\":2,\"title\":\"La cantine\"}");
    fake_remove(kit->hub, "tool", "charte");
    kit_pull(kit);
    catch_up(search);
    check(search_generation(search) != before);
    check(finds(kit, search, "cantine", "repas"));
    check(!finds(kit, search, "restaurant", "repas"));
    check(!finds(kit, search, "charte", "charte"));
    close_all(kit, search);
}

static void a_service_renamed_renames_what_is_named_after_it(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    put(kit, "service", "voirie", "{\"name\":\"Rues et places\",\"org\":\"olivet\"}");
    kit_pull(kit);
    catch_up(search);
    SearchResults results = ask(kit, search, "rues places");
    const SearchHit *rise = hit_of(&results, EXCHANGE);
    check(rise != NULL);
    check_text(rise->context, "Rues et places · Espaces verts");
    check(!finds(kit, search, "voirie", HELENE));
    close_all(kit, search);
}

static int64_t records_in(Search *search) {
    SearchHealth health;
    search_health(search, &health);
    return health.records;
}

static void an_interrupted_rebuild_continues(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    while (records_in(search) < 4) check(search_step(search, 0)); /* one change at most */
    int64_t before = records_in(search);
    check(before < 10);
    check(ask(kit, search, "zzz").partial);
    search_close(search);
    search = open_search(kit);
    check_int(records_in(search), before); /* what was done is kept */
    catch_up(search);
    check_int(records_in(search), 10);
    check(!ask(kit, search, "zzz").partial);
    check(finds(kit, search, "voirie", "voirie"));
    close_all(kit, search);
}

static void changes_in_the_middle_of_a_sweep_are_not_missed(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    check(search_step(search, 0));
    put(kit, "page", "aaa", "{\"body\":\"\",\"chapter\":\"c\",\"order\":1,\"title\":\"Trombone\"}");
    fake_remove(kit->hub, "event", MEETING);
    kit_pull(kit);
    catch_up(search);
    check(finds(kit, search, "trombone", "aaa"));
    check(!finds(kit, search, "reunion", MEETING));
    close_all(kit, search);
}

/* More records than one batch, with a hole as wide as a batch. */
static void many_records_and_a_wide_hole(void **state) {
    (void)state;
    enum { PAGES = 900 };
    Kit *kit = kit_new();
    for (int i = 0; i < PAGES; i++) {
        Str id = str_print(kit->arena, "p%03d", i);
        Str doc =
            str_print(kit->arena, "{\"body\":\"\",\"chapter\":\"c\",\"order\":1,\"title\":\"Numéro %d\"}", i);
        put(kit, "page", id.at, doc.at);
    }
    kit_pull(kit);
    Search *search = open_search(kit);
    catch_up(search);
    check_int(records_in(search), PAGES);
    for (int i = 100; i < 800; i++) fake_remove(kit->hub, "page", str_print(kit->arena, "p%03d", i).at);
    kit_pull(kit);
    catch_up(search);
    check_int(records_in(search), 200);
    check(finds(kit, search, "numéro 850", "p850"));
    check(!finds(kit, search, "numéro 400", "p400"));
    close_all(kit, search);
}

static void another_replica_behind_the_link(void **state) {
    (void)state;
    Err err = {0};
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    check_ok(replica_set_aside(kit->replica, "for the test", &err));
    fake_remove(kit->hub, "page", "repas");
    kit_pull(kit);
    catch_up(search);
    check(!finds(kit, search, "restaurant", "repas"));
    check(finds(kit, search, "congés", "conges"));
    close_all(kit, search);
}

static void no_replica_yet(void **state) {
    (void)state;
    TestDir dir = test_dir_new();
    HandClock clock = hand_clock(now);
    Search *search = search_open(dir.path, &clock.base);
    check(!search_step(search, WHOLE_MS));
    SearchResults out;
    Arena *arena = arena_open();
    search_find(search, &(SearchQuestion){.typed = STR("a"), .lang = STR("fr")}, arena, &out);
    check_int(out.count, 0);
    arena_close(arena);
    search_close(search);
    test_dir_remove(&dir);
}

/* ---- a bad search.db ---- */

static const char *search_path(Kit *kit) {
    return test_path(kit->arena, &kit->dir, SEARCH_FILE);
}

static void overwrite(const char *path, long from, long bytes) {
    FILE *file = fopen(path, "r+");
    check(file != NULL);
    fseek(file, from, SEEK_SET);
    for (long i = 0; i < bytes; i++) fputc((int)(i * 37 + 11) & 0xFF, file);
    fclose(file);
}

static long size_of(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

/* All of it, the first page, everything behind the first page. */
static void a_corrupt_index_heals(void **state) {
    (void)state;
    for (int where = 0; where < 3; where++) {
        Kit *kit = town();
        Search *search = open_search(kit);
        catch_up(search);
        search_close(search);
        long size = size_of(search_path(kit));
        check(size > 8192);
        overwrite(search_path(kit), where == 2 ? 4096 : 0, where == 1 ? 4096 : size - 4096);
        search = open_search(kit);
        ask(kit, search, "congés"); /* may be what finds the damage */
        catch_up(search);
        check(finds(kit, search, "congés", "conges"));
        SearchHealth health;
        search_health(search, &health);
        check(!health.in_memory);
        check(health.failures > 0 && health.status != OK && health.text[0]);
        close_all(kit, search);
    }
}

static void an_index_of_another_version_is_made_again(void **state) {
    (void)state;
    Err err = {0};
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    search_close(search);
    Db *db = NULL;
    check_ok(db_open(&db, search_path(kit), &(DbOptions){.mode = DB_WRITE}, &err));
    check_ok(db_run(db, "UPDATE meta SET value = value + 1 WHERE key = 'format'; DELETE FROM item", &err));
    db_close(db);
    search = open_search(kit);
    check_int(records_in(search), 0);
    catch_up(search);
    check(finds(kit, search, "congés", "conges"));
    close_all(kit, search);
}

/* Somebody else holds the file; a folder stands in its place. */
static void an_index_in_memory_stands_in(void **state) {
    (void)state;
    Kit *kit = town();
    Search *first = open_search(kit), *second = NULL;
    catch_up(first);
    second = open_search(kit);
    catch_up(second);
    SearchHealth health;
    search_health(second, &health);
    check(health.in_memory);
    check(finds(kit, second, "congés", "conges") && finds(kit, first, "congés", "conges"));
    search_close(second);
    search_close(first);
    unlink(search_path(kit));
    check(mkdir(search_path(kit), 0700) == 0);
    first = open_search(kit);
    catch_up(first);
    search_health(first, &health);
    check(health.in_memory);
    check(finds(kit, first, "congés", "conges"));
    close_all(kit, first);
}

/* ---- what was typed ---- */

static bool file_has(const char *path, const char *text) {
    bool found = false;
    FILE *file = fopen(path, "r");
    if (!file) return false;
    enum { READ_MAX = 4 << 20 };
    char *bytes = malloc(READ_MAX);
    size_t len = fread(bytes, 1, READ_MAX, file);
    found = memmem(bytes, len, text, strlen(text)) != NULL;
    free(bytes);
    fclose(file);
    return found;
}

static void what_was_typed_is_kept_nowhere(void **state) {
    (void)state;
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    ask(kit, search, "ornithorynque congés");
    SearchHealth health;
    search_health(search, &health);
    check(!strstr(health.text, "ornithorynque"));
    search_close(search);
    DIR *dir = opendir(kit->dir.path);
    int files = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.') continue;
        files++;
        check(!file_has(test_path(kit->arena, &kit->dir, entry->d_name), "ornithorynque"));
    }
    closedir(dir);
    check(files >= 3);
    check(file_has(search_path(kit), "cong")); /* the way it is looked for does find */
    kit_free(kit);
}

static size_t hostile(Rng *rng, char *out, size_t max) {
    static const char *const pieces[] = {"\"",     "*",  "(",   ")", "AND ",    "OR ",  "NOT ",     "NEAR(",
                                         "title:", "{",  "}",   "^", "+",       "-",    "'",        ";",
                                         "--",     "\\", "%",   "é", "œ",       "ß",    "\xcc\x81", "\xff",
                                         "\xc3",   " ",  "con", "a", "réunion", "🙂", "日本",     "25",
                                         ":",      ",",  "ﬁ",   "½", "\x01",    "word"};
    size_t len = 0;
    for (uint64_t n = rng_below(rng, 24); n > 0; n--) {
        const char *piece = pieces[rng_below(rng, COUNT(pieces))];
        if (len + strlen(piece) >= max) break;
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    if (rng_below(rng, 10) == 0) out[len++] = '\0';
    return len;
}

static void hostile_questions_are_only_questions(void **state) {
    (void)state;
    Rng rng = rng_seeded(7);
    char typed[512];
    Kit *kit = town();
    Search *search = open_search(kit);
    catch_up(search);
    Arena *arena = arena_open();
    for (int i = 0; i < 10000; i++) {
        SearchResults out;
        SearchQuestion question = {
            .typed = {typed, hostile(&rng, typed, 500)}, .lang = STR("fr"), .now = now};
        search_find(search, &question, arena, &out);
        arena_reset(arena);
    }
    arena_close(arena);
    SearchHealth health;
    search_health(search, &health);
    check_int(health.failures, 0);
    check_int(health.status, OK);
    close_all(kit, search);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(typed_in_any_way),
        cmocka_unit_test(not_everything_is_found),
        cmocka_unit_test(nothing_typed_asks_nothing),
        cmocka_unit_test(some_of_the_words_where_none_has_all),
        cmocka_unit_test(titles_first_then_what_is_to_come),
        cmocka_unit_test(excerpts_show_where_it_matched),
        cmocka_unit_test(shown_in_the_language_asked_for),
        cmocka_unit_test(at_most_as_many_as_asked_for),
        cmocka_unit_test(nothing_personal_nothing_hidden),
        cmocka_unit_test(the_tables_fit_the_kinds),
        cmocka_unit_test(what_changes_is_followed),
        cmocka_unit_test(a_service_renamed_renames_what_is_named_after_it),
        cmocka_unit_test(an_interrupted_rebuild_continues),
        cmocka_unit_test(changes_in_the_middle_of_a_sweep_are_not_missed),
        cmocka_unit_test(many_records_and_a_wide_hole),
        cmocka_unit_test(another_replica_behind_the_link),
        cmocka_unit_test(no_replica_yet),
        cmocka_unit_test(a_corrupt_index_heals),
        cmocka_unit_test(an_index_of_another_version_is_made_again),
        cmocka_unit_test(an_index_in_memory_stands_in),
        cmocka_unit_test(what_was_typed_is_kept_nowhere),
        cmocka_unit_test(hostile_questions_are_only_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
