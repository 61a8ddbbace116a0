#include "common/replica/search_inside.h"

#include "common/base/file.h"
#include "common/base/memory.h"
#include "common/replica/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CANDIDATES_MAX = 1500 };

Search *search_open(const char *dir, const Clock *clock) {
    Search *search = memory_get(sizeof(*search));
    search->arena = arena_open();
    search->hidden.arena = arena_open();
    search->clock = clock;
    search->path = path_join(search->arena, dir, SEARCH_FILE);
    search->replica_path = path_join(search->arena, dir, REPLICA_LINK);
    search->sweeping = K_unknown;
    search_index_open(search);
    return search;
}

void search_close(Search *search) {
    if (!search) return;
    Err err = {0};
    if (search_commit(search, &err) != OK) err = (Err){0}; /* what was not kept is compared again */
    search_replica_close(search);
    search_index_close(search);
    arena_close(search->hidden.arena);
    arena_close(search->arena);
    free(search);
}

void search_close_auto(Search **search) {
    search_close(*search);
    *search = NULL;
}

uint64_t search_generation(const Search *search) {
    return search->generation;
}

/* ---- following ---- */

static Status step(Search *search, int budget_ms, Err *err) {
    Millis deadline = clock_steady(search->clock) + budget_ms;
    TRY(search_look(search, err));
    return search_is_behind(search) ? search_sweep(search, deadline, err) : OK;
}

/* The replica cannot be read: what is in the index stays, until it can. */
static void replica_failed(Search *search) {
    search_replica_close(search);
    search_start_over(search);
}

bool search_step(Search *search, int budget_ms) {
    Err err = {0};
    if (!search->db) return false;
    search->replica_failed = false;
    Status status = step(search, budget_ms, &err);
    if (status != OK && search->replica_failed)
        replica_failed(search);
    else if (status != OK)
        search_index_failed(search, &err);
    return search_is_behind(search);
}

/* ---- finding ---- */

typedef struct Finding {
    Search *search;
    const SearchQuestion *question;
    Asked asked;
    size_t limit, excerpt_chars;
    Arena *arena;
    SearchResults *out;
} Finding;

static Status count_matches(Search *search, Str match, int64_t *out, Err *err) {
    bool row;
    AUTO(stmt_reset_auto) Stmt *count = search_statement(search, STMT_matches);
    stmt_bind_text(count, 1, match);
    stmt_bind_int(count, 2, CANDIDATES_MAX + 1);
    TRY(stmt_step(count, &row, err));
    *out = row ? stmt_int(count, 0) : 0;
    return OK;
}

static const Said *said_in(const SaidList *list, Str lang) {
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->at[i].lang, lang)) return &list->at[i];
    return NULL;
}

/* In the language asked for, else as it was written. */
static Str part_in(const SaidList *list, Str lang, SearchRole role) {
    const Said *wanted = said_in(list, lang), *base = said_in(list, STR("fr"));
    if (wanted && wanted->part[role].len) return wanted->part[role];
    return base ? base->part[role] : (Str){0};
}

static bool try_excerpt(const Finding *finding, Str text, SearchText *out) {
    SearchText excerpt;
    if (!search_excerpt(finding->arena, text, &finding->asked, finding->excerpt_chars, &excerpt))
        return false;
    *out = excerpt;
    return true;
}

/* The body first, then what else was searched, then other languages; where only the title matched, how it
 * begins. */
static void choose_excerpt(const Finding *finding, const SaidList *list, SearchText *out) {
    static const SearchRole roles[] = {SEARCH_BODY, SEARCH_WORDS};
    Str lang = finding->question->lang;
    for (size_t i = 0; i < COUNT(roles); i++)
        if (try_excerpt(finding, part_in(list, lang, roles[i]), out)) return;
    for (size_t i = 0; i < list->count; i++)
        if (try_excerpt(finding, list->at[i].part[SEARCH_BODY], out)) return;
    search_excerpt(finding->arena, part_in(list, lang, SEARCH_BODY), &(Asked){0}, finding->excerpt_chars,
                   out);
}

static int64_t moment(Stmt *row, int column) {
    return stmt_is_null(row, column) ? INT_ABSENT : stmt_int(row, column);
}

