/* What the hub does of its own accord, now and then, while nobody asks. */
#include "syncd/hub/inside.h"

/* A device is due once an hour, or when it has said hello. */
enum { ACKS_LOOK_MS = 10 * SECOND_MS, HEALING_LOOK_MS = 10 * SECOND_MS };

typedef struct Job {
    Millis every_ms;
    Status (*run)(Hub *hub, Arena *arena, Err *err);
} Job;

Status acks_flush(Hub *hub, Millis due, Arena *arena, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    StoreAck *acks = NULL;
    size_t count = 0;
    acks_take(hub->acks, due, arena, &acks, &count);
    if (count == 0) return OK;
    TRY(store_begin(hub->store, STORE_WRITE, &tx, err));
    for (size_t i = 0; i < count; i++) TRY(tx->verbs->ack_put(tx, &acks[i], err));
    TRY(hub_tx_commit(hub, tx, arena, err));
    acks_written(hub->acks, acks, count, hub_now(hub));
    return OK;
}

static Status acks_job(Hub *hub, Arena *arena, Err *err) {
    return acks_flush(hub, hub_now(hub), arena, err);
}

static const Job jobs[HUB_JOBS] = {
    {ACKS_LOOK_MS, acks_job}, {HEALING_LOOK_MS, healing_look}, {HOUR_MS, floors_raise}};

Status hub_tx_commit(Hub *hub, StoreTx *tx, Arena *arena, Err *err) {
    StoreCommit commit;
    TRY(tx->verbs->commit(tx, arena, &commit, err));
    waiters_publish(hub->waiters, &commit);
    return OK;
}

/* A job that fails is tried again when it would have been due anyway: the store is busy, or gone. */
Status hub_tend(Hub *hub, Err *err) {
    Millis now = clock_steady(hub->options.clock);
    Status failed = OK;
    for (size_t i = 0; i < COUNT(jobs); i++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        if (now < hub->job_due[i]) continue;
        hub->job_due[i] = now + jobs[i].every_ms;
        Status status = jobs[i].run(hub, arena, err);
        if (status != OK) failed = status;
    }
    return failed;
}
