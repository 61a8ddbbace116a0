/* Reading what is to be searched: a connection of its own, so that steps can be taken while the screen reads.
 */
#include "common/replica/search_inside.h"
#include "common/replica/tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLLOWED_CACHE_KIB = 512, HIDDEN_MAX = 10000 };

static const StmtRow searched_rows[] = {SEARCHED_STATEMENTS(STMT_ROW)};

static Status from_replica(Search *search, Status status) {
    if (status != OK) search->replica_failed = true;
    return status;
}

void search_replica_close(Search *search) {
    stmt_table_close(search->reading);
    db_close(search->replica);
    search->reading = NULL;
    search->replica = NULL;
}

static Status open_replica(Search *search, Err *err) {
    TRY(replica_file_open(&search->replica, search->replica_path, FOLLOWED_CACHE_KIB, err));
    TRY(stmt_table_open(&search->reading, search->replica, searched_rows, COUNT(searched_rows), err));
    search->data_version = -1;
    search->hidden_known = false;
    search->names_known = false;
    memset(search->counts, 0, sizeof(search->counts));
    search_start_over(search);
    return OK;
}

/* Another file behind the link, or another one of the same name. */
static Status follow_link(Search *search, Err *err) {
    struct stat info;
    if (stat(search->replica_path, &info) != 0) {
        int cause = errno;
        search_replica_close(search);
        return err_from_errno(err, cause, "there is no replica at %s", search->replica_path);
    }
    bool same = search->replica && info.st_dev == search->device && info.st_ino == search->inode;
    if (same) return OK;
    search_replica_close(search);
    search->device = info.st_dev;
    search->inode = info.st_ino;
    return open_replica(search, err);
}

static bool names_others(Kind kind) {
    for (size_t i = 0; i < search_field_count; i++)
        if (search_fields[i].by_name &&
            kind_field(search_fields[i].kind, str_of(search_fields[i].name))->target == kind)
            return true;
    return false;
}

static uint64_t searched_kinds(void) {
    uint64_t all = 0;
    for (size_t i = 0; i < search_kind_count; i++) all |= SEARCH_BIT(search_kinds[i].kind);
    return all;
}

static void note_changed(Search *search, Kind kind) {
    if (kind == K_borrow) search->hidden_known = false;
    search->dirty |= (kind == K_borrow ? ~UINT64_C(0) : SEARCH_BIT(kind)) & searched_kinds();
    if (names_others(kind)) search->names_known = false;
}

static Status read_counts(Search *search, Err *err) {
    AUTO(stmt_reset_auto) Stmt *counts = searched_statement(search, STMT_counts);
    for (bool row = true;;) {
        TRY(stmt_step(counts, &row, err));
        if (!row) return OK;
        Kind kind = kind_from_name(stmt_text(counts, 0));
        if (kind == K_unknown || search->counts[kind] == stmt_int(counts, 1)) continue;
        search->counts[kind] = stmt_int(counts, 1);
        note_changed(search, kind);
    }
}

static Status look(Search *search, Err *err) {
    int64_t version = 0;
    TRY(follow_link(search, err));
    TRY(db_data_version(search->replica, &version, err));
    if (version == search->data_version) return OK;
    TRY(read_counts(search, err));
    search->data_version = version;
    return OK;
}

Status search_look(Search *search, Err *err) {
    return from_replica(search, look(search, err));
}

static Status read_hashes(Search *search, Kind kind, Arena *arena, SearchRows *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *rows = searched_statement(search, STMT_hashes);
    stmt_bind_text(rows, 1, str_of(kind_info(kind)->name));
    stmt_bind_text(rows, 2, str_of(search->after));
    stmt_bind_int(rows, 3, SEARCH_BATCH);
    for (out->count = 0; out->count < SEARCH_BATCH; out->count++) {
        bool row;
        TRY(stmt_step(rows, &row, err));
        if (!row) return OK;
        out->at[out->count] =
            (SearchRow){str_copy(arena, stmt_text(rows, 0)), str_copy(arena, stmt_text(rows, 1)), 0};
    }
    return OK;
}

Status search_read_hashes(Search *search, Kind kind, Arena *arena, SearchRows *out, Err *err) {
    return from_replica(search, read_hashes(search, kind, arena, out, err));
}

