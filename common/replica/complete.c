/* `complete`: the one transaction in which readers step from one state of the hub to the next (PROTOCOL 3).
 */
#include "common/replica/inside.h"

#include <stdio.h>
#include <string.h>

enum { KINDS_CHANGED_MAX = 512, FAULT_FIRST_MS = MINUTE_MS, FAULT_DOUBLINGS_MAX = 6, SHA256_HEX = 64 };

typedef struct Apply {
    Replica *replica;
    Arena *arena;
    const FeedTrailer *trailer;
    PageOutcome *outcome;
    ScopeRows rows;
    ScopeRow *last_row; /* neighbours in the feed are mostly of one scope */
    Str kinds[KINDS_CHANGED_MAX];
    size_t kind_count;

} Apply;

/* ---- what changed ---- */
static void note_kind(Apply *apply, Str kind) {
    apply->outcome->changed++;
    for (size_t i = apply->kind_count; i-- > 0;)
        if (str_equal(apply->kinds[i], kind)) return;
    if (apply->kind_count == KINDS_CHANGED_MAX) return;
    apply->kinds[apply->kind_count++] = str_copy(apply->arena, kind);
}

static Status count_kinds(Apply *apply, Err *err) {
    for (size_t i = 0; i < apply->kind_count; i++) TRY(kind_changed(apply->replica, apply->kinds[i], err));
    return OK;
}

static ScopeRow *row_of(Apply *apply, Str scope) {
    if (!apply->last_row || !str_equal(apply->last_row->scope, scope))
        apply->last_row = scopes_find(&apply->rows, scope);
    return apply->last_row;
}

/* The sum of a scope that is being loaded is taken from the lines alone, so that a load heals a wrong sum. */
static bool is_loading(const ScopeRow *row) {
    return row->head0 >= 0;
}

static void sum_leaves(Apply *apply, Str scope, Str hex) {
    ScopeRow *row = row_of(apply, scope);
    Hash hash;
    if (row && !is_loading(row) && hash_from_hex(hex, &hash)) sum_remove(&row->sum, hash);
}

static Status sum_enters(Apply *apply, Str scope, Str hex, Err *err) {
    ScopeRow *row = row_of(apply, scope);
    Hash hash;
    if (!row)
        return err_set(err, E_CORRUPT, "a line of scope %.*s was staged without a cursor", STR_FORMAT(scope));
    if (!hash_from_hex(hex, &hash)) return err_set(err, E_CORRUPT, "a staged hash is no hash");
    sum_add(&row->sum, hash);
    return OK;
}

/* ---- blobs: the literal blob:<sha256> anywhere in a document ---- */
static Status want_blobs(Replica *replica, Str doc, Err *err) {
    for (ptrdiff_t at; (at = str_find(doc, STR("blob:"))) >= 0;) {
        unsigned char bytes[SHA256_HEX / 2];
        doc = str_skip(doc, (size_t)at + 5);
        if (!hex_decode(str_first(doc, SHA256_HEX), bytes, sizeof(bytes))) continue;
        Stmt *want = statement(replica, STMT_blob_want);
        stmt_bind_text(want, 1, str_first(doc, SHA256_HEX));
        TRY(stmt_run(want, err));
    }
    return OK;
}

/* ---- one line ---- */
typedef struct Line {
    int64_t seq;
    Str kind, id, scope, hash, doc;
} Line;

typedef struct Here {
    bool found, same_doc;
    char scope[SCOPE_MAX + 1], hash[2 * HASH_BYTES + 1];
} Here;

static Status look_here(Replica *replica, const Line *line, Here *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *get = statement(replica, STMT_record_get);
    stmt_bind_text(get, 1, line->kind);
    stmt_bind_text(get, 2, line->id);
    stmt_bind_text(get, 3, line->doc);
    TRY(stmt_step(get, &out->found, err));
    if (!out->found) return OK;
    snprintf(out->scope, sizeof(out->scope), "%.*s", STR_FORMAT(stmt_text(get, 0)));
    snprintf(out->hash, sizeof(out->hash), "%.*s", STR_FORMAT(stmt_text(get, 1)));
    out->same_doc = stmt_int(get, 2) != 0;
    return OK;
}

