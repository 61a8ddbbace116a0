/* Comparing the index with the replica, kind by kind in the order of ids, a few milliseconds at a time.
 *
 * A record is known by its hash, so that nothing is read again which has only moved in the feed; what the
 * replica has no more is missed in passing. Where the sweep stands is kept in memory: one that was
 * interrupted by the end of the process compares from the start, which costs little, and indexes only what
 * was not. */
#include "common/replica/search_inside.h"

#include <stdio.h>

/* A commit writes a segment of the words: few make it long, many make merging long. Both take under 15 ms of
 * a step with these (20,000 records, tests/bench/search.c); what FTS5 would merge by itself takes 40. */
enum { COMMIT_AFTER = 256, MERGE_COUNTS = 32, MERGE_ALL_AFTER = 1000 };

static bool compares(const Search *search) {
    return search->dirty || search->sweeping != K_unknown || !search->names_known || !search->hidden_known;
}

bool search_is_behind(const Search *search) {
    return search->db && search->replica && (compares(search) || search->merging || search->tx);
}

static const SearchKind *kind_row(Kind kind) {
    for (size_t i = 0; i < search_kind_count; i++)
        if (search_kinds[i].kind == kind) return &search_kinds[i];
    return NULL;
}

static bool begin_kind(Search *search) {
    if (search->sweeping != K_unknown) return true;
    for (size_t i = 0; i < search_kind_count; i++) {
        uint64_t bit = SEARCH_BIT(search_kinds[i].kind);
        if (!(search->dirty & bit)) continue;
        search->dirty &= ~bit; /* set again by what changes meanwhile */
        search->sweeping = search_kinds[i].kind;
        search->after[0] = '\0';
        return true;
    }
    return false;
}

static Status read_items(Search *search, Kind kind, Arena *arena, SearchRows *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *rows = search_statement(search, STMT_items);
    stmt_bind_text(rows, 1, str_of(kind_info(kind)->name));
    stmt_bind_text(rows, 2, str_of(search->after));
    stmt_bind_int(rows, 3, SEARCH_BATCH);
    for (out->count = 0; out->count < SEARCH_BATCH; out->count++) {
        bool row;
        TRY(stmt_step(rows, &row, err));
        if (!row) return OK;
        out->at[out->count] = (SearchRow){str_copy(arena, stmt_text(rows, 0)),
                                          str_copy(arena, stmt_text(rows, 1)), stmt_int(rows, 2)};
    }
    return OK;
}

/* Both lists are known up to here; absent: to the end of the kind. */
static Str horizon_of(const SearchRows *records, const SearchRows *items) {
    Str horizon = {0};
    if (records->count == SEARCH_BATCH) horizon = records->at[SEARCH_BATCH - 1].id;
    if (items->count == SEARCH_BATCH &&
        (!horizon.at || str_compare(items->at[SEARCH_BATCH - 1].id, horizon) < 0))
        horizon = items->at[SEARCH_BATCH - 1].id;
    return horizon;
}

/* What was erased is to leave no trace in the words either. */
static void note_change(Search *search, bool erase) {
    search->generation++;
    search->uncommitted++;
    search->changes++;
    search->merging = true;
    if (erase || search->changes >= MERGE_ALL_AFTER) search->merge_all = true;
}

/* Either may be NULL, not both. */
static Status compare_one(Search *search, const SearchRow *record, const SearchRow *item, bool *changed,
                          Err *err) {
    Kind kind = search->sweeping;
    if (record && search_is_hidden(search, kind, record->id)) record = NULL;
    bool put = record && (!item || !str_equal(record->hash, item->hash)), erase = !record && item;
    *changed = put || erase;
    if (*changed) note_change(search, erase);
    if (erase) return search_item_erase(search, item->number, err);
    return put ? search_item_put(search, kind_row(kind), record->id, item ? item->number : 0, err) : OK;
}

static Status compare_lists(Search *search, const SearchRows *records, const SearchRows *items,
                            Millis deadline_steady, Err *err) {
    Str horizon = horizon_of(records, items);
    for (size_t i = 0, j = 0; i < records->count || j < items->count;) {
        const SearchRow *record = i < records->count ? &records->at[i] : NULL;
        const SearchRow *item = j < items->count ? &items->at[j] : NULL;
        int order = !record ? 1 : !item ? -1 : str_compare(record->id, item->id);
        Str id = order <= 0 ? record->id : item->id;
        bool changed = false;
        if (horizon.at && str_compare(id, horizon) > 0) break;
        TRY(compare_one(search, order <= 0 ? record : NULL, order >= 0 ? item : NULL, &changed, err));
        i += order <= 0;
        j += order >= 0;
        snprintf(search->after, sizeof(search->after), "%.*s", STR_FORMAT(id));
        if (changed && clock_steady(search->clock) >= deadline_steady) return OK;
    }
    if (!horizon.at) search->sweeping = K_unknown;
    return OK;
}

