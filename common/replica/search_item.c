/* One record in the index: what it says in each language, and its words. */
#include "common/base/utf8.h"
#include "common/replica/search_inside.h"

enum { PART_MAX_BYTES = 2 * DOC_MAX };
#define BASE_LANG "fr"

/* ---- from a document to what it says ---- */

static void add_part(Buf *out, Str text, const char *between) {
    text = str_trim(text);
    if (text.len == 0) return;
    if (out->len) buf_add_cstr(out, between);
    buf_add(out, text);
}

/* A text, or the texts of a list. */
static void add_value(Buf *out, const Json *value, const char *between) {
    if (!value) return;
    if (value->type == JSON_TEXT_T) add_part(out, value->text, between);
    if (value->type != JSON_LIST_T) return;
    for (const Json *each = value->first; each; each = each->next)
        if (each->type == JSON_TEXT_T) add_part(out, each->text, ", ");
}

static const char *naming_field(Kind kind) {
    for (size_t i = 0; i < search_field_count; i++)
        if (search_fields[i].kind == kind && search_fields[i].role == SEARCH_TITLE)
            return search_fields[i].name;
    return "name";
}

static const Json *translation(const Json *doc, Str lang) {
    const Json *all = json_get(doc, "tr");
    for (const Json *each = all && all->type == JSON_MAP_T ? all->first : NULL; each; each = each->next)
        if (str_equal(each->name, lang)) return each;
    return NULL;
}

static Status add_name(Search *search, Buf *out, Kind kind, Str id, Str lang, Arena *arena, Err *err) {
    Str hash;
    const Json *doc = NULL;
    TRY(search_read_doc(search, kind, id, arena, &hash, &doc, err));
    const char *field = naming_field(kind);
    Str name = json_get_text(translation(doc, lang), field);
    add_part(out, name.len ? name : json_get_text(doc, field), " · ");
    return OK;
}

static Status add_names(Search *search, Buf *out, const SearchField *field, const Json *value, Str lang,
                        Arena *arena, Err *err) {
    Kind target = kind_field(field->kind, str_of(field->name))->target;
    if (!value) return OK;
    if (value->type == JSON_TEXT_T) return add_name(search, out, target, value->text, lang, arena, err);
    for (const Json *each = value->type == JSON_LIST_T ? value->first : NULL; each; each = each->next)
        if (each->type == JSON_TEXT_T) TRY(add_name(search, out, target, each->text, lang, arena, err));
    return OK;
}

static bool is_markdown(const SearchField *field) {
    return kind_field(field->kind, str_of(field->name))->type == FIELD_BODY;
}

static Status add_field(Search *search, Buf *out, const SearchField *field, const Json *doc, const Json *said,
                        Str lang, Arena *arena, Err *err) {
    const char *between = field->role == SEARCH_CONTEXT ? " · " : "\n";
    if (field->by_name) return add_names(search, out, field, json_get(doc, field->name), lang, arena, err);
    const Json *value = json_get(said, field->name);
    if (value && value->type == JSON_TEXT_T && is_markdown(field))
        add_part(out, search_plain(arena, value->text), between);
    else
        add_value(out, value, between);
    return OK;
}

static bool has_value(const Json *value, const char *word) {
    if (!value) return false;
    if (value->type == JSON_TEXT_T) return str_is(value->text, word);
    for (const Json *each = value->type == JSON_LIST_T ? value->first : NULL; each; each = each->next)
        if (each->type == JSON_TEXT_T && str_is(each->text, word)) return true;
    return false;
}

static void add_also(Buf *out, Kind kind, const Json *doc) {
    for (size_t i = 0; i < search_word_count; i++) {
        const SearchWord *row = &search_words[i];
        if (row->kind != kind) continue;
        if (!row->field[0] || has_value(json_get(doc, row->field), row->value))
            add_part(out, str_of(row->words), " ");
    }
}

/* said: the document itself, or its translation. */
static Status say(Search *search, Kind kind, const Json *doc, const Json *said, Said *out, Arena *arena,
                  Err *err) {
    for (int role = 0; role < SEARCH_ROLE_COUNT; role++) {
        AUTO(buf_free) Buf part = buf_new(PART_MAX_BYTES);
        for (size_t i = 0; i < search_field_count; i++) {
            const SearchField *field = &search_fields[i];
            if (field->kind == kind && (int)field->role == role)
                TRY(add_field(search, &part, field, doc, said, out->lang, arena, err));
        }
        if (role == SEARCH_ALSO && said == doc) add_also(&part, kind, doc);
        out->part[role] = part.len ? str_copy(arena, buf_str(&part)) : (Str){0};
    }
    return OK;
}

static Status say_all(Search *search, Kind kind, const Json *doc, SaidList *out, Arena *arena, Err *err) {
    const Json *all = json_get(doc, "tr");
    out->count = 1;
    out->at[0].lang = STR(BASE_LANG);
    TRY(say(search, kind, doc, doc, &out->at[0], arena, err));
    for (const Json *each = all && all->type == JSON_MAP_T ? all->first : NULL; each; each = each->next) {
        if (out->count == SAID_MAX) break;
        if (each->type != JSON_MAP_T || str_is(each->name, BASE_LANG)) continue;
        out->at[out->count].lang = each->name;
        TRY(say(search, kind, doc, each, &out->at[out->count], arena, err));
        out->count++;
    }
    return OK;
}

