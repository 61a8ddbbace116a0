/* A new life of the store, and the period in which the fleet heals it (PROTOCOL 5). */
#include "syncd/hub/inside.h"

#include "common/base/rng.h"

#include <inttypes.h>

#define HEALING_MS (72 * (Millis)HOUR_MS)
#define ABSENT_AFTER_MS (60 * DAY_MS)
enum { HEALING_TEXT_MAX = 4096, SEATS_AT_ONCE = 200 };

/* ---- meta `healing`: {"at","from","seen_since","until","over"?} ---- */

static Status doc_read(StoreTx *tx, Arena *arena, Json **out, Err *err) {
    Str text = {0};
    *out = NULL;
    TRY(tx->verbs->meta_get(tx, "healing", arena, &text, err));
    return text.len ? json_parse(arena, text, out, err) : OK;
}

static Status doc_write(StoreTx *tx, const Json *doc, Err *err) {
    AUTO(buf_free) Buf text = buf_new(HEALING_TEXT_MAX);
    json_write(&text, doc);
    return tx->verbs->meta_put(tx, "healing", buf_str(&text), err);
}

Status healing_read(StoreTx *tx, Arena *arena, Healing *out, Err *err) {
    Json *doc = NULL;
    *out = (Healing){0};
    TRY(store_epoch(tx, arena, &out->epoch, err));
    TRY(doc_read(tx, arena, &doc, err));
    if (!doc) return OK;
    out->at = json_get_int(doc, "at", 0);
    out->from = json_get_text(doc, "from");
    out->seen_since = json_get_int(doc, "seen_since", 0);
    out->until = json_get_int(doc, "until", 0);
    out->over = json_get_int(doc, "over", 0);
    out->active = out->over == 0;
    return OK;
}

Verdict healing_was(const Healing *healing, const OpLine *op) {
    if (!healing->active || !op->was_epoch.at) return VERDICT_none;
    int64_t generation = epoch_generation(op->was_epoch);
    if (generation < 0 || generation >= epoch_generation(healing->epoch)) return VERDICT_none;
    return verdict_from_name(op->was_code);
}

/* ---- a new life ---- */

/* When the copy was made that this store comes from: what it says itself; else the last time anybody was
 * heard of. */
static Status copied_at(StoreTx *tx, Arena *arena, Millis *out, Err *err) {
    const Json *last = NULL;
    StoreAck *acks = NULL;
    size_t count = 0;
    TRY(backup_last(tx, arena, &last, err));
    *out = last ? json_get_int(last, "at", 0) : 0;
    if (*out) return OK;
    TRY(tx->verbs->ack_list(tx, arena, &acks, &count, err));
    for (size_t i = 0; i < count; i++)
        if (acks[i].seen > *out) *out = acks[i].seen;
    return OK;
}

static Json *doc_new(Arena *arena, Str from, Millis copied, Millis now) {
    Json *doc = json_new_map(arena);
    json_put_int(arena, doc, "at", now);
    json_put_text(arena, doc, "from", from);
    json_put_int(arena, doc, "seen_since", copied - ABSENT_AFTER_MS);
    json_put_int(arena, doc, "until", now + HEALING_MS);
    return doc;
}

/* Never a client's claim: max(the backup's + 1, Unix seconds). */
static Str epoch_after(Arena *arena, Str before, Millis now) {
    uint64_t random = 0;
    int64_t generation = epoch_generation(before) + 1;
    random_secret(&random, sizeof(random));
    if (now / SECOND_MS > generation) generation = now / SECOND_MS;
    return str_print(arena, "%" PRId64 "-%016" PRIx64, generation, random);
}

Status store_begin_anew(Store *store, Millis now, Arena *arena, Str *epoch, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreCommit commit;
    Str before = {0};
    Millis copied = 0;
    TRY(store_begin(store, STORE_WRITE, &tx, err));
    TRY(store_epoch(tx, arena, &before, err));
    TRY(copied_at(tx, arena, &copied, err));
    *epoch = epoch_after(arena, before, now);
    TRY(tx->verbs->meta_put(tx, "epoch", *epoch, err));
    TRY(doc_write(tx, doc_new(arena, before, copied, now), err));
    StoreAudit audit = {.at = now, .who = STR("restore"), .what = STR("a new epoch began"), .detail = *epoch};
    TRY(tx->verbs->audit_add(tx, &audit, err));
    return tx->verbs->commit(tx, arena, &commit, err);
}

/* ---- who is still awaited ---- */