static Status read_doc(Search *search, Kind kind, Str id, Arena *arena, Str *hash, const Json **doc,
                       Err *err) {
    bool row;
    Json *parsed = NULL;
    AUTO(stmt_reset_auto) Stmt *get = searched_statement(search, STMT_doc);
    *hash = (Str){0};
    *doc = NULL;
    stmt_bind_text(get, 1, str_of(kind_info(kind)->name));
    stmt_bind_text(get, 2, id);
    TRY(stmt_step(get, &row, err));
    if (!row) return OK;
    *hash = str_copy(arena, stmt_text(get, 0));
    if (json_parse(arena, stmt_text(get, 1), &parsed, NULL) == OK) *doc = parsed;
    return OK;
}

Status search_read_doc(Search *search, Kind kind, Str id, Arena *arena, Str *hash, const Json **doc,
                       Err *err) {
    return from_replica(search, read_doc(search, kind, id, arena, hash, doc, err));
}

/* ---- what a borrowing org hides ---- */

static int by_text(const void *a, const void *b) {
    return str_compare(*(const Str *)a, *(const Str *)b);
}

static void note_hidden(SearchHidden *hidden, Str doc_text) {
    Json *doc = NULL;
    AUTO(arena_close_auto) Arena *scratch = arena_open();
    if (hidden->count == HIDDEN_MAX || json_parse(scratch, doc_text, &doc, NULL) != OK) return;
    int state = word_value(word_set_of(K_borrow, "state"), json_get_text(doc, "state"));
    if (state != BorrowState_hidden) return;
    Str kind = json_get_text(doc, "kind"), id = json_get_text(doc, "id");
    hidden->keys[hidden->count++] = str_print(hidden->arena, "%.*s~%.*s", STR_FORMAT(kind), STR_FORMAT(id));
}

/* The kiosk holds the borrow records of its own org alone: their scope sees to that. */
static Status read_hidden(Search *search, Err *err) {
    SearchHidden *hidden = &search->hidden;
    AUTO(stmt_reset_auto) Stmt *docs = searched_statement(search, STMT_docs);
    arena_reset(hidden->arena);
    hidden->count = 0;
    hidden->keys = ARENA_ARRAY(hidden->arena, Str, HIDDEN_MAX);
    stmt_bind_text(docs, 1, STR("borrow"));
    for (bool row = true;;) {
        TRY(stmt_step(docs, &row, err));
        if (!row) break;
        note_hidden(hidden, stmt_text(docs, 1));
    }
    if (hidden->count) qsort(hidden->keys, hidden->count, sizeof(Str), by_text);
    search->hidden_known = true;
    return OK;
}

Status search_read_hidden(Search *search, Err *err) {
    return from_replica(search, read_hidden(search, err));
}

bool search_is_hidden(const Search *search, Kind kind, Str id) {
    const SearchHidden *hidden = &search->hidden;
    AUTO(buf_free) Buf key = buf_new(KIND_MAX + ID_MAX + 2);
    if (hidden->count == 0) return false;
    buf_print(&key, "%s~%.*s", kind_info(kind)->name, STR_FORMAT(id));
    Str text = buf_str(&key);
    return bsearch(&text, hidden->keys, hidden->count, sizeof(Str), by_text) != NULL;
}

/* ---- what records are named after ---- */

static Status add_kind(Search *search, Kind kind, uint64_t *digest, Err *err) {
    AUTO(stmt_reset_auto) Stmt *hashes = searched_statement(search, STMT_kind_hashes);
    stmt_bind_text(hashes, 1, str_of(kind_info(kind)->name));
    for (bool row = true;;) {
        TRY(stmt_step(hashes, &row, err));
        if (!row) return OK;
        *digest = *digest * UINT64_C(0x100000001b3) + str_hash(stmt_text(hashes, 0));
    }
}

Status search_read_names(Search *search, uint64_t *digest, Err *err) {
    *digest = 1;
    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (names_others((Kind)kind)) TRY(from_replica(search, add_kind(search, (Kind)kind, digest, err)));
    *digest >>= 1; /* a positive integer in SQL */
    return OK;
}