static Status take_row(Finding *finding, Stmt *row, SearchHit *hit, bool *taken, Err *err) {
    SaidList list;
    *taken = false;
    *hit = (SearchHit){.kind = kind_from_name(stmt_text(row, 1)),
                       .id = str_copy(finding->arena, stmt_text(row, 2)),
                       .type = (int)stmt_int(row, 3),
                       .starts = moment(row, 4),
                       .ends = moment(row, 5),
                       .cancelled = stmt_int(row, 6) != 0};
    if (hit->kind == K_unknown) return OK;
    TRY(search_said_of(finding->search, stmt_int(row, 0), finding->arena, &list, err));
    Str title = part_in(&list, finding->question->lang, SEARCH_TITLE);
    search_excerpt(finding->arena, title, &finding->asked, SEARCH_TITLE_CHARS, &hit->title);
    hit->context = part_in(&list, finding->question->lang, SEARCH_CONTEXT);
    choose_excerpt(finding, &list, &hit->excerpt);
    *taken = true;
    return OK;
}

static bool is_found(const SearchResults *results, Str kind, Str id) {
    for (size_t i = 0; i < results->count; i++)
        if (str_equal(results->hits[i].id, id) && str_is(kind, kind_info(results->hits[i].kind)->name))
            return true;
    return false;
}

static Status take_best(Finding *finding, Str match, Err *err) {
    SearchResults *out = finding->out;
    AUTO(stmt_reset_auto) Stmt *best = search_statement(finding->search, STMT_best);
    stmt_bind_text(best, 1, match);
    stmt_bind_int(best, 2, finding->question->now);
    stmt_bind_int(best, 3, CANDIDATES_MAX);
    stmt_bind_int(best, 4, (int64_t)finding->limit);
    while (out->count < finding->limit) {
        bool row, taken = false;
        TRY(stmt_step(best, &row, err));
        if (!row) return OK;
        if (is_found(out, stmt_text(best, 1), stmt_text(best, 2))) continue;
        TRY(take_row(finding, best, &out->hits[out->count], &taken, err));
        out->count += taken;
    }
    return OK;
}

/* Ranking costs a microsecond and a half a row, and one letter is in all of them: then titles come first, and
 * of the rest as many as there is time for. */
static Status take_hits(Finding *finding, bool any_word, int64_t matches, Err *err) {
    bool too_many = matches > CANDIDATES_MAX;
    if (too_many) TRY(take_best(finding, search_match(finding->arena, &finding->asked, any_word, true), err));
    if (finding->out->count == finding->limit) return OK;
    return take_best(finding, search_match(finding->arena, &finding->asked, any_word, false), err);
}

static Status find(Finding *finding, Err *err) {
    int64_t matches = 0;
    SearchResults *out = finding->out;
    TRY(count_matches(finding->search, search_match(finding->arena, &finding->asked, false, false), &matches,
                      err));
    if (matches == 0 && finding->asked.count > 1) {
        out->any_word = true;
        Str match = search_match(finding->arena, &finding->asked, true, false);
        TRY(count_matches(finding->search, match, &matches, err));
    }
    return matches ? take_hits(finding, out->any_word, matches, err) : OK;
}

void search_find(Search *search, const SearchQuestion *question, Arena *arena, SearchResults *out) {
    Err err = {0};
    size_t limit = question->limit && question->limit < SEARCH_HITS_MAX ? question->limit : SEARCH_HITS_MAX;
    size_t chars = question->excerpt_chars ? question->excerpt_chars : SEARCH_EXCERPT_CHARS;
    Finding finding = {search, question, {.count = 0}, limit, chars, arena, out};
    *out = (SearchResults){.hits = ARENA_ARRAY(arena, SearchHit, limit)};
    search_ask(arena, question->typed, &finding.asked);
    out->asked = finding.asked.count > 0;
    if (out->asked && search->db && find(&finding, &err) != OK) {
        search_index_failed(search, &err);
        out->count = 0;
    }
    out->partial = search->dirty != 0 || search->sweeping != K_unknown;
}

/* ---- telling ---- */

void search_health(Search *search, SearchHealth *out) {
    bool row = false;
    Err err = {0};
    *out = (SearchHealth){
        .in_memory = search->in_memory, .failures = search->failures, .status = search->status};
    snprintf(out->text, sizeof(out->text), "%s", search->text);
    if (!search->db) return;
    AUTO(stmt_reset_auto) Stmt *count = search_statement(search, STMT_items_count);
    if (stmt_step(count, &row, &err) == OK && row) out->records = stmt_int(count, 0);
}