/* It has said hello to this life, and what it had then has arrived. */
static Status is_heard(StoreTx *tx, const StoreAck *ack, Str epoch, Arena *arena, bool *out, Err *err) {
    StoreCounter counter;
    *out = false;
    if (!str_equal(ack->epoch, epoch)) return OK;
    TRY(tx->verbs->counter_get(tx, ack->device, ack->incarnation, arena, &counter, err));
    *out = counter.decided >= ack->last;
    return OK;
}

/* The name of a device of the fleet; absent for one that is revoked or gone: nobody waits for it. */
static Status name_of(StoreTx *tx, Str device, Arena *arena, Str *out, Err *err) {
    Device found;
    Err ignored = {0};
    (void)err;
    *out = (Str){0};
    Status status = records_get(&tx->records, K_device, device, &found, arena, &ignored);
    if (status == OK && found.state == DeviceState_active) *out = found.name;
    return OK;
}

Status healing_awaits(StoreTx *tx, const Healing *healing, Arena *arena, Json *names, size_t *count,
                      Err *err) {
    StoreAck *acks = NULL;
    size_t ack_count = 0;
    *count = 0;
    TRY(tx->verbs->ack_list(tx, arena, &acks, &ack_count, err));
    for (size_t i = 0; i < ack_count; i++) {
        bool heard = false;
        Str name = {0};
        if (acks[i].seen < healing->seen_since) continue;
        TRY(is_heard(tx, &acks[i], healing->epoch, arena, &heard, err));
        if (!heard) TRY(name_of(tx, acks[i].device, arena, &name, err));
        if (heard || !name.at) continue;
        ++*count;
        if (names) json_add_text(arena, names, name);
    }
    return OK;
}

/* ---- the end ---- */

static Status settle_some(Hub *hub, StoreTx *tx, RecordsQuery *query, size_t *count, Arena *arena, Err *err) {
    void *found = NULL;
    TRY(records_list(&tx->records, query, &found, count, arena, err));
    const Seats *seats = found;
    for (size_t i = 0; i < *count; i++) {
        bool open = seats[i].waiting > 0 || (seats[i].asked != INT_ABSENT && seats[i].asked > 0);
        if (open) TRY(rules_healing_over(&tx->records, seats[i].event, hub_now(hub), arena, err));
        query->after = seats[i].meta.id;
    }
    return OK;
}

static Status end_healing(Hub *hub, StoreTx *tx, Arena *arena, Err *err) {
    RecordsQuery query = {.kind = K_seats, .limit = SEATS_AT_ONCE};
    Json *doc = NULL;
    for (size_t count = SEATS_AT_ONCE; count == SEATS_AT_ONCE;)
        TRY(settle_some(hub, tx, &query, &count, arena, err));
    TRY(doc_read(tx, arena, &doc, err));
    json_put_int(arena, doc, "over", hub_now(hub));
    TRY(doc_write(tx, doc, err));
    StoreAudit audit = {
        .at = hub_now(hub), .who = STR("hub"), .what = STR("healing is over"), .detail = STR("")};
    TRY(tx->verbs->audit_add(tx, &audit, err));
    return hub_tx_commit(hub, tx, arena, err);
}

static Status is_to_end(Hub *hub, Arena *arena, bool *out, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Healing healing;
    size_t awaited = 0;
    *out = false;
    TRY(store_begin(hub->store, STORE_READ, &tx, err));
    TRY(healing_read(tx, arena, &healing, err));
    if (!healing.active) return OK;
    TRY(healing_awaits(tx, &healing, arena, NULL, &awaited, err));
    *out = awaited == 0 || hub_now(hub) >= healing.until;
    return OK;
}

Status healing_look(Hub *hub, Arena *arena, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Healing healing;
    bool end = false;
    TRY(is_to_end(hub, arena, &end, err));
    if (!end) return OK;
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    TRY(healing_read(tx, arena, &healing, err)); /* another process may have ended it */
    return healing.active ? end_healing(hub, tx, arena, err) : OK;
}

/* ---- what administrators are told ---- */

Status healing_tell(StoreTx *tx, Arena *arena, Json *answer, Err *err) {
    Healing healing;
    size_t count = 0;
    TRY(healing_read(tx, arena, &healing, err));
    if (!healing.from.at) return OK;
    Json *restored = json_put_map(arena, answer, "restored");
    json_put_text(arena, restored, "from", healing.from);
    json_put_int(arena, restored, "at", healing.at);
    if (healing.over) json_put_int(arena, restored, "over", healing.over);
    if (!healing.active) return OK;
    json_put_int(arena, restored, "until", healing.until);
    return healing_awaits(tx, &healing, arena, json_put_list(arena, restored, "awaited"), &count, err);
}