static Status sweep_batch(Search *search, Millis deadline_steady, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    SearchRows *records = ARENA_NEW(arena, SearchRows), *items = ARENA_NEW(arena, SearchRows);
    TRY(search_read_hashes(search, search->sweeping, arena, records, err));
    TRY(read_items(search, search->sweeping, arena, items, err));
    return compare_lists(search, records, items, deadline_steady, err);
}

/* ---- names ---- */

static Status stored_names(Search *search, uint64_t *out, Err *err) {
    bool row;
    AUTO(stmt_reset_auto) Stmt *get = search_statement(search, STMT_meta_get);
    stmt_bind_text(get, 1, STR("names"));
    TRY(stmt_step(get, &row, err));
    *out = row ? (uint64_t)stmt_int(get, 0) : 0;
    return OK;
}

static Status read_again(Search *search, Kind kind, Err *err) {
    Stmt *again = search_statement(search, STMT_items_reread);
    stmt_bind_text(again, 1, str_of(kind_info(kind)->name));
    search->dirty |= SEARCH_BIT(kind);
    return stmt_run(again, err);
}

/* A service has another name: what is named after it is read again, though its own record is the same. */
static Status check_names(Search *search, Err *err) {
    uint64_t now = 0, before = 0;
    TRY(search_read_names(search, &now, err));
    TRY(stored_names(search, &before, err));
    search->names_known = true;
    if (now == before) return OK;
    for (size_t i = 0; i < search_field_count; i++)
        if (search_fields[i].by_name) TRY(read_again(search, search_fields[i].kind, err));
    Stmt *set = search_statement(search, STMT_meta_set);
    stmt_bind_text(set, 1, STR("names"));
    stmt_bind_int(set, 2, (int64_t)now);
    return stmt_run(set, err);
}

/* ---- merging: faster to search, and nothing is left of what was erased ---- */

static Status changes_so_far(Search *search, int64_t *out, Err *err) {
    bool row;
    AUTO(stmt_reset_auto) Stmt *total = search_statement(search, STMT_total_changes);
    TRY(stmt_step(total, &row, err));
    *out = row ? stmt_int(total, 0) : 0;
    return OK;
}

/* FTS5 says that nothing was left to merge by changing fewer than two rows. */
static Status merge_some(Search *search, Millis deadline_steady, Err *err) {
    while (search->merging) {
        int64_t before = 0, behind = 0;
        TRY(changes_so_far(search, &before, err));
        TRY(stmt_run(search_statement(search, search->merge_all ? STMT_merge_first : STMT_merge_more), err));
        TRY(changes_so_far(search, &behind, err));
        if (!search->merge_all && behind - before < 2) search->merging = false;
        search->merge_all = false;
        search->uncommitted += MERGE_COUNTS;
        if (clock_steady(search->clock) >= deadline_steady) return OK;
    }
    search->changes = 0;
    return OK;
}

static Status sweep_while(Search *search, Millis deadline_steady, Err *err) {
    if (!search->hidden_known) TRY(search_read_hidden(search, err));
    if (!search->names_known) TRY(check_names(search, err));
    while (begin_kind(search)) {
        TRY(sweep_batch(search, deadline_steady, err));
        if (clock_steady(search->clock) >= deadline_steady) return OK;
    }
    return merge_some(search, deadline_steady, err);
}

Status search_commit(Search *search, Err *err) {
    if (!search->tx) return OK;
    Status status = tx_commit(search->tx, err);
    tx_end(&search->tx);
    search->uncommitted = 0;
    return status;
}

/* What was compared before the replica failed stays. */
Status search_sweep(Search *search, Millis deadline_steady, Err *err) {
    if (!search->tx) TRY(tx_begin(&search->tx, search->db, err));
    Status status = sweep_while(search, deadline_steady, err);
    bool done = !compares(search) && !search->merging;
    if (status != OK && !search->replica_failed) return status;
    if (status == OK && !done && search->uncommitted < COMMIT_AFTER) return OK;
    Err local = {0};
    Status committed = search_commit(search, &local);
    if (committed == OK) return status;
    search->replica_failed = false;
    return err_set(err, committed, "%s", local.text);
}
