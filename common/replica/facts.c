/* What syncd knows about itself and tells the kiosk: standing, contact, pairing, answers, blobs. */
#include "common/replica/inside.h"

enum { CONTACT_WRITTEN_EVERY_MS = MINUTE_MS, OFFSET_TOLD_FROM_MS = 2000 };

static Status ask_count(Replica *replica, int which, int64_t *out, Err *err) {
    bool row = false;
    AUTO(stmt_reset_auto) Stmt *count = statement(replica, which);
    TRY(stmt_step(count, &row, err));
    *out = row ? stmt_int(count, 0) : 0;
    return OK;
}

static Status read_times(Replica *replica, ReplicaFacts *out, Err *err) {
    TRY(meta_int(replica, META_HUB_TIME, INT64_MIN, &out->hub_time, err));
    TRY(meta_int(replica, META_CONTACT, INT64_MIN, &out->last_contact, err));
    return meta_int(replica, META_OFFSET, 0, &out->clock_offset_ms, err);
}

static Status read_numbers(Replica *replica, ReplicaFacts *out, Err *err) {
    TRY(meta_int(replica, META_DECIDED, 0, &out->decided, err));
    TRY(meta_int(replica, META_DURABLE, 0, &out->durable, err));
    TRY(meta_int(replica, META_LAST_N, 0, &out->last_n, err));
    TRY(ask_count(replica, STMT_op_undecided, &out->undecided, err));
    return ask_count(replica, STMT_op_unreadable, &out->unreadable, err);
}

Status replica_facts(Replica *replica, Arena *arena, ReplicaFacts *out, Err *err) {
    int64_t standing = 0, fresh = 0, loaded = 0;
    TRY(meta_int(replica, META_STANDING, STANDING_UNPAIRED, &standing, err));
    TRY(meta_int(replica, META_FRESH, 1, &fresh, err));
    TRY(meta_int(replica, META_LOADED, 0, &loaded, err));
    out->standing = (ReplicaStanding)standing;
    out->fresh = fresh != 0;
    out->loaded = loaded != 0;
    TRY(meta_text(replica, META_DEVICE, arena, &out->device, err));
    TRY(meta_text(replica, META_EPOCH, arena, &out->epoch, err));
    TRY(meta_text(replica, META_INCARNATION, arena, &out->incarnation, err));
    TRY(read_numbers(replica, out, err));
    return read_times(replica, out, err);
}

/* ---- standing ---- */
static Status pair_here(Replica *replica, Str device, Err *err) {
    TRY(meta_set_text(replica, META_DEVICE, device, err));
    TRY(meta_set_int(replica, META_STANDING, STANDING_PAIRED, err));
    TRY(meta_set_int(replica, META_FRESH, 1, err));
    TRY(scopes_want_all(replica, err));
    return rekey_here(replica, "", err);
}

Status replica_paired(Replica *replica, Str device, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    replica_page_cut(replica);
    TRY(change_begin(replica, &tx, err));
    TRY(pair_here(replica, device, err));
    TRY(change_commit(replica, tx, err));
    return replica_number_ops(replica, err);
}

Status replica_note_hub_key(Replica *replica, Str key, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(tx_end) Tx *tx = NULL;
    Str before = {0};
    TRY(meta_text(replica, META_HUB_KEY, arena, &before, err));
    if (!key.at || str_equal(before, key)) return OK;
    TRY(change_begin(replica, &tx, err));
    TRY(meta_set_text(replica, META_HUB_KEY, key, err));
    return change_commit(replica, tx, err);
}

Status replica_revoked(Replica *replica, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    replica_page_cut(replica);
    TRY(change_begin(replica, &tx, err));
    TRY(erase_personal(replica, err));
    TRY(scopes_want_all(replica, err));
    TRY(meta_set_int(replica, META_STANDING, STANDING_REVOKED, err));
    TRY(change_commit(replica, tx, err));
    return OK;
}

Status replica_set_standing(Replica *replica, ReplicaStanding standing, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(replica, &tx, err));
    TRY(meta_set_int(replica, META_STANDING, standing, err));
    return change_commit(replica, tx, err);
}

/* ---- contact ---- */
static Status write_contact(Replica *replica, Millis now, Millis hub_time, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(replica, &tx, err));
    TRY(meta_set_int(replica, META_CONTACT, now, err));
    if (hub_time != INT64_MIN) {
        int64_t newest = 0;
        TRY(meta_int(replica, META_HUB_TIME, INT64_MIN, &newest, err));
        if (hub_time > newest) TRY(meta_set_int(replica, META_HUB_TIME, hub_time, err));
        TRY(meta_set_int(replica, META_OFFSET, hub_time - now, err));
        Stmt *durable = statement(replica, STMT_op_durable_at);
        stmt_bind_int(durable, 1, hub_time);
        TRY(stmt_run(durable, err));
    }
    return tx_commit(tx, err); /* not worth a poke: who shows the freshness looks at it each minute */
}

/* Each response is a contact; the disk hears of it once a minute. */
Status replica_note_contact(Replica *replica, Millis hub_time, Err *err) {
    int64_t written = 0, offset = 0;
    Millis now = clock_wall(replica->clock);
    TRY(meta_int(replica, META_CONTACT, INT64_MIN, &written, err));
    TRY(meta_int(replica, META_OFFSET, 0, &offset, err));
    Millis drift = hub_time == INT64_MIN ? 0 : hub_time - now - offset;
    bool recent = written != INT64_MIN && now >= written && now - written < CONTACT_WRITTEN_EVERY_MS;
    if (recent && drift > -OFFSET_TOLD_FROM_MS && drift < OFFSET_TOLD_FROM_MS) return OK;
    return write_contact(replica, now, hub_time, err);
}

