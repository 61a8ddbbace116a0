/* Pages on their way in (PROTOCOL 3): checked, staged durably, invisible to readers until complete.c applies
 * them. */
#include "common/replica/inside.h"

#include <stdio.h>

/* ---- what is asked for ---- */
static Status write_cursor(Arena *arena, const ScopeRows *rows, Str *out, Err *err) {
    CursorItem *items = ARENA_ARRAY(arena, CursorItem, rows->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const ScopeRow *row = &rows->at[i];
        if (!row->wanted) items[count++] = (CursorItem){row->scope, row->seq, row->head0};
    }
    AUTO(buf_free) Buf text = buf_new(SCOPES_MAX * (size_t)(SCOPE_MAX + 48));
    cursor_write(&text, items, count);
    if (text.over) return err_set(err, E_TOOBIG, "the cursor is too long");
    *out = str_copy(arena, text.at ? buf_str(&text) : STR(""));
    return OK;
}

static bool all_applied(const ScopeRows *rows) {
    for (size_t i = 0; i < rows->count; i++)
        if (rows->at[i].wanted || rows->at[i].head0 >= 0) return false;
    return rows->count > 0;
}

static Status want_due_loads(Replica *replica, Err *err) {
    Stmt *due = statement(replica, STMT_scopes_want_due);
    stmt_bind_int(due, 1, clock_wall(replica->clock));
    return stmt_run(due, err);
}

Status replica_cursor(Replica *replica, Arena *arena, Str *epoch, Str *cursor, bool *caught_up, Err *err) {
    ScopeRows rows = {0};
    int64_t pull_head = 0;
    TRY(replica_page_flush(replica, err));
    TRY(want_due_loads(replica, err));
    TRY(scopes_read(replica, arena, &rows, err));
    TRY(meta_text(replica, META_EPOCH, arena, epoch, err));
    TRY(meta_int(replica, META_PULL_HEAD, 0, &pull_head, err));
    *caught_up = pull_head == 0 && all_applied(&rows);
    return write_cursor(arena, &rows, cursor, err);
}

/* ---- staging ---- */
static Status staging_begin(Replica *replica, Err *err) {
    if (replica->staging) return OK;
    TRY(db_run(replica->db, "PRAGMA synchronous = NORMAL", err)); /* what is staged can be fetched again */
    return tx_begin(&replica->staging, replica->db, err);
}

static void staging_end(Replica *replica) {
    tx_end(&replica->staging);
    replica->staging = NULL;
    replica->staged_rows = 0;
    Err err;
    if (db_run(replica->db, "PRAGMA synchronous = FULL", &err) != OK) replica->page.open = false;
}

static Status advance(Replica *replica, int64_t seq, Err *err) {
    Stmt *stmt = statement(replica, STMT_scopes_advance);
    stmt_bind_int(stmt, 1, seq);
    return stmt_run(stmt, err);
}

Status replica_page_flush(Replica *replica, Err *err) {
    if (!replica->staging) return OK;
    Status status = replica->staged_rows ? advance(replica, replica->page.last_seq, err) : OK;
    if (status == OK) status = tx_commit(replica->staging, err);
    staging_end(replica);
    if (status != OK) replica->page.open = false; /* the lines are gone: they are asked for again */
    return status;
}

void replica_page_cut(Replica *replica) {
    if (replica->staging) staging_end(replica);
    arena_close(replica->page.arena);
    replica->page = (FeedPage){0};
}

/* ---- the header ---- */
static bool list_has(const ScopeList *list, Str scope) {
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->at[i], scope)) return true;
    return false;
}

static Status check_epoch(Replica *replica, Arena *arena, Str theirs, bool *is_new, Err *err) {
    Str ours = {0};
    int64_t fresh = 0;
    TRY(meta_text(replica, META_EPOCH, arena, &ours, err));
    TRY(meta_int(replica, META_FRESH, 1, &fresh, err));
    *is_new = !ours.at || !str_equal(ours, theirs);
    if (!epoch_is_valid(theirs)) return err_set(err, E_INVALID, "the hub's epoch is no epoch");
    if (!*is_new || !ours.at || fresh || epoch_generation(theirs) > epoch_generation(ours)) return OK;
    return err_set_code(err, E_VERSION, "old_epoch", "the server lives in epoch %.*s, older than %.*s",
                        STR_FORMAT(theirs), STR_FORMAT(ours));
}