static Status erase_record(Apply *apply, Str kind, Str id, Err *err) {
    Stmt *erase = statement(apply->replica, STMT_record_erase);
    stmt_bind_text(erase, 1, kind);
    stmt_bind_text(erase, 2, id);
    TRY(stmt_run(erase, err));
    note_kind(apply, kind);
    return OK;
}

static Status write_record(Apply *apply, const Line *line, Err *err) {
    Stmt *put = statement(apply->replica, STMT_record_put);
    stmt_bind_text(put, 1, line->kind);
    stmt_bind_text(put, 2, line->id);
    stmt_bind_text(put, 3, line->scope);
    stmt_bind_int(put, 4, line->seq);
    stmt_bind_text(put, 5, line->hash);
    stmt_bind_text(put, 6, line->doc);
    TRY(stmt_run(put, err));
    note_kind(apply, line->kind);
    return want_blobs(apply->replica, line->doc, err);
}

/* A load mentions much that has not changed: nobody reloads a screen for a new seq. */
static Status write_seq(Replica *replica, const Line *line, Err *err) {
    Stmt *set = statement(replica, STMT_record_seq);
    stmt_bind_text(set, 1, line->kind);
    stmt_bind_text(set, 2, line->id);
    stmt_bind_int(set, 3, line->seq);
    return stmt_run(set, err);
}

static Status apply_live(Apply *apply, const Line *line, const Here *here, Err *err) {
    if (here->found) sum_leaves(apply, str_of(here->scope), str_of(here->hash));
    TRY(sum_enters(apply, line->scope, line->hash, err));
    bool same =
        here->found && here->same_doc && str_is(line->scope, here->scope) && str_is(line->hash, here->hash);
    TRY(same ? write_seq(apply->replica, line, err) : write_record(apply, line, err));
    if (!str_is(line->kind, "receipt")) return OK;
    return receipt_apply(apply->replica, apply->arena, line->id, line->doc, apply->outcome, err);
}

/* `left` erases a record only if it is still in that scope: moved to another one of ours, it stays. */
static Status apply_left(Apply *apply, const Line *line, const Here *here, Err *err) {
    if (!here->found || !str_is(line->scope, here->scope)) return OK;
    sum_leaves(apply, line->scope, str_of(here->hash));
    return erase_record(apply, line->kind, line->id, err);
}

static Status apply_line(Apply *apply, const Line *line, Err *err) {
    Here here = {0};
    TRY(look_here(apply->replica, line, &here, err));
    return line->doc.at ? apply_live(apply, line, &here, err) : apply_left(apply, line, &here, err);
}

static Status apply_staged(Apply *apply, Err *err) {
    AUTO(stmt_reset_auto) Stmt *staged = statement(apply->replica, STMT_staged);
    for (bool row = true;;) {
        TRY(stmt_step(staged, &row, err));
        if (!row) return OK;
        Line line = {stmt_int(staged, 0),  stmt_text(staged, 1), stmt_text(staged, 2),
                     stmt_text(staged, 3), stmt_text(staged, 4), stmt_text(staged, 5)};
        TRY(apply_line(apply, &line, err));
    }
}

/* ---- sweep: what a load did not mention ---- */
static Status sweep_scope(Apply *apply, Str scope, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    size_t count = 0, room = 64;
    Line *gone = ARENA_ARRAY(arena, Line, room);
    AUTO(stmt_reset_auto) Stmt *unmentioned = statement(apply->replica, STMT_unmentioned);
    stmt_bind_text(unmentioned, 1, scope);
    for (bool row = true;;) {
        TRY(stmt_step(unmentioned, &row, err));
        if (!row) break;
        if (count == room) {
            Line *wider = ARENA_ARRAY(arena, Line, 2 * room);
            memcpy(wider, gone, room * sizeof(*gone));
            gone = wider;
            room *= 2;
        }
        gone[count++] = (Line){.kind = str_copy(arena, stmt_text(unmentioned, 0)),
                               .id = str_copy(arena, stmt_text(unmentioned, 1))};
    }
    for (size_t i = 0; i < count; i++) TRY(erase_record(apply, gone[i].kind, gone[i].id, err));
    return OK;
}