static bool has_effect(Kind kind, const Json *doc, SearchEffect effect) {
    for (size_t i = 0; i < search_state_count; i++) {
        const SearchState *row = &search_states[i];
        if (row->kind == kind && row->effect == effect && str_is(json_get_text(doc, row->field), row->word))
            return true;
    }
    return false;
}

/* ---- from there to the tables ---- */

/* The words of a column: the same when they go in and when they are taken out, for FTS5 is told both. */
static Str folded(Arena *arena, const SaidList *list, const SearchRole *roles, size_t role_count) {
    AUTO(buf_free) Buf all = buf_new((size_t)SAID_MAX * SEARCH_ROLE_COUNT * PART_MAX_BYTES);
    for (size_t i = 0; i < list->count; i++)
        for (size_t role = 0; role < role_count; role++) add_part(&all, list->at[i].part[roles[role]], "\n");
    Str out = utf8_fold(arena, buf_str(&all));
    return out.at ? out : STR("");
}

static Status change_words(Search *search, int statement, int64_t number, const SaidList *list, Arena *arena,
                           Err *err) {
    static const SearchRole title[] = {SEARCH_TITLE}, body[] = {SEARCH_BODY};
    static const SearchRole words[] = {SEARCH_CONTEXT, SEARCH_WORDS, SEARCH_ALSO};
    Stmt *change = search_statement(search, statement);
    stmt_bind_int(change, 1, number);
    stmt_bind_text(change, 2, folded(arena, list, title, COUNT(title)));
    stmt_bind_text(change, 3, folded(arena, list, words, COUNT(words)));
    stmt_bind_text(change, 4, folded(arena, list, body, COUNT(body)));
    return stmt_run(change, err);
}

static Status put_said(Search *search, int64_t number, const Said *said, Err *err) {
    Stmt *put = search_statement(search, STMT_said_put);
    stmt_bind_int(put, 1, number);
    stmt_bind_text(put, 2, said->lang);
    for (int role = 0; role < SEARCH_ROLE_COUNT; role++) stmt_bind_text(put, 3 + role, said->part[role]);
    return stmt_run(put, err);
}

Status search_said_of(Search *search, int64_t number, Arena *arena, SaidList *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *get = search_statement(search, STMT_said_of);
    stmt_bind_int(get, 1, number);
    for (out->count = 0; out->count < SAID_MAX; out->count++) {
        bool row;
        Said *said = &out->at[out->count];
        TRY(stmt_step(get, &row, err));
        if (!row) return OK;
        said->lang = str_copy(arena, stmt_text(get, 0));
        for (int role = 0; role < SEARCH_ROLE_COUNT; role++)
            said->part[role] = str_copy(arena, stmt_text(get, 1 + role));
    }
    return OK;
}

static Status run_with(Search *search, int statement, int64_t number, Err *err) {
    Stmt *stmt = search_statement(search, statement);
    stmt_bind_int(stmt, 1, number);
    return stmt_run(stmt, err);
}

/* What says nothing has no words: it is only known, so as not to be read again. */
Status search_item_erase(Search *search, int64_t number, Err *err) {
    SaidList list;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(search_said_of(search, number, arena, &list, err));
    if (list.count) TRY(change_words(search, STMT_word_erase, number, &list, arena, err));
    TRY(run_with(search, STMT_said_erase, number, err));
    return run_with(search, STMT_item_erase, number, err);
}

static void bind_moment(Stmt *put, int parameter, const Json *doc, const char *field) {
    int64_t moment = field[0] ? json_get_int(doc, field, INT_ABSENT) : INT_ABSENT;
    if (moment == INT_ABSENT)
        stmt_bind_null(put, parameter);
    else
        stmt_bind_int(put, parameter, moment);
}

static Status put_item(Search *search, const SearchKind *row, Str id, Str hash, const Json *doc, Err *err) {
    Stmt *put = search_statement(search, STMT_item_put);
    int type = row->type_field[0]
                   ? word_value(word_set_of(row->kind, row->type_field), json_get_text(doc, row->type_field))
                   : 0;
    stmt_bind_text(put, 1, str_of(kind_info(row->kind)->name));
    stmt_bind_text(put, 2, id);
    stmt_bind_text(put, 3, hash);
    stmt_bind_int(put, 4, row->weight_percent);
    stmt_bind_int(put, 5, type);
    bind_moment(put, 6, doc, row->starts_field);
    bind_moment(put, 7, doc, row->ends_field);
    stmt_bind_int(put, 8, has_effect(row->kind, doc, SEARCH_CANCELLED));
    return stmt_run(put, err);
}

static Status put_new(Search *search, const SearchKind *row, Str id, Str hash, const Json *doc, Arena *arena,
                      Err *err) {
    SaidList list = {.count = 0};
    TRY(put_item(search, row, id, hash, doc, err));
    int64_t number = db_last_rowid(search->db);
    if (!doc || has_effect(row->kind, doc, SEARCH_LEFT_OUT)) return OK;
    TRY(say_all(search, row->kind, doc, &list, arena, err));
    for (size_t i = 0; i < list.count; i++) TRY(put_said(search, number, &list.at[i], err));
    return change_words(search, STMT_word_put, number, &list, arena, err);
}

Status search_item_put(Search *search, const SearchKind *row, Str id, int64_t old_number, Err *err) {
    Str hash;
    const Json *doc = NULL;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    TRY(search_read_doc(search, row->kind, id, arena, &hash, &doc, err));
    if (old_number) TRY(search_item_erase(search, old_number, err));
    return hash.at ? put_new(search, row, id, hash, doc, arena, err) : OK;
}