/* Within a set of pages the head never decreases, and never falls below a cursor. */
static Status check_head(Replica *replica, const FeedHeader *header, const ScopeRows *rows, Err *err) {
    int64_t newest = 0;
    TRY(meta_int(replica, META_PULL_HEAD, 0, &newest, err));
    for (size_t i = 0; i < rows->count; i++)
        if (!rows->at[i].wanted && rows->at[i].seq > newest) newest = rows->at[i].seq;
    if (header->head >= newest) return OK;
    return err_set_code(err, E_BUSY, "behind", "the server stands at %lld, this replica at %lld",
                        (long long)header->head, (long long)newest);
}

/* A scope that was asked for is granted or revoked, nothing between; anything else would be erased or kept by
 * guess. */
static Status check_scopes(const FeedHeader *header, const ScopeRows *rows, bool new_epoch, Err *err) {
    for (size_t i = 0; i < rows->count; i++) {
        Str scope = rows->at[i].scope;
        bool granted = list_has(&header->scopes, scope), revoked = list_has(&header->revoked, scope);
        if (granted && revoked)
            return err_set(err, E_INVALID, "scope %.*s is granted and revoked", STR_FORMAT(scope));
        if (!granted && !revoked && !new_epoch && !rows->at[i].wanted)
            return err_set(err, E_INVALID, "scope %.*s is neither granted nor revoked", STR_FORMAT(scope));
    }
    return OK;
}

/* At once, in a transaction of their own: nobody sees what is not for them. */
static Status erase_revoked(Replica *replica, const FeedHeader *header, const ScopeRows *rows, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    for (size_t i = 0; i < rows->count; i++) {
        if (list_has(&header->scopes, rows->at[i].scope)) continue;
        if (!tx) TRY(change_begin(replica, &tx, err));
        TRY(scope_erase(replica, rows->at[i].scope, err));
    }
    if (!tx) return OK;
    TRY(change_commit(replica, tx, err));
    return OK;
}

static Status start_load(Replica *replica, Str scope, int64_t head, Err *err) {
    HashHex nothing = sum_hex((Sum){0});
    TRY(staging_begin(replica, err));
    Stmt *erase = statement(replica, STMT_staged_erase);
    stmt_bind_text(erase, 1, scope);
    TRY(stmt_run(erase, err));
    Stmt *load = statement(replica, STMT_scope_load);
    stmt_bind_text(load, 1, scope);
    stmt_bind_int(load, 2, head);
    stmt_bind_text(load, 3, str_of(nothing.text));
    return stmt_run(load, err);
}

static Status start_loads(Replica *replica, const FeedHeader *header, const ScopeRows *rows, bool new_epoch,
                          Err *err) {
    for (size_t i = 0; i < header->scopes.count; i++) {
        Str scope = header->scopes.at[i];
        const ScopeRow *row = scopes_find(rows, scope);
        if (!row || row->wanted || new_epoch || list_has(&header->reload, scope))
            TRY(start_load(replica, scope, header->head, err));
    }
    return OK;
}

static Status take_epoch(Replica *replica, Str epoch, Err *err) {
    TRY(staging_begin(replica, err));
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str before = {0};
    TRY(scopes_want_all(replica, err));
    TRY(meta_text(replica, META_EPOCH, arena, &before, err));
    if (before.at) {
        TRY(meta_set_text(replica, META_EPOCH_BEFORE, before, err));
        TRY(meta_set_int(replica, META_EPOCH_AT, clock_wall(replica->clock), err));
        TRY(meta_set_int(replica, META_EPOCH_NEW, 1, err));
        TRY(meta_set_int(replica, META_EPOCH_LOOK, 1, err));
    }
    TRY(meta_set_text(replica, META_EPOCH, epoch, err));
    return meta_set_int(replica, META_FRESH, 0, err);
}