static Status sweep(Apply *apply, Err *err) {
    for (size_t i = 0; i < apply->rows.count; i++)
        if (is_loading(&apply->rows.at[i])) TRY(sweep_scope(apply, apply->rows.at[i].scope, err));
    return OK;
}

/* ---- sums ---- */
static const ScopeSum *told_sum(const FeedTrailer *trailer, Str scope) {
    for (size_t i = 0; i < trailer->sum_count; i++)
        if (str_equal(trailer->sums[i].scope, scope)) return &trailer->sums[i];
    return NULL;
}

static bool sum_is_right(const Apply *apply, const ScopeRow *row) {
    const ScopeSum *told = told_sum(apply->trailer, row->scope);
    return told && sum_equal(told->sum, row->sum);
}

/* Wrong for the first time: nothing is applied, the scope is loaded anew. */
static bool must_load_again(const Apply *apply) {
    for (size_t i = 0; i < apply->rows.count; i++)
        if (apply->rows.at[i].failures == 0 && !sum_is_right(apply, &apply->rows.at[i])) return true;
    return false;
}

static Millis fault_delay(int64_t failures) {
    int64_t doublings = failures < FAULT_DOUBLINGS_MAX ? failures : FAULT_DOUBLINGS_MAX;
    return (Millis)FAULT_FIRST_MS << doublings;
}

/* Wrong again after a load: shown as a fault, tried again later. Between two loads the fault stands as it is.
 */
static Status note_wrong(Apply *apply, const ScopeRow *row, Err *err) {
    if (!is_loading(row)) return OK;
    const ScopeSum *told = told_sum(apply->trailer, row->scope);
    Str fault =
        str_print(apply->arena, "after a whole load: %lld records here, %lld at the hub, and the sums differ",
                  (long long)row->sum.count, told ? (long long)told->sum.count : -1LL);
    Stmt *wrong = statement(apply->replica, STMT_scope_wrong);
    stmt_bind_text(wrong, 1, row->scope);
    stmt_bind_int(wrong, 2, row->failures + 1);
    stmt_bind_int(wrong, 3, clock_wall(apply->replica->clock) + fault_delay(row->failures));
    stmt_bind_text(wrong, 4, fault);
    return stmt_run(wrong, err);
}

static Status note_right(Apply *apply, const ScopeRow *row, Err *err) {
    if (row->failures == 0) return OK;
    Stmt *right = statement(apply->replica, STMT_scope_right);
    stmt_bind_text(right, 1, row->scope);
    return stmt_run(right, err);
}

static Status note_sums(Apply *apply, Err *err) {
    for (size_t i = 0; i < apply->rows.count; i++) {
        const ScopeRow *row = &apply->rows.at[i];
        TRY(sum_is_right(apply, row) ? note_right(apply, row, err) : note_wrong(apply, row, err));
    }
    return scopes_write_sums(apply->replica, &apply->rows, err);
}

/* ---- the whole ---- */
static Status apply_begin(Apply *apply, Err *err) {
    TRY(scopes_read(apply->replica, apply->arena, &apply->rows, err));
    for (size_t i = 0; i < apply->rows.count; i++)
        if (is_loading(&apply->rows.at[i])) apply->rows.at[i].sum = (Sum){0};
    return OK;
}

static Status finish(Apply *apply, Err *err) {
    Replica *replica = apply->replica;
    TRY(note_sums(apply, err));
    TRY(count_kinds(apply, err));
    TRY(stmt_run(statement(replica, STMT_staged_clear), err));
    Stmt *applied = statement(replica, STMT_scopes_applied);
    stmt_bind_int(applied, 1, apply->trailer->seq);
    TRY(stmt_run(applied, err));
    TRY(meta_set_int(replica, META_LOADED, 1, err));
    return meta_set_int(replica, META_PULL_HEAD, 0, err);
}