/* What the last hours of the link are drawn from: one row for each time it went or came. */
static Status note_link(Replica *replica, const char *text, Err *err) {
    Stmt *put = statement(replica, STMT_link_put);
    stmt_bind_int(put, 1, clock_wall(replica->clock));
    stmt_bind_text(put, 2, str_of(text));
    TRY(stmt_run(put, err));
    return stmt_run(statement(replica, STMT_link_prune), err);
}

Status replica_note_error(Replica *replica, const char *text, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(tx_end) Tx *tx = NULL;
    Str before = {0};
    TRY(meta_text(replica, META_ERROR, arena, &before, err));
    if (before.at ? str_is(before, text) : text[0] == '\0') return OK;
    TRY(change_begin(replica, &tx, err));
    TRY(meta_set_text(replica, META_ERROR, str_of(text), err));
    TRY(note_link(replica, text, err));
    return change_commit(replica, tx, err);
}

Status replica_note_hubs(Replica *replica, Str hubs, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(tx_end) Tx *tx = NULL;
    Str before = {0};
    TRY(meta_text(replica, META_HUBS, arena, &before, err));
    if (str_equal(before, hubs)) return OK;
    TRY(change_begin(replica, &tx, err));
    TRY(meta_set_text(replica, META_HUBS, hubs, err));
    return change_commit(replica, tx, err);
}

Status replica_show_pairing(Replica *replica, const PairingShown *pairing, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(replica, &tx, err));
    Stmt *set = statement(replica, STMT_pairing_set);
    stmt_bind_text(set, 1, pairing->code);
    stmt_bind_text(set, 2, pairing->uri);
    stmt_bind_text(set, 3, str_of(pairing->state));
    if (pairing->expires_in_ms) stmt_bind_int(set, 4, clock_wall(replica->clock) + pairing->expires_in_ms);
    TRY(stmt_run(set, err));
    return change_commit(replica, tx, err);
}

/* ---- requests ---- */
static Status is_answered(Replica *replica, int64_t request, bool *out, Err *err) {
    AUTO(stmt_reset_auto) Stmt *get = statement(replica, STMT_answer_get);
    stmt_bind_int(get, 1, request);
    return stmt_step(get, out, err);
}

static Status take_request(Stmt *row, Arena *arena, ReplicaRequest *out) {
    Json *args = NULL;
    *out = (ReplicaRequest){.id = stmt_int(row, 0), .verb = str_copy(arena, stmt_text(row, 1))};
    if (json_parse(arena, stmt_text(row, 2), &args, NULL) == OK) out->args = args;
    return OK;
}

Status replica_next_request(Replica *replica, Arena *arena, ReplicaRequest *out, bool *found, Err *err) {
    Db *outbox = NULL;
    *found = false;
    TRY(outbox_look(replica, &outbox, err));
    if (!outbox) return OK;
    AUTO(stmt_close_auto) Stmt *requests = NULL;
    TRY(stmt_open(&requests, outbox, "SELECT id, verb, args FROM request ORDER BY id", err));
    for (bool row = true, answered = false;;) {
        TRY(stmt_step(requests, &row, err));
        if (!row) return OK;
        TRY(is_answered(replica, stmt_int(requests, 0), &answered, err));
        if (answered) continue;
        *found = true;
        return take_request(requests, arena, out);
    }
}

Status replica_answer(Replica *replica, int64_t request, const char *state, const char *text, Err *err) {
    AUTO(tx_end) Tx *tx = NULL;
    TRY(change_begin(replica, &tx, err));
    Stmt *set = statement(replica, STMT_answer_set);
    stmt_bind_int(set, 1, request);
    stmt_bind_text(set, 2, str_of(state));
    stmt_bind_text(set, 3, str_of(text));
    TRY(stmt_run(set, err));
    return change_commit(replica, tx, err);
}

/* ---- check, unpair ---- */
Status replica_check(Replica *replica, bool *damaged, Err *err) {
    Err found = {0};
    TRY(replica_page_flush(replica, err));
    Status status = db_check_quick(replica->db, &found);
    *damaged = status == E_CORRUPT;
    if (status == E_CORRUPT) return replica_set_aside(replica, found.text, err);
    return status == OK ? OK : err_set(err, status, "%s", found.text);
}

static Status erase_all(Replica *replica, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    ScopeRows rows = {0};
    TRY(scopes_read(replica, arena, &rows, err));
    for (size_t i = 0; i < rows.count; i++) TRY(scope_erase(replica, rows.at[i].scope, err));
    TRY(meta_set_text(replica, META_DEVICE, (Str){0}, err));
    TRY(meta_set_int(replica, META_LOADED, 0, err));
    return meta_set_int(replica, META_STANDING, STANDING_UNPAIRED, err);
}

Status replica_unpair(Replica *replica, bool forced, Err *err) {
    int64_t last_n = 0, durable = 0;
    AUTO(tx_end) Tx *tx = NULL;
    TRY(replica_number_ops(replica, err));
    TRY(meta_int(replica, META_LAST_N, 0, &last_n, err));
    TRY(meta_int(replica, META_DURABLE, 0, &durable, err));
    if (!forced && durable < last_n)
        return err_set(err, E_BUSY, "%lld operations are not yet safe at the hub",
                       (long long)(last_n - durable));
    replica_page_cut(replica);
    TRY(change_begin(replica, &tx, err));
    TRY(erase_all(replica, err));
    return change_commit(replica, tx, err);
}