static void page_open(Replica *replica, const FeedHeader *header) {
    FeedPage *page = &replica->page;
    page->open = true;
    page->arena = arena_open();
    page->head = header->head;
    page->scopes.count = header->scopes.count;
    page->scopes.at = ARENA_ARRAY(page->arena, Str, header->scopes.count + 1);
    for (size_t i = 0; i < header->scopes.count; i++)
        page->scopes.at[i] = str_copy(page->arena, header->scopes.at[i]);
}

static Status stage_header(Replica *replica, const FeedHeader *header, const ScopeRows *rows, bool new_epoch,
                           Err *err) {
    if (new_epoch) TRY(take_epoch(replica, header->epoch, err));
    return start_loads(replica, header, rows, new_epoch, err);
}

Status replica_page_begin(Replica *replica, const FeedHeader *header, bool *new_epoch, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    ScopeRows rows = {0};
    replica_page_cut(replica);
    TRY(scopes_read(replica, arena, &rows, err));
    TRY(check_epoch(replica, arena, header->epoch, new_epoch, err));
    if (!*new_epoch) TRY(check_head(replica, header, &rows, err));
    TRY(check_scopes(header, &rows, *new_epoch, err));
    TRY(erase_revoked(replica, header, &rows, err));
    Status status = stage_header(replica, header, &rows, *new_epoch, err);
    if (status == OK) status = replica_page_flush(replica, err);
    if (status == OK)
        page_open(replica, header);
    else
        replica_page_cut(replica);
    return status;
}

/* ---- lines ---- */
static Status check_line(Replica *replica, const FeedLine *line, Err *err) {
    const FeedPage *page = &replica->page;
    if (!page->open) return err_set(err, E_INVALID, "a feed line without a header");
    if (line->seq <= page->last_seq || line->seq > page->head)
        return err_set(err, E_INVALID, "line %lld stands between %lld and the head %lld",
                       (long long)line->seq, (long long)page->last_seq, (long long)page->head);
    if (!list_has(&page->scopes, line->scope))
        return err_set(err, E_INVALID, "line %lld is of scope %.*s, which was not granted",
                       (long long)line->seq, STR_FORMAT(line->scope));
    if (!feed_line_is_true(line))
        return err_set(err, E_INVALID, "the hash of line %lld is wrong", (long long)line->seq);
    return OK;
}

static Status stage_line(Replica *replica, const FeedLine *line, Err *err) {
    HashHex hex = line->left ? (HashHex){0} : hash_hex(line->hash);
    Stmt *stmt = statement(replica, STMT_stage);
    stmt_bind_int(stmt, 1, line->seq);
    stmt_bind_text(stmt, 2, line->kind);
    stmt_bind_text(stmt, 3, line->id);
    stmt_bind_text(stmt, 4, line->scope);
    stmt_bind_text(stmt, 5, line->left ? (Str){0} : str_of(hex.text));
    stmt_bind_text(stmt, 6, line->left ? (Str){0} : line->doc);
    return stmt_run(stmt, err);
}

/* A set of pages began with this line: its head holds for all that follow. */
static Status staging_begin_lines(Replica *replica, Err *err) {
    if (replica->staging) return OK;
    TRY(staging_begin(replica, err));
    return meta_set_int(replica, META_PULL_HEAD, replica->page.head, err);
}

Status replica_page_line(Replica *replica, const FeedLine *line, Err *err) {
    TRY(check_line(replica, line, err));
    Status status = staging_begin_lines(replica, err);
    if (status == OK) status = stage_line(replica, line, err);
    if (status != OK) {
        replica_page_cut(replica);
        return status;
    }
    replica->page.last_seq = line->seq;
    replica->staged_rows++;
    return replica->staged_rows >= STAGE_ROWS_PER_COMMIT ? replica_page_flush(replica, err) : OK;
}

Status replica_page_more(Replica *replica, int64_t seq, Err *err) {
    FeedPage *page = &replica->page;
    if (!page->open || seq < page->last_seq || seq > page->head)
        return err_set(err, E_INVALID, "a page that ends at %lld is none", (long long)seq);
    Status status = staging_begin_lines(replica, err);
    if (status == OK) {
        page->last_seq = seq;
        replica->staged_rows++;
        status = replica_page_flush(replica, err);
    }
    replica_page_cut(replica);
    return status;
}
