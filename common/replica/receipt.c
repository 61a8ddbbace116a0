/* What the hub decided about our ops, as it comes back through the feed (PROTOCOL 4). Always inside a
 * transaction of the caller. */
#include "common/replica/inside.h"

static Status take_verdict(Replica *replica, Str epoch, const Json *verdict, PageOutcome *outcome, Err *err) {
    Str id = json_get_text(verdict, "id"), code = json_get_text(verdict, "code");
    if (!id.at || !code.at) return OK;
    Stmt *set = statement(replica, STMT_op_verdict);
    stmt_bind_text(set, 1, id);
    stmt_bind_text(set, 2, code);
    stmt_bind_text(set, 3, epoch);
    TRY(stmt_run(set, err));
    if (db_changes(replica->db) > 0) outcome->decided = true;
    return OK;
}

static Status take_verdicts(Replica *replica, Arena *arena, const Json *receipt, PageOutcome *outcome,
                            Err *err) {
    Str epoch = {0};
    const Json *list = json_get(receipt, "verdicts");
    TRY(meta_text(replica, META_EPOCH, arena, &epoch, err));
    if (!list || list->type != JSON_LIST_T) return OK;
    for (const Json *verdict = list->first; verdict; verdict = verdict->next)
        TRY(take_verdict(replica, epoch, verdict, outcome, err));
    return OK;
}

static Status is_ours(Replica *replica, Arena *arena, Str id, bool *out, Err *err) {
    Str device = {0}, incarnation = {0};
    TRY(meta_text(replica, META_DEVICE, arena, &device, err));
    TRY(meta_text(replica, META_INCARNATION, arena, &incarnation, err));
    *out = device.at && incarnation.at && str_equal(id, id_join(arena, device, incarnation));
    return OK;
}

Status receipt_apply(Replica *replica, Arena *arena, Str id, Str doc, PageOutcome *outcome, Err *err) {
    bool ours = false;
    Json *receipt = NULL;
    TRY(is_ours(replica, arena, id, &ours, err));
    if (!ours || json_parse(arena, doc, &receipt, NULL) != OK) return OK;
    OpsPosition position = {.decided = json_get_int(receipt, "decided", 0),
                            .durable = json_get_int(receipt, "durable", 0),
                            .last = json_get_text(receipt, "last")};
    TRY(take_verdicts(replica, arena, receipt, outcome, err));
    bool rekeyed = false;
    TRY(position_take_here(replica, arena, &position, &rekeyed, err));
    if (rekeyed) outcome->rekeyed = true;
    return OK;
}