/* *again: the sums say no, and nothing was changed. */
static Status apply_all(Apply *apply, bool *again, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(apply->replica, &tx, err));
    TRY(apply_begin(apply, err));
    TRY(epoch_applied_here(apply->replica, err));
    TRY(apply_staged(apply, err));
    TRY(sweep(apply, err));
    *again = must_load_again(apply);
    if (*again) return OK;
    TRY(finish(apply, err));
    return change_commit(apply->replica, tx, err);
}

static Status want_load(Apply *apply, const ScopeRow *row, Err *err) {
    Replica *replica = apply->replica;
    Stmt *erase = statement(replica, STMT_staged_erase);
    stmt_bind_text(erase, 1, row->scope);
    TRY(stmt_run(erase, err));
    Stmt *wrong = statement(replica, STMT_scope_wrong);
    stmt_bind_text(wrong, 1, row->scope);
    stmt_bind_int(wrong, 2, 1);
    stmt_bind_null(wrong, 3);
    stmt_bind_null(wrong, 4);
    TRY(stmt_run(wrong, err));
    Stmt *want = statement(replica, STMT_scope_want);
    stmt_bind_text(want, 1, row->scope);
    return stmt_run(want, err);
}

/* The other scopes keep what is staged: they stand at H, and are applied when the load is complete. */
static Status load_wrong_scopes(Apply *apply, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(apply->replica, &tx, err));
    Stmt *advance = statement(apply->replica, STMT_scopes_advance);
    stmt_bind_int(advance, 1, apply->trailer->seq);
    TRY(stmt_run(advance, err));
    TRY(meta_set_int(apply->replica, META_PULL_HEAD, apply->trailer->seq, err));
    for (size_t i = 0; i < apply->rows.count; i++) {
        const ScopeRow *row = &apply->rows.at[i];
        if (row->failures == 0 && !sum_is_right(apply, row)) TRY(want_load(apply, row, err));
    }
    return tx_commit(tx, err);
}

/* A held request whose time is over: nothing to write, nobody to wake. */
static Status nothing_new(Apply *apply, bool *out, Err *err) {
    int64_t pull_head = 0;
    *out = false;
    TRY(meta_int(apply->replica, META_PULL_HEAD, 0, &pull_head, err));
    if (pull_head != 0) return OK;
    for (size_t i = 0; i < apply->rows.count; i++) {
        const ScopeRow *row = &apply->rows.at[i];
        if (row->applied != apply->trailer->seq || is_loading(row) || row->failures ||
            !sum_is_right(apply, row))
            return OK;
    }
    *out = apply->rows.count > 0;
    return OK;
}

static Status complete(Apply *apply, Err *err) {
    bool idle = false, again = false;
    TRY(scopes_read(apply->replica, apply->arena, &apply->rows, err));
    TRY(nothing_new(apply, &idle, err));
    apply->outcome->applied = idle;
    if (idle) return OK;
    TRY(apply_all(apply, &again, err));
    if (again) {
        *apply->outcome = (PageOutcome){.loads_wanted = true};
        return load_wrong_scopes(apply, err);
    }
    apply->outcome->applied = true;
    return OK;
}

Status replica_page_complete(Replica *replica, const FeedTrailer *trailer, PageOutcome *out, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    const FeedPage *page = &replica->page;
    *out = (PageOutcome){0};
    if (!page->open || trailer->seq < page->last_seq || trailer->seq > page->head)
        return err_set(err, E_INVALID, "a page that is complete at %lld is none", (long long)trailer->seq);
    TRY(replica_page_flush(replica, err));
    Apply *apply = ARENA_NEW(arena, Apply);
    *apply = (Apply){.replica = replica, .arena = arena, .trailer = trailer, .outcome = out};
    Status status = complete(apply, err);
    replica_page_cut(replica);
    return status;
}
